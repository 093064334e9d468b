// answer_many: runs many command lines of the program quickly. Reads one a line from the standard
// input, its words separated by tabs; runs each in a child of its own that is forked, not started
// (loading the libraries takes 0.1 s of every start); prints for each one line of JSON: exit code,
// signal, processor seconds, peak memory, and what it said. A child may use 20 s of processor time
// and 4 GiB of addresses, so that a bad one ends.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "qbsweep/app/program.hpp"

namespace {

constexpr rlim_t most_seconds = 20;
constexpr rlim_t most_bytes = rlim_t{4} << 30U;

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words = {"qbsweep"};
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = line.find('\t', begin);
    words.push_back(line.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return words;
}

void limit(decltype(RLIMIT_CPU) what, rlim_t most) {
  const rlimit bound = {most, most};
  setrlimit(what, &bound);
}

[[noreturn]] void answer(std::vector<std::string> words, int out, int err) {
  limit(RLIMIT_CPU, most_seconds);
  limit(RLIMIT_AS, most_bytes);
  limit(RLIMIT_CORE, 0);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  const int code = qbsweep::run_program(static_cast<int>(words.size()), arguments.data());
  std::fflush(nullptr);
  _exit(code);
}

std::string text_of(int file) {
  std::string text;
  char piece[4096];
  lseek(file, 0, SEEK_SET);
  for (ssize_t count = 0; (count = read(file, piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<std::size_t>(count));
  }
  close(file);
  return text;
}

nlohmann::json run(const std::string& line) {
  const int out = memfd_create("out", 0);
  const int err = memfd_create("err", 0);
  const pid_t child = fork();
  if (child < 0 || out < 0 || err < 0) {
    std::perror("answer_many");
    std::exit(2);
  }
  if (child == 0) {
    answer(words_of(line), out, err);
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {{"code", WIFEXITED(status) ? WEXITSTATUS(status) : -1},
          {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0},
          {"seconds", seconds(used.ru_utime) + seconds(used.ru_stime)},
          {"bytes", 1024.0 * static_cast<double>(used.ru_maxrss)},
          {"out", text_of(out)},
          {"err", text_of(err)}};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    // What was said may hold bytes that are no text.
    std::cout << run(line).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)
              << std::endl;
  }
  return 0;
}
