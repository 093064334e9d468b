#include "qbsweep/archive/merge.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "archive_file.hpp"
#include "file_in_creation.hpp"
#include "format.hpp"
#include "qbsweep/archive/archive_lock.hpp"
#include "qbsweep/archive/failures_log.hpp"
#include "slot_merger.hpp"
#include "write_layout.hpp"

namespace qbsweep {

namespace {

/// What tells one file from all others, by whatever name it is called.
using FileIdentity = std::pair<dev_t, ino_t>;

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) != 0) {
    return std::nullopt;
  }
  return FileIdentity{found.st_dev, found.st_ino};
}

constexpr const char* accepted_names =
    "accepted: a name for the merged archive, new or that of an earlier merge";

void check_names(const std::string& path, const std::vector<std::string>& parts) {
  std::map<FileIdentity, std::string> known;
  for (const std::string& part : parts) {
    const auto identity = identity_of(part);
    if (!identity) {
      continue;  // what is wrong with it shows when it is opened
    }
    const auto [entry, is_new] = known.emplace(*identity, part);
    if (!is_new) {
      throw InputError(entry->second == part
                           ? fmt::format("{} is given twice; accepted: every part once", part)
                           : fmt::format("{} and {} are the same file; accepted: every part once",
                                         entry->second, part));
    }
  }
  const auto identity = identity_of(path);
  if (identity && known.count(*identity) > 0) {
    throw InputError(fmt::format("{} is one of the parts; {}", path, accepted_names));
  }
  if (struct stat found = {}; !identity && ::lstat(path.c_str(), &found) == 0) {
    throw InputError(fmt::format("{} is a link to nothing; {}", path, accepted_names));
  }
}

/// The state that all parts together give to every point.
class Merge {
 public:
  /// What is to be replaced; before all others.
  void add_earlier(const std::string& path);
  void add(const std::string& path);
  /// Leaves an earlier archive as it is if the parts have nothing more.
  void write(const std::string& path) const;
  void write_failures(const std::string& path) const;
  [[nodiscard]] MergedPoints count() const;

 private:
  void check_same_sweep(const Sweep& sweep, const std::string& path) const;

  std::optional<Sweep> sweep_;
  std::vector<MergePart> parts_;
  std::optional<std::vector<SlotStatus>> earlier_;  // what is at the path already
  std::vector<SlotStatus> status_;
  std::vector<std::int32_t> attempts_;
  std::map<std::int64_t, std::string> failures_;  // lines of the logs
  std::vector<DamagedPoint> damaged_;
};

void Merge::check_same_sweep(const Sweep& sweep, const std::string& path) const {
  const Sweep as_first = Sweep::from_text(sweep.text(), path, sweep.overrides(), sweep_->edition());
  const auto keys = differing_keys(sweep_->identity(), as_first.identity());
  if (!keys.empty()) {
    throw InputError(
        fmt::format("{} belongs to another sweep than {}: {} differ{}; accepted: parts of one "
                    "sweep",
                    path, parts_.front().path, fmt::join(keys, ", "), keys.size() == 1 ? "s" : ""));
  }
}

void Merge::add_earlier(const std::string& path) {
  if (const auto shard = ArchiveReader(path).shard()) {
    throw InputError(
        fmt::format("{} is the archive of shard {}; {}", path, shard_text(*shard), accepted_names));
  }
  add(path);
  earlier_ = status_;
}

void Merge::add(const std::string& path) {
  const ArchiveReader reader(path);
  if (!sweep_) {
    sweep_ = reader.sweep();
    status_.assign(sweep_->size(), SlotStatus::pending);
    attempts_.assign(sweep_->size(), 0);
  } else {
    check_same_sweep(reader.sweep(), path);
  }
  const CheckedSlots slots = reader.check_slots();
  const auto& status = slots.status;
  const auto& attempts = slots.attempts;
  for (const std::int64_t point : slots.damaged) {
    damaged_.push_back({path, sweep_->describe(point)});
  }
  const auto lines = FailuresLog(path).lines();
  MergePart part{path, open_for_reading(path), reader.version(), std::vector<bool>(status.size())};
  for (std::size_t point = 0; point < status.size(); ++point) {
    const bool is_first_done =
        status[point] == SlotStatus::done && status_[point] != SlotStatus::done;
    part.done[point] = status[point] == SlotStatus::done;
    if (is_first_done) {
      attempts_[point] = attempts[point];
      status_[point] = SlotStatus::done;
    } else if (status_[point] != SlotStatus::done) {
      attempts_[point] = std::max(attempts_[point], attempts[point]);
      if (status[point] == SlotStatus::failed) {
        status_[point] = SlotStatus::failed;
      }
    }
  }
  for (const auto& [point, line] : lines) {
    if (point >= 0 && point < sweep_->size() && status[point] == SlotStatus::failed) {
      failures_[point] = line;
    }
  }
  parts_.push_back(std::move(part));
}

/// Writes a value for every point.
template <typename Number>
void write_all(const hdf5::File& file, const std::string& path, const Sweep& sweep,
               const layout::Field& field, hid_t held_as, const std::vector<Number>& values) {
  const auto dataset = open_dataset(file, path, field, sweep);
  hdf5::checked(
      H5Dwrite(dataset.handle.get(), held_as, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
      {"write", field.name, path});
}

hdf5::File open_for_filling(const FileInCreation& created, const std::string& path) {
  const hdf5::Doing opening{"open", "", path};
  const hdf5::PropertyList access(H5Pcreate(H5P_FILE_ACCESS), opening);
  // FileInCreation holds a lock of its own.
  hdf5::checked(H5Pset_file_locking(access.get(), 0, 1), opening);
  return {H5Fopen(created.path().c_str(), H5F_ACC_RDWR, access.get()), opening};
}

void Merge::write(const std::string& path) const {
  FileInCreation created(path,
                         earlier_ ? FileInCreation::Name::replaced : FileInCreation::Name::free);
  write_layout(created, path, *sweep_, {});
  auto file = open_for_filling(created, path);
  SlotMerger merger(*sweep_, parts_, file, path);
  for (const layout::Field& field : layout::fields_of(*sweep_, format::version)) {
    if (field.name == std::string_view(layout::status)) {
      write_all(file, path, *sweep_, field, H5T_NATIVE_INT8, status_);
    } else if (field.name == std::string_view(layout::attempts)) {
      write_all(file, path, *sweep_, field, H5T_NATIVE_INT32, attempts_);
    } else if (SlotChecksums::cover(field)) {
      merger.merge(field);
    }
  }
  std::vector<std::int64_t> checksums(merger.checksums().begin(), merger.checksums().end());
  for (std::int64_t point = 0; point < sweep_->size(); ++point) {
    if (status_[point] != SlotStatus::done) {
      checksums[point] = attempts_checksum(point, attempts_[point]);
    }
  }
  write_all(file, path, *sweep_, layout::field_called(layout::checksum), H5T_NATIVE_INT64,
            checksums);
  file.close({"close", "", path});
  if (status_ != earlier_) {
    created.publish();
  }
}

/// Of points that are failed after all.
void Merge::write_failures(const std::string& path) const {
  auto lines = failures_;
  std::erase_if(lines,
                [&](const auto& entry) { return status_[entry.first] != SlotStatus::failed; });
  FailuresLog(path).replace(lines);
}

MergedPoints Merge::count() const {
  return {.total = sweep_->size(),
          .done = std::count(status_.begin(), status_.end(), SlotStatus::done),
          .failed = std::count(status_.begin(), status_.end(), SlotStatus::failed),
          .damaged = damaged_};
}

}  // namespace

MergedPoints merge_archives(const std::string& path, const std::vector<std::string>& parts) {
  hdf5::silence();
  check_names(path, parts);
  Merge merge;
  std::optional<ArchiveLock> lock;
  if (identity_of(path)) {
    lock.emplace(path, 1);
    merge.add_earlier(path);
  }
  for (const std::string& part : parts) {
    merge.add(part);
  }
  merge.write(path);
  merge.write_failures(path);
  return merge.count();
}

}  // namespace qbsweep
