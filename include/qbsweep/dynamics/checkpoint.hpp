#pragma once
/// \file
/// What a long computation saves of itself, so that another run can resume it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace qbsweep {

/// Some columns of an array [rows][columns] of which each rank of a group holds a part. How it is
/// cut is no part of the array: another number of ranks may read it again.
struct ArrayColumns {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t columns = 0;     ///< of the whole array
  std::int64_t first = 0;       ///< the first column that this rank means
  std::int64_t count = 0;       ///< of columns that it means; may be 0
  double* data = nullptr;       ///< of column `first` in row 0
  std::int64_t row_stride = 0;  ///< from a row to the next in `data`, >= count
};

/// One state of a computation.
struct Checkpoint {
  std::map<std::string, std::vector<double>> numbers;  ///< the same on every rank
  std::vector<ArrayColumns> arrays;                    ///< the data is not owned
};

/// Where the state of one computation is kept. Every member is collective on the ranks that compute
/// it together, and throws on all of them or on none.
class CheckpointStore {
 public:
  CheckpointStore() = default;
  CheckpointStore(const CheckpointStore&) = delete;
  CheckpointStore& operator=(const CheckpointStore&) = delete;
  virtual ~CheckpointStore() = default;

  /// Keeps `checkpoint` in place of the one before, which stays whole until then.
  /// \throws EnvironmentError where it cannot be kept; the one before is still there
  virtual void save(const Checkpoint& checkpoint) = 0;

  /// The numbers of the state that is kept; empty where there is none (or it cannot be read).
  [[nodiscard]] virtual std::map<std::string, std::vector<double>> load_numbers() = 0;

  /// Reads the columns that `part` names into its data.
  /// \throws EnvironmentError where there is no such array of that shape
  virtual void load_array(const ArrayColumns& part) = 0;

  /// Drops what is kept: the computation came to its end.
  virtual void discard() = 0;
};

}  // namespace qbsweep
