#include "qbsweep/archive/run_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "json_lines.hpp"
#include "lock_file.hpp"
#include "posix_file.hpp"

namespace qbsweep {

namespace {

/// Process numbers mean something within one boot and one namespace of processes.
std::string this_machine() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  std::error_code none;
  return fmt::format("{} {}", boot,
                     std::filesystem::read_symlink("/proc/self/ns/pid", none).string());
}

std::string this_host() {
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "an unknown machine";
}

struct ProcessStat {
  char state = 'X';
  std::int64_t started = 0;  // clock ticks since the boot
};

std::optional<ProcessStat> stat_of_process(std::int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  // The second field is a name that may hold anything, in parentheses.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(name_end + 1));
  ProcessStat stat;
  fields >> stat.state;
  constexpr int fields_between = 18;  // the state is the third, the start the 22nd
  std::string skipped;
  for (int f = 0; f < fields_between; ++f) {
    fields >> skipped;
  }
  return fields >> stat.started ? std::optional(stat) : std::nullopt;
}

std::int64_t time_from_utc(const std::string& text) {
  std::tm fields = {};
  if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &fields) == nullptr) {
    throw std::invalid_argument("not a time: " + text);
  }
  return ::timegm(&fields);
}

/// Time since the file was last touched, by this machine's clock.
double age_of(const struct stat& file) {
  struct timeval now = {};
  ::gettimeofday(&now, nullptr);
  const double age = static_cast<double>(now.tv_sec - file.st_mtim.tv_sec) +
                     static_cast<double>(now.tv_usec) * 1e-6 -
                     static_cast<double>(file.st_mtim.tv_nsec) * 1e-9;
  return std::max(age, 0.0);
}

}  // namespace

RunRecord record_of_this_process(int ranks, double beat_seconds) {
  RunRecord run;
  run.host = this_host();
  run.machine = this_machine();
  run.pid = ::getpid();
  if (const auto stat = stat_of_process(run.pid)) {
    run.process_started = stat->started;
  }
  if (const char* const job = std::getenv("SLURM_JOB_ID")) {
    run.slurm_job = job;
  }
  run.ranks = ranks;
  run.started = std::time(nullptr);
  run.beat_seconds = beat_seconds;
  return run;
}

std::string describe(const RunRecord& run) {
  return fmt::format("process {} on {}{}, started {}", run.pid, run.host,
                     run.slurm_job.empty() ? "" : fmt::format(" (Slurm job {})", run.slurm_job),
                     utc_text(run.started));
}

std::string to_json(const RunRecord& run) {
  nlohmann::json json = {{"host", run.host},
                         {"machine", run.machine},
                         {"pid", run.pid},
                         {"process_started", run.process_started},
                         {"slurm_job", run.slurm_job},
                         {"ranks", run.ranks},
                         {"started", utc_text(run.started)},
                         {"beat_seconds", run.beat_seconds}};
  if (run.done_before) {
    json["done_before"] = *run.done_before;
  }
  return with_checksum(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) + "\n";
}

std::optional<RunRecord> run_record_from_json(const std::string& text) {
  if (!has_right_checksum(text)) {
    return std::nullopt;
  }
  try {
    const auto json = nlohmann::json::parse(text);
    RunRecord run;
    json.at("host").get_to(run.host);
    json.at("machine").get_to(run.machine);
    json.at("pid").get_to(run.pid);
    json.at("process_started").get_to(run.process_started);
    json.at("slurm_job").get_to(run.slurm_job);
    json.at("ranks").get_to(run.ranks);
    run.started = time_from_utc(json.at("started").get<std::string>());
    json.at("beat_seconds").get_to(run.beat_seconds);
    if (json.contains("done_before")) {
      run.done_before = json["done_before"].get<std::int64_t>();
    }
    return run;
  } catch (const std::exception&) {
    return std::nullopt;  // cut off, or somebody else's
  }
}

ProcessState process_state(const RunRecord& run) {
  if (run.machine != this_machine()) {
    return ProcessState::unknown;
  }
  if (const auto stat = stat_of_process(run.pid)) {
    const bool ended = stat->state == 'Z' || stat->state == 'X';
    return !ended && stat->started == run.process_started ? ProcessState::alive
                                                          : ProcessState::gone;
  }
  // /proc may hide the processes of other users.
  const bool exists = ::kill(static_cast<pid_t>(run.pid), 0) == 0 || errno == EPERM;
  return exists ? ProcessState::alive : ProcessState::gone;
}

std::string lock_path(const std::string& archive_path) {
  std::error_code not_there;
  const auto file = std::filesystem::canonical(archive_path, not_there);
  return (not_there ? archive_path : file.string()) + ".lock";
}

std::optional<SightedRun> look_for_run(const std::string& archive_path) {
  const std::string path = lock_path(archive_path);
  const auto seen = read_lock_file(path);
  if (!seen || !seen->record) {
    return std::nullopt;
  }
  SightedRun run = {*seen->record, false, age_of(seen->stat)};
  switch (process_state(run.record)) {
    case ProcessState::alive:
      run.alive = true;
      break;
    case ProcessState::gone:
      break;
    case ProcessState::unknown:
      run.alive = run.silent_seconds < beats_until_dead * beat_of(run.record);
      break;
  }
  return run;
}

}  // namespace qbsweep
