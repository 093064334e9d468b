#include "qbsweep/scheduler/earlier_deaths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>
#include <utility>

#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {

template <ConstOrNot<OomKills> T>
auto message_fields(T& host) {
  return std::tie(host.host, host.boot_id, host.count);
}

namespace {

bool same_machine(const OomKills& a, const OomKills& b) {
  return a.host == b.host && a.boot_id == b.boot_id;
}

const OomKills* find_machine(const std::vector<OomKills>& hosts, const OomKills& wanted) {
  const auto found = std::find_if(hosts.begin(), hosts.end(),
                                  [&](const OomKills& host) { return same_machine(host, wanted); });
  return found == hosts.end() ? nullptr : &*found;
}

/// "SIGSEGV on n1, rank 3; SIGABRT on n2, rank 0", each once.
std::string list_crashes(const std::vector<Crash>& crashes) {
  std::vector<std::string> texts;
  for (const Crash& crash : crashes) {
    std::string text = fmt::format("{} on {}, rank {}", crash.signal, crash.host, crash.rank);
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

std::vector<OomKills> gather_hosts(const Communicator& comm) {
  std::vector<OomKills> hosts;
  for (OomKills& host :
       gather(comm.get(), master_rank, count_oom_kills(), "gather the names of all machines")) {
    if (find_machine(hosts, host) == nullptr) {
      hosts.push_back(std::move(host));
    }
  }
  return hosts;
}

EarlierDeaths::EarlierDeaths(const std::string& archive_path, std::vector<OomKills> hosts)
    : crashes_(CrashLog(archive_path).read()), hosts_(std::move(hosts)) {
  if (std::optional<MachineNote> note = MachineNoteFile(archive_path).read()) {
    hosts_before_ = std::move(note->hosts);
  }
}

Verdict EarlierDeaths::judge(std::vector<DeadlyPoint> suspected) const {
  const auto noted = [this](const DeadlyPoint& point) {
    return crashes_.count(point.point.index) > 0;
  };
  const auto first_noted = std::partition(suspected.begin(), suspected.end(), noted);
  auto cleared = first_noted;
  if (cleared == suspected.begin() && !suspected.empty()) {
    const auto largest = std::max_element(
        suspected.begin(), suspected.end(),
        [](const DeadlyPoint& a, const DeadlyPoint& b) { return a.memory_bytes < b.memory_bytes; });
    std::iter_swap(suspected.begin(), largest);
    ++cleared;
  }
  Verdict verdict;
  for (auto point = suspected.begin(); point != cleared; ++point) {
    verdict.given_up.push_back(
        {point->point.index, fmt::format("the job died {} times while this point was computed ({})",
                                         point->deaths, cause(*point))});
  }
  verdict.tried_again.assign(cleared, suspected.end());
  return verdict;
}

std::string EarlierDeaths::cause(const DeadlyPoint& point) const {
  if (const auto noted = crashes_.find(point.point.index); noted != crashes_.end()) {
    return list_crashes(noted->second);
  }
  const std::string needs =
      fmt::format("the point needs about {} of memory, and {} are available on this machine",
                  size_text(point.memory_bytes), size_text(available_memory_bytes()));
  if (const std::int64_t kills = oom_kills_meanwhile(); kills > 0) {
    return fmt::format(
        "no signal was noted, so it was killed from outside: the kernel ended {} process{} for "
        "want of memory meanwhile; {}",
        kills, kills == 1 ? "" : "es", needs);
  }
  return fmt::format("killed from outside or its node was lost; {}", needs);
}

std::int64_t EarlierDeaths::oom_kills_meanwhile() const {
  std::int64_t kills = 0;
  for (const OomKills& now : hosts_) {
    const OomKills* const before = find_machine(hosts_before_, now);
    if (before != nullptr && before->count && now.count) {
      kills += *now.count - *before->count;
    }
  }
  return kills;
}

MachineNote EarlierDeaths::note_of_this_run() const {
  const char* const job = std::getenv("SLURM_JOB_ID");
  MachineNote note = {hosts_before_, job != nullptr ? job : ""};
  for (const OomKills& host : hosts_) {
    if (find_machine(hosts_before_, host) == nullptr) {
      note.hosts.push_back(host);
    }
  }
  return note;
}

}  // namespace qbsweep
