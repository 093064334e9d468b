// What create_archive lays out, and that it leaves nothing behind when it cannot.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <hdf5_hl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <iostream>

#include "archive/layout.hpp"
#include "archive/root_attributes.hpp"
#include "archive_example.hpp"
#include "qbsweep/config/parameter_table.hpp"

namespace qbsweep::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

/// Runs `action` in a child process; its exit code.
template <typename Action>
int exit_code_of_child(const Action& action) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(action());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// No file may grow beyond a megabyte from here on.
void limit_files() {
  std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit limit = {1'000'000, 1'000'000};
  setrlimit(RLIMIT_FSIZE, &limit);
}

TEST(ArchiveTable, NamesAreKeptFromAxes) {
  for (const auto& field : layout::all_fields()) {
    EXPECT_TRUE(is_reserved_name(field.name)) << field.name;
  }
  for (const auto& dimension : layout::inner_dimensions()) {
    EXPECT_TRUE(is_reserved_name(dimension.name)) << dimension.name;
  }
}

TEST(CreateArchive, PendingSlotsHoldNoNumbers) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep =
      sweep_of(start_axis + noise_axis + number_axis,
               charging_section + storage_section + gap_section + every_observable());
  create_archive(path, sweep);
  EXPECT_THAT(folder.contents(), ElementsAre("a.h5"));

  EXPECT_THAT(read_raw(path, "status").shape, ElementsAre(2, 3, 4));
  EXPECT_THAT(read_raw(path, "tau").shape, ElementsAre(2, 3, 4, 3));
  EXPECT_THAT(read_raw(path, "time").shape, ElementsAre(2, 3, 4, 2));
  EXPECT_THAT(read_raw(path, "ergotropy").shape, ElementsAre(2, 3, 4, 3, 2));
  EXPECT_THAT(read_raw(path, "steady_ergotropy").shape, ElementsAre(2, 3, 4, 3));
  EXPECT_THAT(read_raw(path, "ground_energy").shape, ElementsAre(2, 3, 4));
  for (const auto& field : layout::all_fields()) {
    const auto raw = read_raw(path, field.name);
    const bool real = field.element == layout::Element::real;
    EXPECT_TRUE(std::all_of(raw.numbers.begin(), raw.numbers.end(), [&](double number) {
      return real ? std::isnan(number) : number == 0;
    })) << field.name;
  }
}

TEST(CreateArchive, EveryDimensionHasItsScale) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_of(start_axis + noise_axis, charging_section + storage_section +
                                                           gap_section + every_observable());
  create_archive(path, sweep);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const auto expect_scales = [&](const std::string& name, const std::vector<std::string>& scales) {
    const hid_t dataset = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
    for (unsigned i = 0; i < scales.size(); ++i) {
      const hid_t scale = H5Dopen2(file, scales[i].c_str(), H5P_DEFAULT);
      EXPECT_GT(H5DSis_attached(dataset, scale, i), 0) << name << " " << scales[i];
      EXPECT_EQ(H5DSget_num_scales(dataset, i), 1) << name;
      H5Dclose(scale);
    }
    EXPECT_GT(H5Aexists(dataset, "units"), 0) << name;
    EXPECT_GT(H5Aexists(dataset, "long_name"), 0) << name;
    H5Dclose(dataset);
  };
  using layout::Extent;
  const std::pair<Extent, std::vector<std::string>> inner[] = {
      {Extent::definitions, {"ergotropy_definition"}},
      {Extent::samples, {"sample"}},
      {Extent::storage_samples, {"storage_sample"}},
      {Extent::photons, {"photon"}},
      {Extent::battery_state, {"element", "complex"}}};
  for (const auto& field : layout::all_fields()) {
    std::vector<std::string> names = {"initial_state", "noise"};
    for (const auto& [extent, last] : inner) {
      if (layout::has(field.extent, extent)) {
        names.insert(names.end(), last.begin(), last.end());
      }
    }
    expect_scales(field.name, names);
  }
  expect_scales("kappa", {"noise"});
  expect_scales("gamma_down", {"noise"});
  H5Fclose(file);
}

TEST(CreateArchive, SaysWhatTheFlagsMean) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  create_archive(path, sweep_of(start_axis, charging_section + steady_section));
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const auto expect_flags = [&](const char* name, const char* attribute,
                                const std::vector<int>& numbers, const std::string& meanings) {
    hsize_t count = 0;
    H5T_class_t kind = H5T_NO_CLASS;
    std::size_t bytes = 0;
    // As CF has it, flags are of the dataset's own type.
    ASSERT_GE(H5LTget_attribute_info(file, name, attribute, &count, &kind, &bytes), 0) << name;
    EXPECT_EQ(kind, H5T_INTEGER);
    EXPECT_EQ(bytes, sizeof(std::int32_t));
    std::vector<int> found(count);
    H5LTget_attribute_int(file, name, attribute, found.data());
    EXPECT_EQ(found, numbers) << name;
    ASSERT_GE(H5LTget_attribute_info(file, name, "flag_meanings", &count, &kind, &bytes), 0);
    std::string text(bytes, ' ');
    H5LTget_attribute_string(file, name, "flag_meanings", text.data());
    EXPECT_EQ(text, meanings);
  };
  expect_flags("reductions", "flag_masks", {1, 2, 4, 8, 16, 32},
               "symmetric_subspace state_vector even_parity excitation_sectors "
               "bounded_excitations real_state");
  expect_flags("steady_method", "flag_values", {1, 2, 3}, "shift_invert propagator gmres");
  expect_flags("ground_state_parity", "flag_values", {-1, 1}, "odd even");
  EXPECT_EQ(H5Aexists_by_name(file, "steady_method", "flag_masks", H5P_DEFAULT), 0);
  EXPECT_EQ(H5Aexists_by_name(file, "attempts", "flag_masks", H5P_DEFAULT), 0);
  H5Fclose(file);
}

TEST(CreateArchive, TheRootHasTheAttributesOfTheTable) {
  const Folder folder;
  const auto sweep = sweep_with("", 0);
  const auto names_in = [&](const std::string& name, const std::optional<Shard>& shard) {
    create_archive(folder.file(name), sweep, shard);
    const hid_t file = H5Fopen(folder.file(name).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    std::vector<std::string> names;
    H5Aiterate2(
        file, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr,
        [](hid_t, const char* attribute, const H5A_info_t*, void* found) {
          static_cast<std::vector<std::string>*>(found)->emplace_back(attribute);
          return 0;
        },
        &names);
    H5Fclose(file);
    return names;
  };
  std::vector<std::string> expected;
  for (const auto& attribute : layout::root_attributes()) {
    expected.emplace_back(attribute.name);
  }
  EXPECT_THAT(names_in("shard.h5", Shard{1, 2}), UnorderedElementsAreArray(expected));
  std::erase(expected, "shard");
  EXPECT_THAT(names_in("whole.h5", std::nullopt), UnorderedElementsAreArray(expected));
}

TEST(CreateArchive, NoTrajectoriesWithoutSamples) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  create_archive(path, sweep_with("", 0));
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  for (const char* name : {"sample", "time", "ergotropy", "battery_energy"}) {
    EXPECT_EQ(H5Lexists(file, name, H5P_DEFAULT), 0) << name;
  }
  H5Fclose(file);
  EXPECT_THAT(read_raw(path, "status").shape, IsEmpty());
  EXPECT_THAT(read_raw(path, "tau").shape, ElementsAre(3));
}

TEST(CreateArchive, DatasetsAreThereForWhatIsComputed) {
  const auto names_with = [](const std::string& axes, const std::string& sections) {
    const Folder folder;
    const auto path = folder.file("a.h5");
    create_archive(path, sweep_of(axes, sections));
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    std::vector<std::string> names;
    for (const char* name : {"status", "point_g", "tau", "point_fock_dim", "time",
                             "steady_residual", "steady_ergotropy", "liouvillian_gap",
                             "ground_energy", "ground_state_j", "ground_state_parity", "sample"}) {
      if (H5Lexists(file, name, H5P_DEFAULT) > 0) {
        names.emplace_back(name);
      }
    }
    H5Fclose(file);
    return names;
  };
  EXPECT_THAT(names_with("", charging_section),
              ElementsAre("status", "point_g", "tau", "point_fock_dim", "time", "sample"));
  EXPECT_THAT(names_with("", steady_section),
              ElementsAre("status", "point_g", "steady_residual", "steady_ergotropy"));
  EXPECT_THAT(names_with("", gap_section), ElementsAre("status", "point_g", "steady_residual",
                                                       "steady_ergotropy", "liouvillian_gap"));
  EXPECT_THAT(names_with(start_axis, steady_section),
              ElementsAre("status", "point_g", "steady_residual", "steady_ergotropy",
                          "ground_energy", "ground_state_j", "ground_state_parity"));
}

TEST(CreateArchive, KeepsSweepFilesOfAnyLength) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto plain = sweep_with(number_axis, 0);
  const auto text = "# " + std::string(200'000, 'x') + "\n" + plain.text();
  create_archive(path, Sweep::from_text(text, "long.yaml", {"g=0.5"}));
  const ArchiveReader reader(path);
  EXPECT_EQ(reader.sweep().text(), text);
  EXPECT_THAT(reader.sweep().overrides(), ElementsAre("g=0.5"));
  EXPECT_EQ(reader.sweep().point(0).battery.g, 0.5);
}

TEST(CreateArchive, ReplacesNoFile) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  std::ofstream(path) << "mine";
  EXPECT_THAT(message_of<EnvironmentError>([&] { create_archive(path, sweep_with("", 0)); }),
              HasSubstr("a.h5: File exists"));
  EXPECT_THAT(folder.contents(), ElementsAre("a.h5"));
  EXPECT_EQ(std::filesystem::file_size(path), 4);
}

TEST(CreateArchive, NeedsAFolder) {
  const Folder folder;
  EXPECT_THAT(message_of<EnvironmentError>(
                  [&] { create_archive(folder.file("none/a.h5"), sweep_with("", 0)); }),
              HasSubstr("none: No such file or directory"));
  std::ofstream(folder.file("plain")) << "a file";
  EXPECT_THAT(message_of<EnvironmentError>(
                  [&] { create_archive(folder.file("plain/a.h5"), sweep_with("", 0)); }),
              HasSubstr("plain is not a folder"));
  EXPECT_THAT(folder.contents(), ElementsAre("plain"));
}

/// Whether create_archive fails with a message that has `words`, where files are limited.
bool fails_with(const std::string& words, const std::string& path, const Sweep& sweep) {
  return exit_code_of_child([&] {
           limit_files();
           const auto message = message_of<EnvironmentError>([&] { create_archive(path, sweep); });
           std::cerr << message << '\n';
           return message.find(words) != std::string::npos ? 0 : 1;
         }) == 0;
}

TEST(CreateArchive, SaysHowMuchRoomIsMissing) {
  const Folder folder;
  // More than 100 TiB.
  const auto sweep =
      sweep_with("  - {name: kappa, linspace: {from: 0, to: 1, count: 200000}}\n", 10'000'000);
  EXPECT_TRUE(fails_with("TiB are needed, and ", folder.file("a.h5"), sweep));
  EXPECT_THAT(folder.contents(), IsEmpty());
}

TEST(CreateArchive, LeavesNothingWhenTheDiskTakesNoMore) {
  const Folder folder;
  const auto sweep = sweep_with(number_axis, 100'000);
  EXPECT_TRUE(fails_with("MiB are needed: File too large", folder.file("a.h5"), sweep));
  EXPECT_THAT(folder.contents(), IsEmpty());
}

TEST(CreateArchive, ReplacesTheLeftoverOfAKilledRun) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  std::ofstream(path + ".creating") << "half an archive";
  // Killed between link and unlink, and its archive renamed since: that one must stay as it is.
  std::filesystem::create_hard_link(path + ".creating", folder.file("older.h5"));
  create_archive(path, sweep_with("", 0));
  EXPECT_THAT(folder.contents(), UnorderedElementsAre("a.h5", "older.h5"));
  EXPECT_EQ(std::filesystem::file_size(folder.file("older.h5")), 15);
}

TEST(CreateArchive, LeavesAnotherRunsCreationAlone) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto temporary = path + ".creating";
  const int file = open(temporary.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  ASSERT_EQ(fcntl(file, F_OFD_SETLK, &whole), 0);
  ASSERT_EQ(write(file, "busy", 4), 4);
  EXPECT_THAT(message_of<EnvironmentError>([&] { create_archive(path, sweep_with("", 0)); }),
              HasSubstr("another process is creating it"));
  EXPECT_THAT(folder.contents(), ElementsAre("a.h5.creating"));
  EXPECT_EQ(std::filesystem::file_size(temporary), 4);
  close(file);
}

}  // namespace
}  // namespace qbsweep::test
