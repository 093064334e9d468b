#pragma once
/// \file
/// The archive of a sweep: one HDF5 file that is valid netCDF-4, with a slot for every point.
///
/// The whole file is laid out once by create_archive (contiguous, allocated early, no filters)
/// under a temporary name and renamed; afterwards only raw data is written, each rank into its own
/// slots, independently, results first, then their `checksum`, and `status` last. So a kill of
/// every process at any moment leaves a readable file in which every slot marked done is whole.

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qbsweep/archive/checked_slots.hpp"
#include "qbsweep/config/shard.hpp"
#include "qbsweep/config/sweep.hpp"
#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/dynamics/ground_state.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

/// The version of HDF5 that archives are written with: "1.10.8".
[[nodiscard]] std::string hdf5_version();

/// What is written into the slot of a point that was computed.
struct PointRecord {
  std::int64_t index = 0;  ///< of the point on the grid
  SweepPoint point;
  std::vector<const Observable*> observables = {};  ///< that the sweep asks for
  ObservableSizes sizes = {};                       ///< of these
  ChargingResult charging;                          ///< written if the sweep has charging runs
  SteadyStateResult steady;                         ///< written if the sweep has steady states
  /// Of a point with `initial_state: ground_state`; written if any point of the sweep has one.
  std::optional<GroundState> ground;
  double wall_seconds = 0.0;
};

/// Lays out the archive of `sweep` at `path`: every slot pending, every number NaN. Written under a
/// temporary name beside it, synced and renamed, so that `path` is there whole or not at all. Not
/// collective: one rank calls it.
/// \param shard  the share of the points that will be computed into it, if not all; the layout is
///               that of the whole sweep all the same
/// \throws EnvironmentError (folder missing or read-only, disk full, `path` is there already);
///         nothing is left behind
void create_archive(const std::string& path, const Sweep& sweep,
                    const std::optional<Shard>& shard = {});

/// An archive that is damaged. What is whole of it can be saved (rescue.hpp).
class DamagedArchive : public InputError {
 public:
  using InputError::InputError;
};

/// An archive of a version that this program does not read.
class OtherFormatVersion : public InputError {
 public:
  using InputError::InputError;
};

/// An archive opened for reading, also while a sweep writes it. Not collective. What the functions
/// return is what the file holds at that moment; they throw EnvironmentError if it cannot be read
/// and InputError if it is damaged.
class ArchiveReader {
 public:
  /// \throws InputError if `path` is no archive of this program: missing, a folder, not HDF5,
  ///         truncated, another format or version, a dataset missing or of another shape;
  ///         EnvironmentError if it may not be read
  explicit ArchiveReader(const std::string& path);
  ~ArchiveReader();
  ArchiveReader(ArchiveReader&&) noexcept;
  ArchiveReader& operator=(ArchiveReader&&) noexcept;
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /// The format version, of which it depends which datasets there are.
  [[nodiscard]] std::int32_t version() const;
  /// What the program that made the archive called its sweep's meaning: a name for it, and nothing
  /// that is compared with what today's program makes of the sweep.
  [[nodiscard]] std::string fingerprint() const;
  /// The sweep the archive was made for, read back from the text it keeps.
  [[nodiscard]] const Sweep& sweep() const;
  /// The share of its points that the archive is for; none: all of them.
  [[nodiscard]] const std::optional<Shard>& shard() const;
  /// As the points are marked; their results are not looked at.
  [[nodiscard]] std::vector<SlotStatus> status() const;
  /// Whether attributes, coordinates and the places of datasets are those that the archive was made
  /// with. Before format version 4 nothing tells.
  [[nodiscard]] bool has_sound_metadata() const;
  /// What the points are once all their numbers were read and held against their checksums.
  [[nodiscard]] CheckedSlots check_slots() const;
  [[nodiscard]] std::vector<std::int32_t> attempts() const;
  /// Which fraction of each point's work is done; NaN where none was noted,
  /// as in archives before format version 3.
  [[nodiscard]] std::vector<double> progress() const;
  [[nodiscard]] std::vector<double> wall_seconds() const;

  /// One column of numbers, one for each point: a scalar result, or one ergotropy definition of it.
  struct Column {
    std::string name;  ///< dataset name, with the suffix _global ... where there are definitions
    bool integer;      ///< whether the numbers are whole
    std::vector<double> values;
  };
  /// Every scalar result in the archive's own order, all but `status` and
  /// `checksum`.
  /// \param wanted  whether a dataset is read, by its name; none: all are
  [[nodiscard]] std::vector<Column> scalar_columns(
      const std::function<bool(std::string_view)>& wanted = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes into the slots of an archive that is there. Opening and closing are collective on the
/// communicator given; everything else is independent of the other ranks. The writing functions
/// throw EnvironmentError if the file does not take the numbers. What they returned from survives
/// the loss of the job; against the loss of a node, the disk is made to take it once a minute.
class ArchiveWriter {
 public:
  /// Collective on `comm`.
  /// \throws InputError if the datasets are not those of `sweep`, EnvironmentError if the file
  ///         cannot be opened; if one rank throws, all do
  ArchiveWriter(MPI_Comm comm, const std::string& path, const Sweep& sweep);
  /// Not collective, so that an exception on one rank makes no rank wait: without close() the file
  /// is abandoned. That loses nothing that was written; HDF5 closes the file in MPI_Finalize.
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;
  ArchiveWriter(ArchiveWriter&&) = delete;
  ArchiveWriter& operator=(ArchiveWriter&&) = delete;

  /// Notes in `attempts` how many times each of the points was started, before they are.
  void write_attempts(std::span<const std::int64_t> points, std::span<const std::int32_t> attempts);

  /// Notes in `progress` which fraction of a point's work is done, and in `wall_seconds` what that
  /// took. write() makes the fraction 1.
  void write_progress(std::int64_t point, double fraction, double seconds);

  /// Writes the results of points and then marks them done. Points that are neighbours on the grid
  /// and in `records` are written together, so give them in ascending order.
  void write(std::span<const PointRecord> records);

  /// Marks a point that was not computed: failed, or pending again.
  void mark(std::int64_t point, SlotStatus status);

  /// Closes the file; nothing can be written any more. Collective.
  /// \throws EnvironmentError if what was written did not all reach the file
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qbsweep
