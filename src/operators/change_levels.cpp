#include "qbsweep/operators/change_levels.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {
namespace {

constexpr int tag = 3;  // apart from those of exchanges within a sector
constexpr const char* doing = "give a state other levels";

/// The lines that are in both.
IndexRange overlap(const IndexRange& a, const IndexRange& b) {
  const std::int64_t begin = std::max(a.begin, b.begin);
  return {begin, std::max(begin, std::min(a.end, b.end))};
}

}  // namespace

void change_levels(const Sector& from, const double* x, const Sector& to, double* y) {
  std::fill_n(y, to.size(), 0.0);
  const int levels = std::min(from.levels(), to.levels());
  const MPI_Comm comm = from.comm();
  const int ranks = Communicator::size_of(comm);
  const int rank = Communicator::rank_of(comm);
  Requests requests;
  const auto each_line = [](const IndexRange& lines, auto&& visit) {
    for (std::int64_t line = lines.begin; line < lines.end; ++line) {
      visit(line);
    }
  };
  const auto packed = [&](std::int64_t line) {
    std::vector<double> numbers(static_cast<std::size_t>(from.packed_size(line, levels)));
    from.pack(line, levels, x, numbers.data());
    return numbers;
  };

  // What others own of the lines that are kept here.
  std::vector<std::pair<std::int64_t, std::vector<double>>> received;
  for (int other = 0; other < ranks; ++other) {
    each_line(overlap(from.own_lines(other), to.kept_lines(rank)), [&](std::int64_t line) {
      if (other != rank) {
        const std::int64_t size = to.packed_size(line, levels);
        received.emplace_back(line, std::vector<double>(static_cast<std::size_t>(size)));
        check_mpi(MPI_Irecv(received.back().second.data(), message_count(size), MPI_DOUBLE, other,
                            tag, comm, &requests.add()),
                  doing);
      }
    });
  }
  std::vector<std::vector<double>> sent;
  each_line(from.own_lines(rank), [&](std::int64_t line) {
    const bool kept_here = to.kept_lines(rank).has(line);
    bool sent_yet = false;
    for (int other = 0; other < ranks; ++other) {
      if (other == rank || !to.kept_lines(other).has(line)) {
        continue;
      }
      if (!sent_yet) {
        sent.push_back(packed(line));
        sent_yet = true;
      }
      check_mpi(MPI_Isend(sent.back().data(), message_count(std::ssize(sent.back())), MPI_DOUBLE,
                          other, tag, comm, &requests.add()),
                doing);
    }
    if (kept_here) {
      to.unpack(line, levels, sent_yet ? sent.back().data() : packed(line).data(), y);
    }
  });
  wait_in_step(requests.all(), doing);
  for (const auto& [line, numbers] : received) {
    to.unpack(line, levels, numbers.data(), y);
  }
}

}  // namespace qbsweep
