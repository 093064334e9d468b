#pragma once
/// \file
/// One run at a time writes an archive.

#include <cstdint>
#include <memory>
#include <string>

#include "qbsweep/archive/run_record.hpp"

namespace qbsweep {

/// Keeps other runs from an archive as long as it lives, by the file OUT.h5.lock, which also tells
/// `status` who writes it (run_record.hpp). One process of a run holds it.
///
/// Two things tell whether the run that left a file is alive. On one machine, and on file systems
/// whose locks reach across, the kernel's lock on the file, which ends with its process. Elsewhere
/// the file's time of modification, which a thread of the holder renews every beat: it is watched
/// for three beats, and a file that stands still is taken over. Where neither reaches (two
/// newcomers at once, on two machines without common locks) there is no protection.
class ArchiveLock {
 public:
  static constexpr double usual_beat_seconds = 5.0;

  /// Takes the lock, after watching a file of another machine where there is one. The archive need
  /// not be there yet.
  /// \param ranks  of this run, for the record
  /// \throws EnvironmentError "OUT.h5 is being written by another run: ..." (nothing is wrong with
  ///         what the user asked for, and later the same command works), or if the file cannot be
  ///         made
  explicit ArchiveLock(const std::string& archive_path, int ranks,
                       double beat_seconds = usual_beat_seconds);
  /// Gives the lock back: the file is removed.
  ~ArchiveLock();
  ArchiveLock(const ArchiveLock&) = delete;
  ArchiveLock& operator=(const ArchiveLock&) = delete;
  ArchiveLock(ArchiveLock&&) = delete;
  ArchiveLock& operator=(ArchiveLock&&) = delete;

  /// Whether the folder of an archive that is not there yet is one in which it can be made.
  /// \throws EnvironmentError
  static void check_folder(const std::string& archive_path);

  /// Adds to the record how many points were done when this run began.
  void note_done_before(std::int64_t points);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qbsweep
