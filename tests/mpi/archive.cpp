// Ranks write into slots of their own; whoever opens the archive later finds all of them.
#include <gmock/gmock.h>

#include "../unit/archive/archive_example.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep::test {
namespace {

class ParallelArchive : public testing::Test {
 protected:
  void SetUp() override {
    rank_ = Communicator::rank_of(MPI_COMM_WORLD);
    ranks_ = Communicator::size_of(MPI_COMM_WORLD);
    // The folder of rank 0 is everybody's.
    path_ = folder_.file("a.h5");
    broadcast(MPI_COMM_WORLD, 0, "share a name", path_);
    if (rank_ == 0) {
      create_archive(path_, sweep_);
    }
    MPI_Barrier(MPI_COMM_WORLD);
  }
  void TearDown() override { MPI_Barrier(MPI_COMM_WORLD); }

  /// The ranks take the slots in turns, `batch` neighbours at a time.
  [[nodiscard]] std::vector<PointRecord> my_records(std::int64_t batch) const {
    std::vector<PointRecord> records;
    for (std::int64_t i = 0; i < sweep_.size(); ++i) {
      if (i / batch % ranks_ == rank_) {
        records.push_back(record_of(sweep_, i));
      }
    }
    return records;
  }

  void expect_all_written() const {
    for (const auto& [name, unused] : slot_of(record_of(sweep_, 0))) {
      const auto raw = read_raw(path_, name);
      for (std::int64_t i = 0; i < sweep_.size(); ++i) {
        EXPECT_EQ(raw.slot(i, sweep_.size()), slot_of(record_of(sweep_, i)).at(name))
            << name << " of point " << i;
      }
    }
  }

  Folder folder_;
  Sweep sweep_ = sweep_with(words_axis + noise_axis + number_axis, 3);
  std::string path_;
  int rank_ = 0;
  int ranks_ = 1;
};

TEST_F(ParallelArchive, DisjointSlotsOfAllRanks) {
  for (const std::int64_t batch : {1, 5}) {
    ArchiveWriter writer(MPI_COMM_WORLD, path_, sweep_);
    writer.write(my_records(batch));
    writer.close();
    expect_all_written();
    MPI_Barrier(MPI_COMM_WORLD);
  }
}

TEST_F(ParallelArchive, RanksNeedNotWriteEquallyOften) {
  ArchiveWriter writer(MPI_COMM_WORLD, path_, sweep_);
  if (rank_ == ranks_ - 1) {
    for (std::int64_t i = 0; i < sweep_.size(); ++i) {
      writer.write_attempts(std::vector{i}, std::vector<std::int32_t>{2});
      writer.write(std::vector{record_of(sweep_, i)});
    }
  }
  writer.close();
  expect_all_written();
  EXPECT_THAT(ArchiveReader(path_).attempts(), testing::Each(2));
}

TEST_F(ParallelArchive, IsReadWhileItIsWritten) {
  ArchiveWriter writer(MPI_COMM_WORLD, path_, sweep_);
  writer.write(my_records(5));
  MPI_Barrier(MPI_COMM_WORLD);
  expect_all_written();
  const auto status = ArchiveReader(path_).status();
  EXPECT_THAT(status, testing::Each(SlotStatus::done));
  MPI_Barrier(MPI_COMM_WORLD);
  writer.close();
}

TEST_F(ParallelArchive, AnAbandonedWriterMakesNoRankWait) {
  {
    ArchiveWriter writer(MPI_COMM_WORLD, path_, sweep_);
    writer.write(my_records(5));
    if (rank_ == 0) {
      try {
        writer.mark(sweep_.size(), SlotStatus::failed);
        FAIL() << "there is no such slot";
      } catch (const std::out_of_range&) {
        // The writer is destroyed while the other ranks hold theirs.
      }
    }
  }
  MPI_Barrier(MPI_COMM_WORLD);
  expect_all_written();
}

TEST_F(ParallelArchive, AllRanksThrowIfItCannotBeOpened) {
  EXPECT_THROW(ArchiveWriter(MPI_COMM_WORLD, path_ + ".none", sweep_), EnvironmentError);
  const auto other = sweep_with(words_axis, 3);
  EXPECT_THROW(ArchiveWriter(MPI_COMM_WORLD, path_, other), InputError);
}

}  // namespace
}  // namespace qbsweep::test
