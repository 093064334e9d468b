// Parcels in shared memory: that every round's are read as they were laid out, by whom they are
// for.
//
// What would be caught: a buffer that is read before it is written or overwritten before it is
// read, one that goes to another rank, ranks that do not agree whether they reach each other.
#include "qbsweep/parallel/shared_send_buffers.hpp"

#include <gtest/gtest.h>
#include <mpi.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "few_files.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// Of every rank, whether it reaches the others: [rank][other].
std::vector<int> reached(MPI_Comm comm, const SharedSendBuffers& send_buffers) {
  const int ranks = Communicator::size_of(comm);
  std::vector<int> mine;
  for (int rank = 0; rank < ranks; ++rank) {
    mine.push_back(send_buffers.reaches(rank) ? 1 : 0);
  }
  std::vector<int> all(mine.size() * mine.size());
  MPI_Allgather(mine.data(), ranks, MPI_INT, all.data(), ranks, MPI_INT, comm);
  return all;
}

std::vector<std::int64_t> sizes_of(MPI_Comm comm, std::int64_t to_others) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(Communicator::size_of(comm)), to_others);
  sizes[Communicator::rank_of(comm)] = 0;
  return sizes;
}

TEST(SharedSendBuffers, AreReadRoundByRoundByTheirReceivers) {
  const Communicator comm(MPI_COMM_WORLD);
  const int ranks = comm.size();
  const int me = comm.rank();
  // Parcels of different sizes, so that their places differ.
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(ranks), 0);
  const auto size_of = [](int from, int to) { return 1 + 700 * from + 13 * to; };
  for (int rank = 0; rank < ranks; ++rank) {
    sizes[rank] = rank == me ? 0 : size_of(me, rank);
  }
  SharedSendBuffers send_buffers(comm.get(), sizes);
  testing::Random random(80 + static_cast<unsigned>(me));
  const auto pause = [&] {
    std::this_thread::sleep_for(
        std::chrono::microseconds(testing::uniform_int(random, 0, 3) == 0 ? 300 : 0));
  };
  const auto number = [](int round, int from, int to, int place) {
    return 1e7 * round + 1e6 * from + 1e5 * to + place;
  };
  for (int rank = 0; rank < ranks; ++rank) {
    ASSERT_EQ(send_buffers.reaches(rank), rank != me);
  }
  int wrong = 0;
  for (int round = 0; round < 300; ++round) {
    pause();
    send_buffers.begin();
    for (int rank = 0; rank < ranks; ++rank) {
      for (int place = 0; rank != me && place < size_of(me, rank); ++place) {
        send_buffers.to(rank)[place] = number(round, me, rank, place);
      }
    }
    pause();
    send_buffers.publish();
    send_buffers.await();
    pause();
    for (int rank = 0; rank < ranks; ++rank) {
      for (int place = 0; rank != me && place < size_of(rank, me); ++place) {
        wrong += send_buffers.from(rank)[place] == number(round, rank, me, place) ? 0 : 1;
      }
    }
    send_buffers.finish();
  }
  EXPECT_EQ(wrong, 0);
}

TEST(SharedSendBuffers, OutliveThoseWhoLaidThemOut) {
  const Communicator comm(MPI_COMM_WORLD);
  auto send_buffers = std::make_unique<SharedSendBuffers>(comm.get(), sizes_of(comm.get(), 5000));
  send_buffers->begin();
  for (int rank = 0; rank < comm.size(); ++rank) {
    for (int place = 0; rank != comm.rank() && place < 5000; ++place) {
      send_buffers->to(rank)[place] = comm.rank() + 1;
    }
  }
  send_buffers->publish();
  send_buffers->await();
  if (comm.rank() == 0) {
    send_buffers.reset();
  }
  MPI_Barrier(comm.get());
  double sum = 0;
  for (int place = 0; comm.rank() > 0 && place < 5000; ++place) {
    sum += send_buffers->from(0)[place];
  }
  EXPECT_EQ(sum, comm.rank() > 0 ? 5000.0 : 0.0);
}

TEST(SharedSendBuffers, ReachNobodyWithoutSizes) {
  const Communicator comm(MPI_COMM_WORLD);
  SharedSendBuffers none(comm.get(), {});
  EXPECT_EQ(reached(comm.get(), none), std::vector<int>(comm.size() * comm.size(), 0));
  none.begin();
  none.publish();
  none.await();
  none.finish();
}

TEST(SharedSendBuffers, ReachOnlyThoseThatHaveSomething) {
  const Communicator comm(MPI_COMM_WORLD);
  const int last = comm.size() - 1;
  std::vector<std::int64_t> sizes = sizes_of(comm.get(), comm.rank() == last ? 0 : 10);
  sizes[last] = 0;
  const SharedSendBuffers send_buffers(comm.get(), sizes);
  const std::vector<int> all = reached(comm.get(), send_buffers);
  for (int rank = 0; rank < comm.size(); ++rank) {
    for (int other = 0; other < comm.size(); ++other) {
      EXPECT_EQ(all[rank * comm.size() + other],
                rank != other && rank != last && other != last ? 1 : 0)
          << rank << " " << other;
    }
  }
}

// As between machines: rank 1 can neither make memory nor find that of others.
TEST(SharedSendBuffers, RanksAgreeOnWhomTheyReach) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto send_buffers = [&] {
    const testing::FewFiles limit(comm.rank() == 1);
    return SharedSendBuffers(comm.get(), sizes_of(comm.get(), 100));
  }();
  const std::vector<int> all = reached(comm.get(), send_buffers);
  for (int rank = 0; rank < comm.size(); ++rank) {
    for (int other = 0; other < comm.size(); ++other) {
      EXPECT_EQ(all[rank * comm.size() + other], rank != other && rank != 1 && other != 1 ? 1 : 0)
          << rank << " " << other;
    }
  }
}

}  // namespace
}  // namespace qbsweep
