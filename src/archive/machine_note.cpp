#include "qbsweep/archive/machine_note.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_lines.hpp"
#include "posix_file.hpp"

namespace qbsweep {

MachineNoteFile::MachineNoteFile(const std::string& archive_path)
    : path_(archive_path + ".run.json") {}

std::optional<MachineNote> MachineNoteFile::read() const {
  std::ifstream file(path_);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto entry = nlohmann::json::parse(text, nullptr, false);
  if (!has_right_checksum(text) || !entry.is_object() || !entry.contains("hosts") ||
      !entry["hosts"].is_array()) {
    return std::nullopt;
  }
  MachineNote note;
  note.job = text_of(entry, "job");
  for (const nlohmann::json& host : entry["hosts"]) {
    if (host.is_object()) {
      note.hosts.push_back(
          {text_of(host, "host"), text_of(host, "boot_id"), whole_number(host, "oom_kills")});
    }
  }
  return note;
}

void MachineNoteFile::write(const MachineNote& note) const {
  nlohmann::json hosts = nlohmann::json::array();
  for (const OomKills& host : note.hosts) {
    nlohmann::json entry = {{"host", host.host}, {"boot_id", host.boot_id}};
    if (host.count) {
      entry["oom_kills"] = *host.count;
    }
    hosts.push_back(std::move(entry));
  }
  const nlohmann::json entry = {{"job", note.job}, {"hosts", hosts}, {"began", utc_now()}};
  replace_file(path_, with_checksum(entry.dump()) + "\n");
}

void MachineNoteFile::remove() const {
  remove_if_there(path_);
}

}  // namespace qbsweep
