#pragma once
/// \file
/// Checkpoints of points, as HDF5 files beside an archive: OUT.h5.checkpoint-<point>.
///
/// Root attributes: format, format_version, identity. /numbers/<name> are the checkpoint's numbers,
/// (size); /arrays/<name> its arrays, (rows, columns), contiguous. Everything is IEEE double.
/// Behind the end of what HDF5 knows stands a checksum of the whole file, which is looked at before
/// HDF5 opens it.

#include <mpi.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "qbsweep/dynamics/checkpoint.hpp"

namespace qbsweep {

/// The name of the file in which the archive's point `point` keeps its checkpoint.
[[nodiscard]] std::string checkpoint_path(const std::string& archive_path, std::int64_t point);

/// The points of an archive that have a checkpoint. Not collective.
/// \throws EnvironmentError
[[nodiscard]] std::set<std::int64_t> saved_points(const std::string& archive_path);

/// The numbers of a checkpoint; empty where there is none, it cannot be read or belongs to
/// something else. Not collective.
/// \param identity  the begin of the identity it must have
[[nodiscard]] std::map<std::string, std::vector<double>> read_checkpoint_numbers(
    const std::string& path, const std::string& identity);

/// Removes the checkpoints of all points of an archive but some, half-written ones included:
/// leftovers of points that another run brought to their end. Not collective.
/// \throws EnvironmentError
void remove_checkpoints(const std::string& archive_path, const std::set<std::int64_t>& but_of = {});

/// A checkpoint in a file of its own. Saved under a temporary name (path.writing), synced, renamed:
/// a kill at any moment leaves the last one that was whole.
///
/// Each rank writes its own columns, independently of the others, row by row: made for few long
/// rows. The names of numbers and arrays hold no '/'.
class CheckpointFile final : public CheckpointStore {
 public:
  /// Touches no file yet. Collective like every member.
  /// \param comm      the ranks that compute together; outlives this, and returns its errors
  /// \param path      of the file, which every rank sees
  /// \param identity  what the state belongs to (sweep, point, whatever it depends on); the file of
  ///                  another identity counts as none
  CheckpointFile(MPI_Comm comm, std::string path, std::string identity);

  void save(const Checkpoint& checkpoint) override;
  /// Empty also where the file is damaged, of another format or of another identity: a checkpoint
  /// that cannot be used costs time and is no error.
  [[nodiscard]] std::map<std::string, std::vector<double>> load_numbers() override;
  void load_array(const ArrayColumns& part) override;
  void discard() override;

 private:
  /// Creates the temporary file with everything in it but the arrays' values. On one rank.
  void lay_out(const Checkpoint& checkpoint) const;
  void write_arrays(const std::vector<ArrayColumns>& arrays) const;
  void publish() const;

  MPI_Comm comm_;
  std::string path_;
  std::string temporary_;
  std::string identity_;
};

}  // namespace qbsweep
