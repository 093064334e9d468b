// Checksums of slots, of files and of notes; what is saved of damaged archives; locks that HDF5
// must not ask for.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <hdf5.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "archive/file_seal.hpp"
#include "archive/json_lines.hpp"
#include "archive/slot_checksums.hpp"
#include "archive_example.hpp"
#include "qbsweep/archive/damaged_notes.hpp"
#include "qbsweep/archive/failures_log.hpp"
#include "qbsweep/archive/rescue.hpp"
#include "qbsweep/support/checksum.hpp"

namespace {

bool knows_locks = true;

}  // namespace

/// In the place of the system's for HDF5, too: a file system without locks.
extern "C" int flock(int, int) noexcept {
  if (knows_locks) {
    return 0;
  }
  errno = ENOLCK;
  return -1;
}

namespace qbsweep::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Sets number `index` of a dataset.
void set_number(const std::string& path, const char* name, hsize_t index, double value) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  const hid_t space = H5Dget_space(dataset);
  std::vector<double> all(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data());
  all.at(index) = value;
  H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data());
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(file);
}

TEST(Checksum, IsCrc32) {
  EXPECT_EQ(text_checksum("123456789"), 0xcbf43926U);  // the check value of CRC-32
  EXPECT_EQ(text_checksum("6789", text_checksum("12345")), text_checksum("123456789"));
}

class Checksums : public testing::Test {
 protected:
  Checksums() {
    create_archive(path_, sweep_);
    ArchiveWriter writer(MPI_COMM_SELF, path_, sweep_);
    const std::vector<std::int64_t> points = {0, 1, 2};
    const std::vector<std::int32_t> attempts = {1, 1, 2};
    writer.write_attempts(points, attempts);
    writer.write(std::vector<PointRecord>{record_of(sweep_, 0), record_of(sweep_, 1)});
    writer.close();
  }
  [[nodiscard]] CheckedSlots check() const { return ArchiveReader(path_).check_slots(); }

  Folder folder_;
  std::string path_ = folder_.file("a.h5");
  Sweep sweep_ = sweep_with(number_axis, 3);  // four points
};

TEST_F(Checksums, OfWhatWasWrittenAreRight) {
  const CheckedSlots slots = check();
  EXPECT_TRUE(slots.checked);
  EXPECT_TRUE(slots.sound());
  EXPECT_THAT(slots.status, ElementsAre(SlotStatus::done, SlotStatus::done, SlotStatus::pending,
                                        SlotStatus::pending));
  EXPECT_THAT(slots.attempts, ElementsAre(1, 1, 2, 0));
  EXPECT_THAT(slots.unmarked, IsEmpty());
  EXPECT_TRUE(ArchiveReader(path_).has_sound_metadata());
}

TEST_F(Checksums, EveryNumberCounts) {
  const auto slot = slot_of(record_of(sweep_, 1));
  for (const auto& [name, numbers] : slot) {
    if (name == "status") {
      continue;
    }
    const double before = read_raw(path_, name).slot(1, 4).back();
    const hsize_t last = 2 * numbers.size() - 1;
    set_number(path_, name.c_str(), last, before + 1);
    EXPECT_THAT(check().damaged, ElementsAre(1)) << name;
    EXPECT_EQ(check().status[1], SlotStatus::pending);
    set_number(path_, name.c_str(), last, before);
    EXPECT_TRUE(check().sound()) << name;
  }
}

TEST_F(Checksums, MarksAreHeldAgainstThem) {
  set_number(path_, "status", 0, 0);
  set_number(path_, "status", 1, 50);
  set_number(path_, "status", 3, 1);
  const CheckedSlots slots = check();
  EXPECT_THAT(slots.unmarked, ElementsAre(0, 1));
  EXPECT_THAT(slots.damaged, ElementsAre(3));
  EXPECT_THAT(slots.status, ElementsAre(SlotStatus::done, SlotStatus::done, SlotStatus::pending,
                                        SlotStatus::pending));
}

TEST_F(Checksums, AKillBetweenChecksumAndMarkLosesNothing) {
  set_number(path_, "status", 1, 0);
  EXPECT_TRUE(check().sound());
  EXPECT_EQ(check().status[1], SlotStatus::done);
}

TEST_F(Checksums, NumbersOfStartsAreBelievedOnlyIfTheyAreRight) {
  set_number(path_, "attempts", 2, 3);  // as a kill between the two writes leaves it
  EXPECT_TRUE(check().sound());
  EXPECT_EQ(check().attempts[2], 3);
  for (const double wrong : {4.0, 66.0, -1.0}) {
    set_number(path_, "attempts", 2, wrong);
    EXPECT_THAT(check().doubtful, ElementsAre(2)) << wrong;
    EXPECT_EQ(check().attempts[2], 0);
  }
  set_number(path_, "attempts", 2, 2);
  set_number(path_, "attempts", 3, 2);
  EXPECT_THAT(check().doubtful, ElementsAre(3));
}

TEST_F(Checksums, MetadataThatWereChanged) {
  const std::string whole = bytes_of(path_);
  std::string changed = whole;
  changed.replace(changed.find("time of the largest ergotropy"), 4, "Time");
  write_bytes(path_, changed);
  EXPECT_FALSE(ArchiveReader(path_).has_sound_metadata());

  changed = whole;
  changed.replace(changed.find("g: 0.25"), 7, "g: 0.35");
  write_bytes(path_, changed);
  EXPECT_THAT(message_of<DamagedArchive>([&] { const ArchiveReader reader(path_); }),
              HasSubstr("is damaged: what it says of its sweep is not what it was made with"));
}

TEST_F(Checksums, WhatIsWholeIsRescued) {
  const std::string whole = bytes_of(path_);
  write_bytes(path_, std::string(2000, '\0') + whole.substr(2000));
  const std::string damaged = bytes_of(path_);
  EXPECT_EQ(rescue_archive(path_, sweep_, {}), 2);
  EXPECT_THAT(folder_.contents(), ElementsAre("a.h5", "a.h5.damaged"));
  EXPECT_EQ(bytes_of(path_ + ".damaged"), damaged);
  EXPECT_TRUE(ArchiveReader(path_).has_sound_metadata());
  EXPECT_TRUE(check().sound());
  for (const auto& [name, numbers] : slot_of(record_of(sweep_, 1))) {
    EXPECT_EQ(read_raw(path_, name).slot(1, 4), numbers) << name;
  }
}

TEST_F(Checksums, NothingIsRescuedByAnotherSweepFile) {
  const std::string before = bytes_of(path_);
  EXPECT_EQ(rescue_archive(path_, sweep_with(number_axis, 2), {}), 0);
  EXPECT_EQ(bytes_of(path_), before);
  EXPECT_THAT(folder_.contents(), ElementsAre("a.h5"));
}

TEST_F(Checksums, HDF5AsksForNoLocks) {
  for (const char* const wish : {"TRUE", "BEST_EFFORT"}) {
    setenv("HDF5_USE_FILE_LOCKING", wish, 1);
    knows_locks = false;
    EXPECT_EQ(ArchiveReader(path_).status().size(), 4U);
    EXPECT_NO_THROW(create_archive(folder_.file(wish), sweep_));
    knows_locks = true;
  }
}

TEST(FileSeal, TellsWhatWasChanged) {
  const Folder folder;
  const auto path = folder.file("f");
  write_bytes(path, std::string(100'000, 'x') + "end");
  EXPECT_EQ(check_seal(path), Seal::none);
  seal_file(path);
  EXPECT_EQ(check_seal(path), Seal::sound);
  const std::string sealed = bytes_of(path);
  for (const std::size_t at : {std::size_t{0}, std::size_t{50'000}, std::size_t{100'002}}) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write_bytes(path, changed);
    EXPECT_EQ(check_seal(path), Seal::broken) << at;
  }
  for (std::size_t at = 100'003; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write_bytes(path, changed);
    EXPECT_EQ(check_seal(path), Seal::none) << at;
  }
  write_bytes(path, sealed.substr(1));
  EXPECT_EQ(check_seal(path), Seal::broken);
}

TEST(Notes, LinesHaveChecksums) {
  const std::string line = with_checksum(R"({"a":1})");
  EXPECT_TRUE(has_right_checksum(line));
  EXPECT_TRUE(has_right_checksum(line + "\n"));
  EXPECT_EQ(nlohmann::json::parse(line).at("a"), 1);
  std::string changed = line;
  changed[5] = '2';
  EXPECT_FALSE(has_right_checksum(changed));
  EXPECT_FALSE(has_right_checksum(line + "}"));
  EXPECT_TRUE(has_right_checksum(R"({"a":1})"));  // of an earlier version

  const Folder folder;
  FailuresLog log(folder.file("a.h5"));
  log.append(3, "N=4", "no");
  log.append(4, "N=5", "no");
  std::string text = bytes_of(log.path());
  text.replace(text.find("N=4"), 3, "N=6");
  write_bytes(log.path(), text);
  EXPECT_EQ(log.lines().size(), 1U);
  EXPECT_THAT(damaged_notes(folder.file("a.h5")),
              ElementsAre(log.path() + ": line 1 is damaged and left out"));
}

}  // namespace
}  // namespace qbsweep::test
