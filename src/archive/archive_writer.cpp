#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>

#include "archive_datasets.hpp"
#include "hdf5_handle.hpp"
#include "layout.hpp"
#include "parallel_file.hpp"
#include "posix_file.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "slot_checksums.hpp"
#include "slot_selection.hpp"

namespace qbsweep {

namespace {

using Clock = std::chrono::steady_clock;

/// How much work the loss of a node may cost; the loss of the job costs none.
constexpr auto sync_interval = std::chrono::seconds(60);

}  // namespace

struct ArchiveWriter::State {
  State(MPI_Comm original, const std::string& archive_path, const Sweep& sweep)
      : comm(original), path(archive_path), slots(sweep.size()), selection(sweep, archive_path) {}

  void open(const Sweep& sweep);
  void check_slot(std::int64_t point) const;
  /// Writes `numbers` into the slots that are selected.
  void put(const ArchiveDataset& dataset);
  void put_status(SlotStatus status);
  void put_run(std::span<const PointRecord> run);
  /// Into the slots that are selected.
  void put_checksums(std::span<const std::uint32_t> values);
  void sync();

  Communicator comm;
  std::string path;
  std::int64_t slots;
  SlotSelection selection;
  hdf5::File file;
  std::vector<ArchiveDataset> datasets;
  const ArchiveDataset* status = nullptr;
  const ArchiveDataset* attempts = nullptr;
  const ArchiveDataset* wall_seconds = nullptr;
  const ArchiveDataset* checksum = nullptr;  // null in an archive of a version without it
  const ArchiveDataset* progress = nullptr;  // likewise
  FileDescriptor descriptor;                 // of this rank alone, for fdatasync
  Clock::time_point synced = Clock::now();
  std::vector<double> numbers;  // reused: what is about to be written
};

void ArchiveWriter::State::open(const Sweep& sweep) {
  file = hdf5::open_for_writing(comm.get(), path);
  datasets = open_datasets(file, path, sweep, read_version(file, path));
  status = find_dataset(datasets, layout::status);
  attempts = find_dataset(datasets, layout::attempts);
  progress = find_dataset(datasets, layout::progress);
  wall_seconds = find_dataset(datasets, layout::wall_seconds);
  checksum = find_dataset(datasets, layout::checksum);
  descriptor = open_file(path, O_RDWR);
}

void ArchiveWriter::State::check_slot(std::int64_t point) const {
  if (point < 0 || point >= slots) {
    throw std::out_of_range(fmt::format("point {} of {}: {} has no such slot", point, slots, path));
  }
}

void ArchiveWriter::State::put(const ArchiveDataset& dataset) {
  const auto extent = dataset.field.extent;
  if (numbers.size() != selection.numbers(extent)) {
    throw std::logic_error(fmt::format("{} of {}: {} numbers were given, its slots take {}",
                                       dataset.field.name, path, numbers.size(),
                                       selection.numbers(extent)));
  }
  hdf5::checked(H5Dwrite(dataset.handle.get(), H5T_NATIVE_DOUBLE, selection.in_memory(extent),
                         selection.in_file(extent), H5P_DEFAULT, numbers.data()),
                {"write", dataset.field.name, path});
}

void ArchiveWriter::State::put_status(SlotStatus value) {
  numbers.assign(selection.numbers(layout::Extent::slots), static_cast<double>(value));
  put(*status);
}

void ArchiveWriter::State::put_run(std::span<const PointRecord> run) {
  selection.select(run.front().index, static_cast<std::int64_t>(run.size()));
  SlotChecksums checksums(run.front().index, static_cast<std::int64_t>(run.size()));
  for (const ArchiveDataset& dataset : datasets) {
    if (!SlotChecksums::cover(dataset.field)) {
      continue;
    }
    numbers.clear();
    for (const PointRecord& record : run) {
      dataset.field.take(record, numbers);
    }
    put(dataset);
    checksums.add(dataset.field, 0, numbers, numbers.size() / run.size());
  }
  put_checksums(checksums.values());
  put_status(SlotStatus::done);
}

void ArchiveWriter::State::put_checksums(std::span<const std::uint32_t> values) {
  if (checksum != nullptr) {
    numbers.assign(values.begin(), values.end());
    put(*checksum);
  }
}

void ArchiveWriter::State::sync() {
  if (::fdatasync(descriptor.get()) != 0) {
    fail_system("write to disk", path, errno);
  }
  synced = Clock::now();
}

ArchiveWriter::ArchiveWriter(MPI_Comm comm, const std::string& path, const Sweep& sweep) {
  hdf5::silence();
  state_ = std::make_unique<State>(comm, path, sweep);
  int failed = 0;
  std::exception_ptr error;
  try {
    state_->open(sweep);
  } catch (...) {
    failed = 1;
    error = std::current_exception();
  }
  // No rank may continue alone: closing is collective.
  int failures = 0;
  check_mpi(MPI_Allreduce(&failed, &failures, 1, MPI_INT, MPI_SUM, state_->comm.get()),
            "agree on opening " + path);
  if (failures == 0) {
    return;
  }
  if (failures < state_->comm.size()) {
    state_->file.release();
  }
  if (error) {
    std::rethrow_exception(error);
  }
  throw EnvironmentError(
      fmt::format("cannot open {}: {} of {} ranks failed to", path, failures, state_->comm.size()));
}

ArchiveWriter::~ArchiveWriter() {
  if (state_) {
    // Other ranks may be elsewhere: abandoned, not closed. HDF5 closes it when MPI is finalized.
    state_->file.release();
  }
}

void ArchiveWriter::write_attempts(std::span<const std::int64_t> points,
                                   std::span<const std::int32_t> attempts) {
  if (points.size() != attempts.size()) {
    throw std::logic_error("write_attempts: as many numbers as points are needed");
  }
  for (const auto point : points) {
    state_->check_slot(point);
  }
  for (std::size_t first = 0; first < points.size();) {
    std::size_t last = first + 1;
    while (last < points.size() && points[last] == points[last - 1] + 1) {
      ++last;
    }
    const auto run = attempts.subspan(first, last - first);
    state_->selection.select(points[first], static_cast<std::int64_t>(run.size()));
    state_->numbers.assign(run.begin(), run.end());
    state_->put(*state_->attempts);
    std::vector<std::uint32_t> checksums;
    checksums.reserve(run.size());
    for (std::size_t i = first; i < last; ++i) {
      checksums.push_back(attempts_checksum(points[i], attempts[i]));
    }
    state_->put_checksums(checksums);
    first = last;
  }
}

void ArchiveWriter::write_progress(std::int64_t point, double fraction, double seconds) {
  state_->check_slot(point);
  if (state_->progress == nullptr) {
    return;
  }
  state_->selection.select(point, 1);
  state_->numbers.assign(1, fraction);
  state_->put(*state_->progress);
  state_->numbers.assign(1, seconds);
  state_->put(*state_->wall_seconds);
}

void ArchiveWriter::write(std::span<const PointRecord> records) {
  for (const auto& record : records) {
    state_->check_slot(record.index);
  }
  for (std::size_t first = 0; first < records.size();) {
    std::size_t last = first + 1;
    while (last < records.size() && records[last].index == records[last - 1].index + 1) {
      ++last;
    }
    state_->put_run(records.subspan(first, last - first));
    first = last;
  }
  if (Clock::now() - state_->synced > sync_interval) {
    state_->sync();
  }
}

void ArchiveWriter::mark(std::int64_t point, SlotStatus status) {
  state_->check_slot(point);
  state_->selection.select(point, 1);
  state_->put_status(status);
}

void ArchiveWriter::close() {
  if (!state_) {
    return;
  }
  const auto state = std::move(state_);
  std::exception_ptr error;
  try {
    state->sync();
  } catch (const EnvironmentError&) {
    error = std::current_exception();  // after the others, who wait in the collective close
  }
  state->datasets.clear();
  state->file.close({"close", "", state->path});
  if (error) {
    std::rethrow_exception(error);
  }
}

}  // namespace qbsweep
