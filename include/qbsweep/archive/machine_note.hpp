#pragma once
/// \file
/// What a run notes of its machines when it begins: OUT.h5.run.json beside an archive. The run
/// removes it when it ends by itself, so that a note that is found tells of one that died.

#include <optional>
#include <string>
#include <vector>

#include "qbsweep/support/host.hpp"

namespace qbsweep {

struct MachineNote {
  std::vector<OomKills> hosts;  ///< of the ranks, each once
  std::string job;              ///< of Slurm; "" without
};

/// The note of one archive.
class MachineNoteFile {
 public:
  /// Touches no file yet.
  explicit MachineNoteFile(const std::string& archive_path);

  /// None where there is no note that can be read: it only serves to explain a death.
  [[nodiscard]] std::optional<MachineNote> read() const;

  /// Replaces the note as a whole. \throws EnvironmentError
  void write(const MachineNote& note) const;

  /// \throws EnvironmentError
  void remove() const;

 private:
  std::string path_;
};

}  // namespace qbsweep
