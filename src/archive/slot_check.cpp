#include "slot_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "archive_datasets.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/error.hpp"
#include "slot_checksums.hpp"
#include "slot_selection.hpp"

namespace qbsweep {

namespace {

/// Numbers of a dataset that are held at a time, unless a single slot has more.
constexpr std::size_t numbers_at_once = 1 << 20;

/// Everything in a dataset.
std::vector<double> all_numbers(const hdf5::File& file, const std::string& path, const char* name,
                                const Sweep& sweep) {
  const layout::Field& field = layout::field_called(name);
  const auto dataset = open_dataset(file, path, field, sweep);
  std::vector<double> numbers(layout::volume(layout::shape(field.extent, sweep)));
  hdf5::checked(H5Dread(dataset.handle.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                        numbers.data()),
                {"read", name, path});
  return numbers;
}

/// The checksums of what a run of slots holds.
class ResultReader {
 public:
  ResultReader(const hdf5::File& file, const std::string& path, const Sweep& sweep,
               std::int32_t version)
      : path_(path),
        sweep_(sweep),
        datasets_(open_datasets(file, path, sweep, version)),
        selection_(sweep, path) {}

  [[nodiscard]] SlotChecksums read(std::int64_t first, std::int64_t count) {
    SlotChecksums checksums(first, count);
    selection_.select(first, count);
    for (const ArchiveDataset& dataset : datasets_) {
      if (!SlotChecksums::cover(dataset.field)) {
        continue;
      }
      const auto extent = dataset.field.extent;
      numbers_.resize(selection_.numbers(extent));
      hdf5::checked(H5Dread(dataset.handle.get(), H5T_NATIVE_DOUBLE, selection_.in_memory(extent),
                            selection_.in_file(extent), H5P_DEFAULT, numbers_.data()),
                    {"read", dataset.field.name, path_});
      checksums.add(dataset.field, 0, numbers_, numbers_.size() / count);
    }
    return checksums;
  }

  /// How many slots are read at once.
  [[nodiscard]] std::int64_t slots_at_once() const {
    std::size_t largest = 1;
    for (const ArchiveDataset& dataset : datasets_) {
      largest = std::max<std::size_t>(
          largest, layout::volume(layout::inner_shape(dataset.field.extent, sweep_)));
    }
    return static_cast<std::int64_t>(std::max<std::size_t>(numbers_at_once / largest, 1));
  }

 private:
  const std::string& path_;
  const Sweep& sweep_;
  std::vector<ArchiveDataset> datasets_;
  SlotSelection selection_;
  std::vector<double> numbers_;
};

/// What becomes of a point whose results were read.
/// \param whole  whether they go with the checksum that was found
void judge(CheckedSlots& slots, std::int64_t point, double mark, std::uint32_t found, bool whole) {
  if (whole) {
    slots.status[point] = SlotStatus::done;
    if (mark != 1) {
      slots.unmarked.push_back(point);
    }
    return;
  }
  if (mark == 1) {
    slots.damaged.push_back(point);
    slots.status[point] = SlotStatus::pending;
    slots.attempts[point] = 0;
    return;
  }
  const bool known = mark == 0 || mark == 2;
  if (!known || !goes_with_attempts(found, point, slots.attempts[point])) {
    slots.doubtful.push_back(point);
    slots.attempts[point] = 0;
  }
}

}  // namespace

CheckedSlots check_slots(const hdf5::File& file, const std::string& path, const Sweep& sweep,
                         std::int32_t version) {
  CheckedSlots slots;
  // The marks first: what is done by now stays as it is.
  const auto marks = all_numbers(file, path, layout::status, sweep);
  const auto attempts = all_numbers(file, path, layout::attempts, sweep);
  slots.checked = version >= layout::field_called(layout::checksum).since;
  const auto expected =
      slots.checked ? all_numbers(file, path, layout::checksum, sweep) : std::vector<double>();
  ResultReader results(file, path, sweep, version);

  const auto size = sweep.size();
  slots.status.assign(size, SlotStatus::pending);
  slots.attempts.assign(size, 0);
  std::vector<bool> to_read(size, false);  // its results
  for (std::int64_t point = 0; point < size; ++point) {
    const double mark = marks[point];
    const auto started = static_cast<std::int32_t>(attempts[point]);
    const bool known = mark == 0 || mark == 1 || mark == 2;
    slots.status[point] = known ? static_cast<SlotStatus>(mark) : SlotStatus::pending;
    slots.attempts[point] = started;
    if (!slots.checked) {
      if (!known) {
        throw DamagedArchive(
            fmt::format("{} is damaged: dataset {} holds {}; accepted are 0, 1 and 2", path,
                        layout::status, mark));
      }
      continue;
    }
    const auto found = static_cast<std::uint32_t>(expected[point]);
    to_read[point] = !known || mark == 1 || !goes_with_attempts(found, point, started) ||
                     (found != 0 && found != attempts_checksum(point, started));
  }

  // Whole blocks, for the points of a shard are scattered, and single slots are slow to read.
  const std::int64_t at_once = results.slots_at_once();
  const auto begin = to_read.begin();
  for (std::int64_t block = 0; block < size; block += at_once) {
    const auto end = begin + std::min(size, block + at_once);
    const auto first = std::find(begin + block, end, true);
    if (first == end) {
      continue;
    }
    const std::int64_t offset = first - begin;
    const SlotChecksums read = results.read(offset, end - first);
    for (std::int64_t point = offset; point < end - begin; ++point) {
      if (to_read[point]) {
        const auto found = static_cast<std::uint32_t>(expected[point]);
        judge(slots, point, marks[point], found, read.values()[point - offset] == found);
      }
    }
  }
  return slots;
}

}  // namespace qbsweep
