// Checkpoints of one rank: what was saved is loaded; what is no good counts as none; a save that
// fails or is killed leaves the one before.
#include <gmock/gmock.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <random>
#include <thread>

#include "archive/column_pieces.hpp"
#include "archive_example.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"

namespace qbsweep::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Numbers = std::map<std::string, std::vector<double>>;

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::string identity = "fnv1a64:0123456789abcdef, point 7";

CheckpointFile checkpoint_at(const std::string& path) {
  return {MPI_COMM_SELF, path, identity};
}

/// All of an array [rows][columns] that lies in `data`.
ArrayColumns whole(const std::string& name, std::int64_t rows, std::int64_t columns,
                   std::vector<double>& data) {
  return {name, rows, columns, 0, columns, data.data(), columns};
}

/// One number and an array of 3 x 5 with it in every place.
void save_filled_with(CheckpointFile& file, double value) {
  std::vector<double> data(15, value);
  file.save({{{"step", {value}}}, {whole("state", 3, 5, data)}});
}

void expect_filled_with(CheckpointFile& file, double value) {
  EXPECT_EQ(file.load_numbers(), (Numbers{{"step", {value}}}));
  std::vector<double> data(15, -1);
  file.load_array(whole("state", 3, 5, data));
  EXPECT_THAT(data, Each(value));
}

TEST(ColumnPieces, CoverEveryNumberOnce) {
  for (const std::int64_t largest : {1, 2, 3, 5, 7, 12, 100}) {
    for (const auto& [rows, count] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{3, 5}, {1, 9}, {9, 1}, {4, 3}}) {
      ArrayColumns part;
      part.rows = rows;
      part.columns = count + 4;
      part.first = 2;
      part.count = count;
      std::vector<int> covered(static_cast<std::size_t>(rows * count), 0);
      for (const ColumnPiece& piece : pieces_of(part, largest)) {
        EXPECT_LE(piece.rows * piece.columns, largest);
        for (std::int64_t row = piece.row; row < piece.row + piece.rows; ++row) {
          for (std::int64_t c = piece.column; c < piece.column + piece.columns; ++c) {
            ++covered.at(static_cast<std::size_t>(row * count + c));
          }
        }
      }
      EXPECT_THAT(covered, Each(1)) << rows << " x " << count << " by " << largest;
    }
  }
}

TEST(ColumnPieces, AreFew) {
  ArrayColumns part;
  part.rows = 6;
  part.count = 10;
  EXPECT_EQ(pieces_of(part).size(), 1);
  EXPECT_EQ(pieces_of(part, 20).size(), 3);
  part.count = 0;
  EXPECT_THAT(pieces_of(part), IsEmpty());
  part.count = 10;
  part.rows = 0;
  EXPECT_THAT(pieces_of(part), IsEmpty());
}

TEST(CheckpointFile, WhatIsSavedIsLoaded) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  const Numbers numbers = {{"time", {1.0 / 3.0, -0.0, infinity, 5e-324}},
                           {"none", {}},
                           {"a name, with blanks", {1, 2, 3}}};
  std::vector<double> first(14);
  for (std::size_t i = 0; i < first.size(); ++i) {
    first[i] = std::sqrt(static_cast<double>(i));
  }
  std::vector<double> second = {infinity, -infinity, -0.0};
  // In rows that lie 7 apart only 5 columns are meant.
  const ArrayColumns strided = {"state", 2, 5, 0, 5, first.data(), 7};
  file.save({numbers,
             {strided, whole("edges", 3, 1, second), whole("no rows", 0, 4, second),
              whole("no columns", 4, 0, second)}});
  EXPECT_THAT(folder.contents(), ElementsAre("c"));

  auto again = checkpoint_at(folder.file("c"));
  const Numbers loaded = again.load_numbers();
  EXPECT_EQ(loaded, numbers);
  EXPECT_TRUE(std::signbit(loaded.at("time")[1]));
  std::vector<double> rows(12, -1);
  again.load_array({"state", 2, 5, 1, 3, rows.data(), 6});
  EXPECT_THAT(rows, ElementsAre(first[1], first[2], first[3], -1, -1, -1, first[8], first[9],
                                first[10], -1, -1, -1));
  std::vector<double> edges(3);
  again.load_array(whole("edges", 3, 1, edges));
  EXPECT_EQ(edges, second);
  again.load_array(whole("no rows", 0, 4, edges));
  again.load_array(whole("no columns", 4, 0, edges));
  again.load_array({"edges", 3, 1, 1, 0, nullptr, 0});  // a rank that means no columns
}

TEST(CheckpointFile, NotANumberStaysOne) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  file.save({{{"unset", {std::nan("")}}}, {}});
  EXPECT_THAT(file.load_numbers().at("unset"), ElementsAre(testing::IsNan()));
}

TEST(CheckpointFile, TheLastOneIsKept) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  for (const double value : {1.0, 2.0, 3.0}) {
    save_filled_with(file, value);
    expect_filled_with(file, value);
  }
  std::ofstream(folder.file("c.writing")) << "what a kill left";
  save_filled_with(file, 4);
  expect_filled_with(file, 4);
  EXPECT_THAT(folder.contents(), ElementsAre("c"));
}

TEST(CheckpointFile, NoneIsNoError) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  EXPECT_THAT(file.load_numbers(), IsEmpty());
  file.discard();
  file.discard();
  auto nowhere = checkpoint_at(folder.file("nowhere/c"));
  EXPECT_THAT(nowhere.load_numbers(), IsEmpty());
}

TEST(CheckpointFile, DiscardLeavesNothing) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  save_filled_with(file, 1);
  std::ofstream(folder.file("c.writing")) << "what a kill left";
  file.discard();
  EXPECT_THAT(folder.contents(), IsEmpty());
  EXPECT_THAT(file.load_numbers(), IsEmpty());
}

TEST(CheckpointFile, OfAnotherComputationCountsAsNone) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  save_filled_with(file, 1);
  CheckpointFile other(MPI_COMM_SELF, folder.file("c"), identity + "1");
  EXPECT_THAT(other.load_numbers(), IsEmpty());
  std::vector<double> data(15);
  EXPECT_THAT(message_of<EnvironmentError>([&] { other.load_array(whole("state", 3, 5, data)); }),
              HasSubstr("is no checkpoint of this computation"));
  expect_filled_with(file, 1);
}

TEST(CheckpointFile, DamagedOnesCountAsNone) {
  const Folder folder;
  const auto path = folder.file("c");
  auto file = checkpoint_at(path);
  save_filled_with(file, 1);
  const auto size = std::filesystem::file_size(path);
  for (std::uintmax_t left = 0; left < size; left += 1 + size / 50) {
    save_filled_with(file, 1);
    std::filesystem::resize_file(path, left);
    EXPECT_THAT(file.load_numbers(), IsEmpty()) << left << " of " << size << " bytes left";
  }
  std::ofstream(path) << "something else";
  EXPECT_THAT(file.load_numbers(), IsEmpty());
  std::filesystem::remove(path);
  create_archive(path, sweep_with(number_axis, 0));
  EXPECT_THAT(file.load_numbers(), IsEmpty());
}

TEST(CheckpointFile, OfALaterFormatCountsAsNone) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  save_filled_with(file, 1);
  const hid_t opened = H5Fopen(folder.file("c").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t version = H5Aopen(opened, "format_version", H5P_DEFAULT);
  const std::int32_t later = 3;
  H5Awrite(version, H5T_NATIVE_INT32, &later);
  H5Aclose(version);
  H5Fclose(opened);
  EXPECT_THAT(file.load_numbers(), IsEmpty());
}

TEST(CheckpointFile, ArraysOfAnotherNameOrShapeAreErrors) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  save_filled_with(file, 1);
  std::vector<double> data(15);
  EXPECT_THAT(message_of<EnvironmentError>([&] { file.load_array(whole("none", 3, 5, data)); }),
              HasSubstr("arrays/none"));
  EXPECT_THAT(message_of<EnvironmentError>([&] { file.load_array(whole("state", 5, 3, data)); }),
              HasSubstr("it has another shape than 5 x 3"));
}

TEST(CheckpointFile, ASaveThatFailsLeavesTheOneBefore) {
  const Folder folder;
  auto file = checkpoint_at(folder.file("c"));
  save_filled_with(file, 1);

  // As a full disk or a quota does.
  struct rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto on_signal = std::signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t bytes : {1'000, 200'000}) {  // too little for the headers, for the array
    const struct rlimit limit = {bytes, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    std::vector<double> data(50'000, 2);
    EXPECT_THAT(message_of<EnvironmentError>([&] {
                  file.save({{{"step", {2}}}, {whole("state", 1, 50'000, data)}});
                }),
                HasSubstr("File too large"));
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_THAT(folder.contents(), ElementsAre("c"));
    expect_filled_with(file, 1);
  }
  std::signal(SIGXFSZ, on_signal);

  auto nowhere = checkpoint_at(folder.file("nowhere/c"));
  EXPECT_THAT(message_of<EnvironmentError>([&] { save_filled_with(nowhere, 1); }),
              HasSubstr("No such file or directory"));
  std::filesystem::create_directory(folder.file("taken"));
  auto taken = checkpoint_at(folder.file("taken"));
  EXPECT_THAT(message_of<EnvironmentError>([&] { save_filled_with(taken, 1); }),
              HasSubstr("cannot replace"));
  EXPECT_THAT(folder.contents(), UnorderedElementsAre("c", "taken"));
}

TEST(Checkpoints, OfAnArchive) {
  const Folder folder;
  const auto archive = folder.file("out.h5");
  EXPECT_EQ(checkpoint_path(archive, 12), archive + ".checkpoint-12");
  remove_checkpoints(archive);  // there are none
  for (const char* name :
       {"out.h5", "out.h5.checkpoint-1", "out.h5.checkpoint-20", "out.h5.checkpoint-3.writing",
        "out.h5.checkpoint-", "out.h5.checkpoint-x", "out.h5.failures.jsonl",
        "xout.h5.checkpoint-1", "out.h5.checkpoint-1.b"}) {
    std::ofstream(folder.file(name)) << "x";
  }
  remove_checkpoints(archive);
  EXPECT_THAT(folder.contents(),
              UnorderedElementsAre("out.h5", "out.h5.checkpoint-", "out.h5.checkpoint-x",
                                   "out.h5.failures.jsonl", "xout.h5.checkpoint-1",
                                   "out.h5.checkpoint-1.b"));
  EXPECT_THROW(remove_checkpoints(folder.file("nowhere/out.h5")), EnvironmentError);
}

// --- kills ---------------------------------------------------------------------------------------

constexpr const char* path_variable = "QBSWEEP_TEST_CHECKPOINT";
constexpr std::int64_t columns = 200'000;

/// Not a test: the program that KillsDuringSaving kills. Save n is filled with n.
TEST(CheckpointSaver, DISABLED_SavesUntilItIsKilled) {
  const char* const path = std::getenv(path_variable);
  ASSERT_NE(path, nullptr);
  auto file = checkpoint_at(path);
  std::vector<double> data(2 * columns);
  const auto loaded = file.load_numbers();
  for (double step = loaded.empty() ? 1 : loaded.at("step")[0] + 1;; ++step) {
    std::fill(data.begin(), data.end(), step);
    file.save({{{"step", {step}}}, {whole("state", 2, columns, data)}});
  }
}

pid_t start_saver(const Folder& folder, const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    setenv(path_variable, path.c_str(), 1);
    // What killed processes leave of MPI's own goes with the folder.
    setenv("TMPDIR", folder.file("").c_str(), 1);
    setenv("OMPI_MCA_btl_vader_backing_directory", folder.file("").c_str(), 1);
    execl("/proc/self/exe", "saver", "--gtest_also_run_disabled_tests",
          "--gtest_filter=CheckpointSaver.*", "--gtest_brief=1", nullptr);
    _exit(1);
  }
  return child;
}

TEST(CheckpointFile, KillsDuringSavingLeaveAWholeOne) {
  const Folder folder;
  const auto path = folder.file("c");
  auto file = checkpoint_at(path);
  std::mt19937 random(20240517);
  std::uniform_int_distribution<int> microseconds(0, 30'000);
  int half_written = 0;
  double last = 0;
  constexpr int kills = 8;
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    const pid_t saver = start_saver(folder, path);
    const auto saved = [&] {
      const auto numbers = file.load_numbers();
      return numbers.empty() ? 0.0 : numbers.at("step").at(0);
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (saved() < last + 2 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
    kill(saver, SIGKILL);
    waitpid(saver, nullptr, 0);

    half_written += std::filesystem::exists(path + ".writing") ? 1 : 0;
    ASSERT_GE(saved(), last + 2) << "the saver does not save";
    last = saved();
    std::vector<double> data(2 * columns);
    file.load_array(whole("state", 2, columns, data));
    EXPECT_THAT(data, Each(last));
  }
  EXPECT_GT(half_written, 0) << "no kill met a save";
}

}  // namespace
}  // namespace qbsweep::test
