// A checkpoint that some ranks wrote together is read by any number of them, cut as they like.
#include <gmock/gmock.h>

#include "../unit/archive/archive_example.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep::test {
namespace {

constexpr std::int64_t rows = 3;
constexpr std::int64_t columns = 17;

/// The number that stands in a place of the array.
double number_at(std::int64_t row, std::int64_t column) {
  return static_cast<double>(1000 * row + column) + 0.25;
}

/// The first ranks of the world.
class FirstRanks {
 public:
  explicit FirstRanks(int count) {
    const bool among = Communicator::rank_of(MPI_COMM_WORLD) < count;
    MPI_Comm_split(MPI_COMM_WORLD, among ? 0 : MPI_UNDEFINED, 0, &comm_);
    if (comm_ != MPI_COMM_NULL) {
      MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN);
    }
  }
  FirstRanks(const FirstRanks&) = delete;
  FirstRanks& operator=(const FirstRanks&) = delete;
  FirstRanks(FirstRanks&&) = delete;
  FirstRanks& operator=(FirstRanks&&) = delete;
  ~FirstRanks() {
    if (comm_ != MPI_COMM_NULL) {
      MPI_Comm_free(&comm_);
    }
  }
  [[nodiscard]] bool have_me() const { return comm_ != MPI_COMM_NULL; }
  [[nodiscard]] MPI_Comm get() const { return comm_; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

/// What one rank holds: its columns, in rows that lie further apart.
struct Held {
  ArrayColumns part;
  std::vector<double> data;

  [[nodiscard]] double& at(std::int64_t row, std::int64_t column) {
    return data[static_cast<std::size_t>(row * part.row_stride + column - part.first)];
  }
};

/// The columns of one of `ranks` that share the array: evenly, or all but two at the last one, so
/// that others have nothing.
Held columns_of(int rank, int ranks, bool evenly) {
  const auto begin = [&](int of) {
    return evenly ? columns * of / ranks : of == ranks ? columns : std::min(2, of);
  };
  Held held;
  const std::int64_t count = begin(rank + 1) - begin(rank);
  held.part = {"state", rows, columns, begin(rank), count, nullptr, count + rank};
  held.data.assign(static_cast<std::size_t>(rows * held.part.row_stride + 1), -1);
  held.part.data = held.data.data();
  return held;
}

class ParallelCheckpoint : public testing::Test {
 protected:
  void SetUp() override {
    // The folder of rank 0 is everybody's.
    path_ = folder_.file("c");
    broadcast(MPI_COMM_WORLD, 0, "share a name", path_);
  }
  void TearDown() override { MPI_Barrier(MPI_COMM_WORLD); }

  void save(MPI_Comm comm, bool evenly, double step) const {
    Held held = columns_of(Communicator::rank_of(comm), Communicator::size_of(comm), evenly);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t c = held.part.first; c < held.part.first + held.part.count; ++c) {
        held.at(row, c) = step + number_at(row, c);
      }
    }
    CheckpointFile(comm, path_, "test").save({{{"step", {step, 2 * step}}}, {held.part}});
  }

  void expect_saved(MPI_Comm comm, bool evenly, double step) const {
    CheckpointFile file(comm, path_, "test");
    EXPECT_EQ(file.load_numbers(),
              (std::map<std::string, std::vector<double>>{{"step", {step, 2 * step}}}));
    Held held = columns_of(Communicator::rank_of(comm), Communicator::size_of(comm), evenly);
    file.load_array(held.part);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t c = held.part.first; c < held.part.first + held.part.count; ++c) {
        EXPECT_EQ(held.at(row, c), step + number_at(row, c)) << row << ", " << c;
      }
    }
    EXPECT_EQ(held.data.back(), -1) << "written beyond the columns";
  }

  Folder folder_;
  std::string path_;
  int ranks_ = Communicator::size_of(MPI_COMM_WORLD);
};

TEST_F(ParallelCheckpoint, IsReadByAnyNumberOfRanks) {
  double step = 0;
  for (int writers = 1; writers <= ranks_; ++writers) {
    for (int readers = 1; readers <= ranks_; ++readers) {
      for (const bool evenly : {true, false}) {
        ++step;
        if (const FirstRanks first(writers); first.have_me()) {
          save(first.get(), evenly, step);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        if (const FirstRanks first(readers); first.have_me()) {
          expect_saved(first.get(), !evenly, step);
        }
        MPI_Barrier(MPI_COMM_WORLD);
      }
    }
  }
}

TEST_F(ParallelCheckpoint, ErrorsReachEveryRank) {
  const FirstRanks all(ranks_);
  CheckpointFile nowhere(all.get(), path_ + "/nowhere", "test");
  EXPECT_THROW(nowhere.save({{{"step", {1}}}, {}}), EnvironmentError);
  EXPECT_TRUE(nowhere.load_numbers().empty());

  save(all.get(), true, 1);
  CheckpointFile file(all.get(), path_, "test");
  Held held = columns_of(Communicator::rank_of(all.get()), ranks_, true);
  // Only the last rank asks for what is not there.
  if (Communicator::rank_of(all.get()) == ranks_ - 1) {
    held.part.rows += 1;
  }
  EXPECT_THROW(file.load_array(held.part), EnvironmentError);
  EXPECT_TRUE(CheckpointFile(all.get(), path_, "another").load_numbers().empty());
  expect_saved(all.get(), false, 1);

  file.discard();
  EXPECT_TRUE(file.load_numbers().empty());
}

TEST_F(ParallelCheckpoint, AWriteThatFailsOnOneRankFailsOnAllAndLeavesTheOneBefore) {
  const FirstRanks all(ranks_);
  save(all.get(), true, 1);
  Held held = columns_of(Communicator::rank_of(all.get()), ranks_, true);
  if (Communicator::rank_of(all.get()) == ranks_ - 1) {
    held.part.first = columns;  // beyond the array
    held.part.count = 1;
    held.part.row_stride = 1;
  }
  CheckpointFile file(all.get(), path_, "test");
  EXPECT_THROW(file.save({{{"step", {2}}}, {held.part}}), EnvironmentError);
  MPI_Barrier(MPI_COMM_WORLD);  // the first rank tidies up
  EXPECT_FALSE(std::filesystem::exists(path_ + ".writing"));
  expect_saved(all.get(), true, 1);
}

}  // namespace
}  // namespace qbsweep::test
