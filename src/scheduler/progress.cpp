#include "qbsweep/scheduler/progress.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <ostream>
#include <utility>

#include "qbsweep/support/duration.hpp"

namespace qbsweep {

namespace {

constexpr double first_plain_line = 5.0;
constexpr double between_plain_lines = 30.0;
constexpr double between_terminal_lines = 0.2;
constexpr const char* rewrite_line = "\r\033[K";

}  // namespace

ProgressLine::ProgressLine(std::ostream& out, bool terminal, std::int64_t done_before,
                           std::function<Clock::time_point()> now)
    : out_(out),
      terminal_(terminal),
      done_before_(done_before),
      now_(std::move(now)),
      start_(now_()),
      next_line_(terminal ? 0.0 : first_plain_line) {}

double ProgressLine::seconds() const {
  return std::chrono::duration<double>(now_() - start_).count();
}

std::string ProgressLine::points_text(const PointCounts& counts) const {
  std::string text =
      fmt::format("{}/{} points done", done_before_ + counts.done, done_before_ + counts.total);
  if (counts.failed > 0) {
    text += fmt::format(", {} failed", counts.failed);
  }
  return text;
}

void ProgressLine::update(const PointCounts& counts) {
  const double elapsed = seconds();
  if (elapsed < next_line_) {
    return;
  }
  next_line_ = elapsed + (terminal_ ? between_terminal_lines : between_plain_lines);
  std::string line = points_text(counts);
  const std::int64_t finished = counts.done + counts.failed;
  if (finished > 0 && elapsed > 0.0) {
    line += ", " + rate_text(static_cast<double>(finished) / elapsed);
  }
  if (counts.cost_finished > 0.0 && counts.left() > 0) {
    const double cost_left = counts.cost_total - counts.cost_finished;
    line += ", " + duration_text(elapsed * cost_left / counts.cost_finished) + " left";
  }
  out_ << (terminal_ ? rewrite_line : "") << line << (terminal_ ? "" : "\n") << std::flush;
}

void ProgressLine::finish(const PointCounts& counts) {
  out_ << (terminal_ ? rewrite_line : "") << points_text(counts) << " after "
       << duration_text(seconds()) << '\n'
       << std::flush;
}

std::string rate_text(double per_second) {
  constexpr double minute = 60.0;
  constexpr double hour = 3600.0;
  if (per_second >= 1.0) {
    return fmt::format("{:.{}f}/s", per_second, per_second < 10.0 ? 1 : 0);
  }
  if (per_second * minute >= 1.0) {
    return fmt::format("{:.1f}/min", per_second * minute);
  }
  return fmt::format("{:.1f}/h", per_second * hour);
}

bool stderr_reaches_terminal() {
  const std::string parent = "/proc/" + std::to_string(getppid());
  std::string command;
  std::getline(std::ifstream(parent + "/comm") >> std::ws, command);
  const bool launched = command.starts_with("mpirun") || command.starts_with("orterun") ||
                        command.starts_with("mpiexec");
  if (!launched) {
    return isatty(STDERR_FILENO) == 1;
  }
  const int shown = open((parent + "/fd/2").c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (shown < 0) {
    return false;
  }
  const bool terminal = isatty(shown) == 1;
  close(shown);
  return terminal;
}

}  // namespace qbsweep
