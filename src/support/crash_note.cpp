#include "qbsweep/support/crash_note.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "qbsweep/support/checksum.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/host.hpp"

namespace qbsweep {
namespace {

constexpr std::int64_t no_point = -1;
constexpr std::size_t stack_bytes = 1 << 16;

// All that the handler looks at: written before it is installed, but for the atomics.
std::array<char, PATH_MAX> file_path{};
std::array<char, 512> rank_and_host{};
std::array<struct sigaction, CrashNote::signals.size()> previous{};
std::atomic<std::int64_t> computed{no_point};
std::atomic<bool> noted{false};    // by whichever thread was first
std::atomic<bool> written{false};  // to the end
std::atomic<bool> installed{false};
static_assert(std::atomic<std::int64_t>::is_always_lock_free &&
                  std::atomic<bool>::is_always_lock_free,
              "a signal handler may touch nothing else");

const char* name_of(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    default:
      return "SIGABRT";
  }
}

/// A text put together without memory from anywhere.
class Line {
 public:
  void add(const char* text) {
    const std::size_t length = std::min(std::strlen(text), text_.size() - size_);
    std::memcpy(text_.data() + size_, text, length);
    size_ += length;
  }
  /// \param number  >= 0
  void add(std::int64_t number) {
    std::array<char, 24> digits{};
    std::size_t first = digits.size() - 1;
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    add(digits.data() + first);
  }
  [[nodiscard]] std::uint32_t sum() const { return checksum(text_.data(), size_); }
  void append_to(const char* path) const {
    const int file = ::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0) {
      // There is nobody left to tell if it cannot be written.
      static_cast<void>(!::write(file, text_.data(), size_));
      ::close(file);
    }
  }

 private:
  std::array<char, 1024> text_{};
  std::size_t size_ = 0;
};

void write_note(int signal) {
  Line line;
  line.add("{\"point\":");
  if (const std::int64_t point = computed.load(); point == no_point) {
    line.add("null");
  } else {
    line.add(point);
  }
  line.add(rank_and_host.data());
  line.add(",\"signal\":\"");
  line.add(name_of(signal));
  line.add("\",\"time\":");
  line.add(static_cast<std::int64_t>(std::time(nullptr)));
  const std::uint32_t sum = line.sum();
  line.add(",\"checksum\":");
  line.add(std::int64_t{sum});
  line.add("}\n");
  line.append_to(file_path.data());
}

/// What the first `count` of the signals did before, and the stack they did it on.
void put_back(std::size_t count, const stack_t& stack) {
  for (std::size_t k = 0; k < count; ++k) {
    sigaction(CrashNote::signals[k], &previous[k], nullptr);
  }
  sigaltstack(&stack, nullptr);
}

[[noreturn]] void refuse(int error) {
  installed = false;
  throw EnvironmentError("cannot watch for crashes: " + std::string(std::strerror(error)));
}

}  // namespace

extern "C" {
static void note_crash(int signal) {
  if (!noted.exchange(true)) {
    write_note(signal);
    written = true;
  }
  // A second thread must not end the process while the first one writes; but the first one may have
  // crashed in here.
  for (int look = 0; look < 100 && !written; ++look) {
    poll(nullptr, 0, 10);
  }
  // Blocked in here, the signal comes again on return, and meets what was there before.
  for (std::size_t k = 0; k < previous.size(); ++k) {
    if (CrashNote::signals[k] == signal) {
      sigaction(signal, &previous[k], nullptr);
    }
  }
  raise(signal);
}
}

CrashNote::CrashNote(const std::string& path, int rank) {
  if (installed.exchange(true)) {
    throw std::logic_error("crashes are noted already");
  }
  // What does not fit is cut off; a path as long as that cannot be opened.
  const std::string prefix =
      ",\"rank\":" + std::to_string(rank) + ",\"host\":\"" + host_name() + "\"";
  file_path.fill('\0');
  path.copy(file_path.data(), file_path.size() - 1);
  rank_and_host.fill('\0');
  prefix.copy(rank_and_host.data(), rank_and_host.size() - 1);
  noted = false;
  written = false;
  computed = no_point;

  stack_ = std::make_unique<char[]>(stack_bytes);
  stack_t stack{};
  stack.ss_sp = stack_.get();
  stack.ss_size = stack_bytes;
  struct sigaction action {};
  action.sa_handler = note_crash;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (sigaltstack(&stack, &previous_stack_) != 0) {
    refuse(errno);
  }
  for (std::size_t k = 0; k < signals.size(); ++k) {
    if (sigaction(signals[k], &action, &previous[k]) != 0) {
      const int error = errno;
      put_back(k, previous_stack_);
      refuse(error);
    }
  }
}

CrashNote::~CrashNote() {
  put_back(signals.size(), previous_stack_);
  installed = false;
}

CrashNote::Computing::Computing(std::int64_t point) noexcept {
  computed = point;
}

CrashNote::Computing::~Computing() {
  computed = no_point;
}

}  // namespace qbsweep
