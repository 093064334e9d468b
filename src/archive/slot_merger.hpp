#pragma once
/// \file
/// Bringing the slots of several archives into one, dataset by dataset, some slots at a time.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "archive_datasets.hpp"
#include "hdf5_handle.hpp"
#include "layout.hpp"
#include "slot_checksums.hpp"
#include "slot_selection.hpp"

namespace qbsweep {

/// An archive that is merged.
struct MergePart {
  std::string path;
  hdf5::File file;
  std::int32_t version;    ///< of its format
  std::vector<bool> done;  ///< by point: its slot is whole and undamaged
};

/// Fills the datasets of a new archive. Everything outlives it.
class SlotMerger {
 public:
  /// \param path  what messages call the new archive
  SlotMerger(const Sweep& sweep, std::span<const MergePart> parts, const hdf5::File& file,
             const std::string& path)
      : sweep_(sweep),
        parts_(parts),
        file_(file),
        path_(path),
        selection_(sweep, path),
        checksums_(0, sweep.size()) {}

  /// Writes the slots of this dataset that any of the parts has done, from the first that has, as
  /// far as their format versions have the dataset.
  /// \throws InputError if another part has other numbers there, bit by bit; any two NaN are equal.
  ///         Timings may differ.
  void merge(const layout::Field& field);

  /// By point, once all datasets are merged; of those that no part has done they mean nothing.
  [[nodiscard]] std::span<const std::uint32_t> checksums() const { return checksums_.values(); }

 private:
  struct Source {
    const MergePart& part;
    ArchiveDataset dataset;
  };

  bool read_block(const layout::Field& field, const std::vector<Source>& sources,
                  std::int64_t first, std::int64_t count);
  void add(const Source& source, std::int64_t first, std::int64_t count);
  void check_equal(const Source& source, std::int64_t point, std::size_t at_merged,
                   std::size_t at_found) const;
  [[noreturn]] void refuse(const Source& source, std::int64_t point, std::size_t inner,
                           double merged, double found) const;

  const Sweep& sweep_;
  std::span<const MergePart> parts_;
  const hdf5::File& file_;
  const std::string& path_;
  SlotSelection selection_;
  SlotChecksums checksums_;

  // Of the block of slots at hand:
  std::size_t slot_numbers_ = 1;  // numbers in a slot of the dataset
  std::vector<double> merged_;
  std::vector<bool> filled_;   // by slot: some part had it
  std::vector<double> found_;  // in one of the parts
};

}  // namespace qbsweep
