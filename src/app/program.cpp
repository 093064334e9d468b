#include "qbsweep/app/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "error_report.hpp"
#include "qbsweep/app/commands.hpp"
#include "qbsweep/app/version.hpp"
#include "qbsweep/support/choices.hpp"
#include "qbsweep/support/duration.hpp"
#include "usage_error.hpp"

namespace qbsweep {
namespace {

/// An unset variable of a script must not mean a default, and what other programs read as their
/// standard input or output not a file of that name.
std::string refuse_no_archive(const std::string& path) {
  if (path.empty()) {
    return "found nothing; accepted: a path";
  }
  return path == "-" ? "found -; accepted: the path of a file (./- if it is called that)" : "";
}

std::string refuse_no_sweep(const std::string& path) {
  if (path.empty()) {
    return "found nothing; accepted: a path";
  }
  return path == "-" ? "found -; accepted: a path (/dev/stdin for the standard input)" : "";
}

/// NaN is within any range for CLI11.
std::string refuse_bad_interval(const std::string& text) {
  constexpr double shortest = 0.1;
  constexpr double longest = 86'400.0;
  double seconds = 0;
  return CLI::detail::lexical_cast(text, seconds) && seconds >= shortest && seconds <= longest
             ? ""
             : fmt::format("found {}; accepted: seconds from {} to {}", text, shortest, longest);
}

void add_sweep_source(CLI::App& command, SweepSource& source) {
  command.add_option("SWEEP.yaml", source.path, "the sweep file")
      ->required()
      ->check(refuse_no_sweep);
  command
      .add_option("--set", source.overrides,
                  "key=value: set a parameter, an axis, SECTION.KEY, a number of a shape as in "
                  "coupling.rise, observables or photon_levels on top of the file")
      ->allow_extra_args(false);
}

void add_archive(CLI::App& command, std::string& path) {
  command.add_option("OUT.h5", path, "the archive")->required()->check(refuse_no_archive);
}

void add_shard(CLI::App& command, std::optional<Shard>& shard) {
  command
      .add_option_function<std::string>(
          "--shard", [&shard](const std::string& text) { shard = parse_shard(text); },
          "i/n: compute only the i-th of n shares of the points, into an archive of their own")
      ->check([](const std::string& text) {
        return parse_shard(text)
                   ? ""
                   : fmt::format("found {}; accepted: i/n with i from 1 to n, as in 2/4",
                                 text.empty() ? "nothing" : text);
      });
}

/// Until Slurm ends the job; none outside of a job, or where it does not say. A time that has
/// passed is a stop at once.
std::optional<double> slurm_seconds_left() {
  const char* const end = std::getenv("SLURM_JOB_END_TIME");
  if (end == nullptr) {
    return std::nullopt;
  }
  char* rest = nullptr;
  const double epoch = std::strtod(end, &rest);
  if (rest == end || *rest != 0) {
    return std::nullopt;
  }
  return std::max(epoch - static_cast<double>(std::time(nullptr)), 0.0);
}

/// An option whose value is a duration, in seconds.
void add_duration(CLI::App& command, const std::string& option,
                  const std::function<void(double)>& take, const std::string& description) {
  command
      .add_option_function<std::string>(
          option, [take](const std::string& text) { take(*parse_duration(text)); }, description)
      ->type_name("DURATION")
      ->check([](const std::string& text) {
        return parse_duration(text)
                   ? ""
                   : fmt::format("found {}; accepted: {}", text.empty() ? "nothing" : text,
                                 accepted_durations);
      });
}

void add_times(CLI::App& command, RunOptions& run) {
  run.seconds_until_limit = slurm_seconds_left();
  add_duration(
      command, "--time-limit", [&run](double seconds) { run.seconds_until_limit = seconds; },
      "stop in time to save everything before so long has passed (default: before Slurm ends the "
      "job, where SLURM_JOB_END_TIME says when)");
  add_duration(
      command, "--checkpoint-every",
      [&run](double seconds) { run.seconds_between_checkpoints = seconds; },
      "how much work on a single point may be lost by a kill (default: 10min)");
}

/// An option whose value is one of some words, each of which stands for a value of `target`.
template <typename Choice>
void add_choice(CLI::App& command, const std::string& option, Choice& target,
                const std::map<std::string, Choice>& choices, const std::string& description) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& [word, choice] : choices) {
    words.push_back(word);
  }
  command
      .add_option_function<std::string>(
          option, [choices, &target](const std::string& word) { target = choices.at(word); },
          description)
      ->check(
          [words](const std::string& word) {
            const bool known = std::find(words.begin(), words.end(), word) != words.end();
            return known ? std::string() : found_instead(word, words);
          },
          fmt::format("{{{}}}", fmt::join(words, ",")));  // in the help
}

void add_method(CLI::App& command, ChargingMethod& method) {
  add_choice(
      command, "--operator", method.liouvillian,
      {{"assembled", LiouvillianKind::assembled}, {"matrix_free", LiouvillianKind::matrix_free}},
      "the Liouvillian: a sparse matrix, or applied without one (default)");
  add_choice(command, "--propagator", method.propagator,
             {{"ts", Propagator::ts}, {"chebyshev", Propagator::chebyshev}},
             "through the window: PETSc's TS, or a Chebyshev series (default)");
}

/// What `run` accepts, and what `validate` does for it.
void add_run_options(CLI::App& command, RunOptions& run) {
  add_sweep_source(command, run.source);
  command
      .add_option("-o,--output", run.archive_path,
                  "the archive (default: the sweep's name and .h5, in this folder)")
      ->check(refuse_no_archive);
  add_shard(command, run.shard);
  add_times(command, run);
  add_method(command, run.method);
}

constexpr const char* petsc_example = "run fig4.yaml --propagator ts -- -ts_rk_type 8vr";

/// CLI11 would not say which words are commands.
void require_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* const command : app.get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  if (std::find(names.begin(), names.end(), word) == names.end()) {
    throw InputError(fmt::format("found {}; accepted: {} (qbsweep --help explains them)",
                                 word.empty() ? "no command" : "the command " + word,
                                 choices_and_guess(word, names)));
  }
}

/// What `print_...` printed may still be on its way.
void flush_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw EnvironmentError(
        fmt::format("cannot write to the standard output: {}", std::strerror(errno)));
  }
}

ExitCode parse_and_run(int argc, char** argv) {
  // What follows "--" is PETSc's.
  RunOptions run;
  int own_argc = argc;
  for (int a = 1; a < argc; ++a) {
    if (std::strcmp(argv[a], "--") == 0) {
      own_argc = a;
      run.petsc_options.assign(argv + a + 1, argv + argc);
      break;
    }
  }

  CLI::App app("Sweeps of noisy Dicke and Tavis-Cummings quantum batteries over parameter grids.",
               "qbsweep");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(0, 1);

  CLI::App* const run_command =
      app.add_subcommand("run", "compute a sweep into its archive, or resume it");
  add_run_options(*run_command, run);
  run_command->footer(
      fmt::format("PETSc options follow --. They concern --propagator ts only, as in: qbsweep {}",
                  petsc_example));

  SweepSource source;
  CLI::App* const plan = app.add_subcommand("plan", "show what a sweep would take");
  add_sweep_source(*plan, source);
  ChargingMethod method;
  add_method(*plan, method);
  CLI::App* const validate = app.add_subcommand(
      "validate", "check a sweep file, and with the options of `run` what it would refuse");
  add_run_options(*validate, run);

  std::string archive_path;
  CLI::App* const status = app.add_subcommand("status", "show how far an archive is");
  add_archive(*status, archive_path);
  double watch_interval = 5.0;
  CLI::Option* const watch =
      status
          ->add_option("--watch", watch_interval,
                       "again every so many SECONDS (default 5), as long as a run writes it")
          ->expected(0, 1)
          ->check(refuse_bad_interval);

  std::vector<std::string> parts;
  CLI::App* const merge =
      app.add_subcommand("merge", "make one archive of what several parts of a sweep hold");
  add_archive(*merge, archive_path);
  merge->add_option("PART.h5", parts, "archives of one sweep: shards, or any others")
      ->required()
      ->check(refuse_no_archive);

  CLI::App* const verify =
      app.add_subcommand("verify", "read an archive from end to end and say what is damaged in it");
  add_archive(*verify, archive_path);

  ExportFormat format = ExportFormat::csv;
  CLI::App* const export_command =
      app.add_subcommand("export", "print a row for every point of an archive");
  add_archive(*export_command, archive_path);
  add_choice(*export_command, "--format", format,
             {{"csv", ExportFormat::csv}, {"table", ExportFormat::table}},
             "with all columns (default) or aligned for reading");

  const std::string first = own_argc > 1 ? argv[1] : "";
  if (!first.starts_with('-')) {
    require_command(app, first);
  }
  try {
    app.parse(own_argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    if (is_first_rank()) {
      app.exit(success);
      flush_output();
    }
    return ExitCode::complete;
  } catch (const CLI::ParseError& error) {
    const auto parsed = app.get_subcommands();
    throw InputError(fmt::format("{} (qbsweep{} --help lists what is accepted)",
                                 usage_error(app, error),
                                 parsed.empty() ? "" : " " + parsed.front()->get_name()));
  }
  if (!run.petsc_options.empty() && (!(run_command->parsed() || validate->parsed()) ||
                                     !run.petsc_options.front().starts_with('-'))) {
    throw InputError(
        fmt::format("found '-- {}'; accepted: PETSc options after the command run only, as in {}",
                    fmt::join(run.petsc_options, " "), petsc_example));
  }

  if (run_command->parsed()) {
    return run_sweep(run);
  }
  if (merge->parsed()) {
    const ExitCode code = merge_parts(archive_path, parts);
    flush_output();
    return code;
  }
  if (plan->parsed()) {
    print_plan(source, method);
  } else if (validate->parsed()) {
    print_validation(run);
  } else if (status->parsed()) {
    if (watch->count() > 0) {
      watch_status(archive_path, watch_interval);
    } else {
      print_status(archive_path);
    }
  } else {
    const ExitCode code =
        verify->parsed() ? verify_archive(archive_path) : print_export(archive_path, format);
    flush_output();
    return code;
  }
  flush_output();
  return ExitCode::complete;
}

}  // namespace

int run_program(int argc, char** argv) {
  // A file that meets a size limit shall be an error of its write, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return static_cast<int>(parse_and_run(argc, argv));
  } catch (...) {
    // Without MPI: all ranks see the same. The first one speaks and answers for all, for mpirun
    // ends every rank once one has returned an error, and the others may be faster.
    const ExitCode code = report_exception();
    return static_cast<int>(is_first_rank() ? code : ExitCode::complete);
  }
}

}  // namespace qbsweep
