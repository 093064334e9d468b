#pragma once
/// \file
/// What is damaged of the files beside an archive.

#include <string>
#include <vector>

namespace qbsweep {

/// The notes OUT.h5.failures.jsonl, OUT.h5.crashes.jsonl and OUT.h5.run.json: a line of text for
/// each of their lines that is damaged and left out. Not collective. \throws EnvironmentError
[[nodiscard]] std::vector<std::string> damaged_notes(const std::string& archive_path);

/// The checkpoints that are damaged, likewise. Reads them from end to end.
[[nodiscard]] std::vector<std::string> damaged_checkpoints(const std::string& archive_path);

}  // namespace qbsweep
