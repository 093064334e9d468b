#pragma once
/// \file
/// Computing the points of a queue on all ranks of a communicator.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/point_queue.hpp"
#include "qbsweep/scheduler/stop_signal.hpp"

namespace qbsweep {

/// Computes the points given (indices, ascending, at least one) on this rank and tells what became
/// of them. A point that fails is a PointFailure; an exception ends the whole run. It may ask
/// StopSignal between points and leave out the ones not started, and give up one under way when
/// told to abandon.
using PointWorker = std::function<BatchResult(std::span<const std::int64_t>)>;

/// The same on all ranks of a group together, the first of which gives the account and may throw;
/// the others return when it does.
using GroupWorker =
    std::function<BatchResult(const Communicator& group, std::span<const std::int64_t>)>;

/// Points of which each is computed by a group of ranks.
struct Stage {
  int ranks = 1;  ///< each group has as many or, where they do not divide, more; all ranks are one
                  ///< group if there are fewer
  PointQueue* queue = nullptr;  ///< on the master, for group_count() groups; nullptr on the others
};

/// Into how many groups `size` ranks are divided at a stage of `ranks` each.
[[nodiscard]] int group_count(int size, int ranks);

/// How many groups there are at each stage, when the groups of one stage are divided into those of
/// the next.
[[nodiscard]] std::vector<int> group_counts(int size, std::span<const int> stage_ranks);

/// Told on the master after each batch that came back: how far the points are, and which of the
/// batch failed. Calls come one at a time, but from two threads, also while the worker of the
/// master is computing: it must use neither PETSc nor HDF5. An exception ends the whole run.
using ReportObserver = std::function<void(const PointCounts&, std::span<const PointFailure>)>;

/// How a run ended; the same on every rank.
struct RunOutcome {
  enum class End : std::int8_t {
    complete,  ///< every point is done or failed
    stopped,   ///< some were not computed: a signal came, the queue was stopped, or a worker left
               ///< them
    fatal      ///< a rank could not continue
  };
  End end = End::complete;
  PointCounts counts;
  std::string fatal;  ///< the first error that ended the run, with its rank: one line
};

/// The rank that hands out the points.
inline constexpr int master_rank = 0;

/// Computes the points of all stages on all ranks, the master included. Collective.
///
/// Ranks are divided into groups of neighbours. A group that gets no more points of a stage is
/// divided for the next one without waiting for the other groups: put the largest groups first. A
/// group goes to its first rank for what it is to do.
///
/// The master answers the requests of the others from a thread of its own, which sleeps between
/// polls like every rank that has nothing to do. A stop signal on any rank ends the handing out,
/// and every group finishes its batch. All ranks return together, whatever happens to one of them;
/// only when MPI itself fails is there no way to tell the others, and the job is aborted with exit
/// code 2.
///
/// \param comm      used by nobody else meanwhile
/// \param stages    the same ranks on every rank; at least one
/// \param observer  on the master; may be empty
/// \throws EnvironmentError on every rank if there are several and MPI was not initialised with
///         MPI_THREAD_MULTIPLE
RunOutcome run_points(const Communicator& comm, std::span<const Stage> stages,
                      const GroupWorker& work, const StopSignal& signal,
                      const ReportObserver& observer = {});

/// The same with one stage, in which every rank works by itself.
/// \param queue  on the master, for comm.size() ranks; nullptr on the others
RunOutcome run_points(const Communicator& comm, PointQueue* queue, const PointWorker& work,
                      const StopSignal& signal, const ReportObserver& observer = {});

}  // namespace qbsweep
