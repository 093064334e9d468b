#include "earlier_runs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "error_report.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/archive/archive_lock.hpp"
#include "qbsweep/archive/rescue.hpp"
#include "qbsweep/support/file_descriptor.hpp"

namespace qbsweep {
namespace {

bool exists(const std::string& path) {
  struct stat ignored {};
  return ::stat(path.c_str(), &ignored) == 0;
}

void refuse_other_sweep(const Sweep& wanted, const Sweep& archived, const std::string& path) {
  const std::vector<std::string> keys = differing_keys(wanted.identity(), archived.identity());
  if (!keys.empty()) {
    throw InputError(fmt::format(
        "{} belongs to another sweep: {} differ{} from this sweep file; give another -o, or the "
        "sweep file that the archive was made for",
        path, fmt::join(keys, ", "), keys.size() == 1 ? "s" : ""));
  }
}

/// An archive takes the points of the shard that it was made for, or all.
void refuse_other_shard(const std::optional<Shard>& wanted, const std::optional<Shard>& archived,
                        const std::string& path) {
  if (wanted == archived) {
    return;
  }
  if (!archived) {
    throw InputError(fmt::format(
        "{} is for all points of its sweep, and --shard {} was given; leave it out, or give "
        "another -o",
        path, shard_text(*wanted)));
  }
  const auto archived_text = shard_text(*archived);
  throw InputError(fmt::format(
      "{} is for shard {} of its sweep, and {} was given; give --shard {}, or another -o", path,
      archived_text, wanted ? "--shard " + shard_text(*wanted) : "no --shard", archived_text));
}

/// An archive keeps the defaults that it was made with; a run that resumes it takes them, too.
void take_defaults(Sweep& sweep, const SweepSource& source, const ArchiveReader& archive,
                   const std::string& archive_path) {
  const SweepEdition edition = archive.sweep().edition();
  if (edition == sweep.edition()) {
    return;
  }
  sweep = Sweep::from_text(sweep.text(), source.path, source.overrides, edition);
  const auto& all = sweep.overrides();
  for (std::size_t i = source.overrides.size(); i < all.size(); ++i) {
    fmt::print(stderr,
               "qbsweep: {}: made when {} was the default, and keeps it; for today's "
               "default give another -o\n",
               archive_path, all[i]);
  }
}

/// One whose metadata are damaged is replaced by what can be saved of it.
std::pair<ArchiveReader, CheckedSlots> open_or_rescue(const Sweep& sweep, const RunOptions& options,
                                                      const std::string& archive_path) {
  std::string damage;
  try {
    ArchiveReader archive(archive_path);
    if (archive.has_sound_metadata()) {
      CheckedSlots slots = archive.check_slots();
      return {std::move(archive), std::move(slots)};
    }
    damage = fmt::format(
        "{} is damaged: its attributes, coordinates or places of datasets are not those that it "
        "was made with",
        archive_path);
  } catch (const OtherFormatVersion&) {
    throw;
  } catch (const InputError& error) {
    if (!std::filesystem::is_regular_file(archive_path)) {
      throw;
    }
    damage = error.what();
  }
  const std::int64_t whole = rescue_archive(archive_path, sweep, options.shard);
  if (whole == 0) {
    throw InputError(
        damage +
        "; nothing of it could be saved by this sweep file: move it away, or give another -o");
  }
  warn(fmt::format("{}; {} of {} points are whole and kept, and the damaged file is now {}.damaged",
                   damage, whole, sweep.size(), archive_path));
  ArchiveReader archive(archive_path);
  CheckedSlots slots = archive.check_slots();
  return {std::move(archive), std::move(slots)};
}

void check_is_writable(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.is_open() && errno != EISDIR) {  // who reads it says more of a folder
    throw EnvironmentError(
        fmt::format("cannot write {}: {}", path, std::system_category().message(errno)));
  }
}

}  // namespace

EarlierRuns read_earlier_runs(Sweep& sweep, const RunOptions& options,
                              const std::string& archive_path) {
  EarlierRuns earlier;
  if (!exists(archive_path)) {
    earlier.fingerprint = sweep.identity_hash();
    earlier.slots.status.assign(sweep.size(), SlotStatus::pending);
    earlier.slots.attempts.assign(sweep.size(), 0);
    return earlier;
  }
  check_is_writable(archive_path);
  auto [archive, slots] = open_or_rescue(sweep, options, archive_path);
  take_defaults(sweep, options.source, archive, archive_path);
  refuse_other_sweep(sweep, archive.sweep(), archive_path);
  refuse_other_shard(options.shard, archive.shard(), archive_path);
  earlier.resumed = true;
  earlier.fingerprint = archive.fingerprint();
  earlier.slots = std::move(slots);
  earlier.saved = saved_work(archive_path, state_meaning(earlier.fingerprint, options));
  return earlier;
}

void tell_of_damage(const Sweep& sweep, const std::vector<std::int64_t>& damaged,
                    const std::string& archive_path) {
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < std::min(damaged.size(), most); ++i) {
    warn(fmt::format("{}: {} is damaged and computed again", archive_path,
                     sweep.describe(damaged[i])));
  }
  if (damaged.size() > most) {
    warn(fmt::format("{}: {} more points are damaged and computed again", archive_path,
                     damaged.size() - most));
  }
}

std::string state_meaning(const std::string& fingerprint, const RunOptions& options) {
  return fmt::format("{}, operator {}, propagator {}", fingerprint,
                     static_cast<int>(options.method.liouvillian),
                     static_cast<int>(options.method.propagator));
}

void check_archive(const Sweep& sweep, const RunOptions& options) {
  if (options.archive_path.empty()) {
    return;
  }
  if (!exists(options.archive_path)) {
    ArchiveLock::check_folder(options.archive_path);
    return;
  }
  try {
    check_is_writable(options.archive_path);
    const ArchiveReader archive(options.archive_path);
    Sweep wanted = sweep;
    take_defaults(wanted, options.source, archive, options.archive_path);
    refuse_other_sweep(wanted, archive.sweep(), options.archive_path);
    refuse_other_shard(options.shard, archive.shard(), options.archive_path);
  } catch (const DamagedArchive&) {
    return;  // `run` keeps what is whole of it
  }
}

}  // namespace qbsweep
