// Messages between ranks: sent, broadcast, gathered; and errors that all ranks hear of.
//
// What would be caught: values of another rank than was asked for, values that are cut off or mixed
// up where ranks have as many as they like, errors that only some ranks hear of.
#include <gmock/gmock.h>

#include <numeric>
#include <stdexcept>

#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/master_alone.hpp"

namespace qbsweep {
namespace {

using ::testing::IsEmpty;
using ::testing::StrEq;

class Messages : public ::testing::Test {
 protected:
  Communicator comm_{MPI_COMM_WORLD};
  int rank_ = comm_.rank();
  int ranks_ = comm_.size();
};

/// Some numbers of a rank, as many as no other has.
std::vector<std::int64_t> numbers_of(int rank, int most) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(rank * most));
  std::iota(numbers.begin(), numbers.end(), 1000 * rank);
  return numbers;
}

TEST_F(Messages, OfAnyRankAreBroadcast) {
  for (int from = 0; from < ranks_; ++from) {
    for (const int most : {0, 3, 1000000}) {
      std::vector<std::int64_t> numbers = numbers_of(rank_, most);
      std::string text = "of rank " + std::to_string(rank_);
      bool is_last = rank_ == ranks_ - 1;
      broadcast(comm_.get(), from, "test", numbers, text, is_last);
      EXPECT_EQ(numbers, numbers_of(from, most));
      EXPECT_EQ(text, "of rank " + std::to_string(from));
      EXPECT_EQ(is_last, from == ranks_ - 1);
    }
  }
}

TEST_F(Messages, OfAllRanksAreGatheredOnAnyOfThem) {
  for (int to = 0; to < ranks_; ++to) {
    for (const int most : {0, 3, 100000}) {
      const auto gathered = gather(comm_.get(), to, numbers_of(rank_, most), "test");
      if (rank_ != to) {
        EXPECT_THAT(gathered, IsEmpty());
        continue;
      }
      ASSERT_EQ(static_cast<int>(gathered.size()), ranks_);
      for (int rank = 0; rank < ranks_; ++rank) {
        EXPECT_EQ(gathered[static_cast<std::size_t>(rank)], numbers_of(rank, most));
      }
    }
  }
}

TEST_F(Messages, AreTakenByTagAndRank) {
  // Every rank sends every rank one message of each tag, and takes them the other way round.
  std::vector<Bytes> sent;
  std::vector<MPI_Request> sending;
  sent.reserve(2 * static_cast<std::size_t>(ranks_));
  for (int tag = 1; tag <= 2; ++tag) {
    for (int to = 0; to < ranks_; ++to) {
      sent.push_back(to_bytes(rank_, tag));
      sending.push_back(start_send(comm_.get(), sent.back(), to, tag));
    }
  }
  for (int tag = 2; tag >= 1; --tag) {
    for (int from = ranks_ - 1; from >= 0; --from) {
      std::optional<Received> received;
      while (!received) {
        received = poll_message(comm_.get(), from, tag);
      }
      EXPECT_EQ(received->rank, from);
      EXPECT_EQ(received->bytes, to_bytes(from, tag));
    }
  }
  for (MPI_Request& request : sending) {
    wait_asleep(request, "test");
  }
  EXPECT_FALSE(poll_message(comm_.get(), MPI_ANY_SOURCE, MPI_ANY_TAG));
}

TEST_F(Messages, TellAllRanksTheErrorOfTheLowest) {
  for (int first = 0; first < ranks_; ++first) {
    try {
      collectively(comm_.get(), [&] {
        if (rank_ >= first) {
          throw EnvironmentError("rank " + std::to_string(rank_));
        }
      });
      ADD_FAILURE() << "no error";
    } catch (const EnvironmentError& error) {
      EXPECT_THAT(error.what(), StrEq("rank " + std::to_string(first)));
    }
  }
  collectively(comm_.get(), [] {});
}

TEST_F(Messages, TellAllRanksTheErrorOfTheMasterAlone) {
  const MasterAlone master_alone(comm_);
  int acted = 0;
  master_alone.act([&] { ++acted; });
  EXPECT_EQ(acted, rank_ == master_rank ? 1 : 0);
  EXPECT_THROW(master_alone.act([] { throw InputError("no such axis"); }), InputError);
  EXPECT_THROW(master_alone.act([] { throw std::runtime_error("no room"); }), EnvironmentError);
  try {
    master_alone.act([] { throw InputError("no such axis"); });
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), StrEq("no such axis"));
  }
}

}  // namespace
}  // namespace qbsweep
