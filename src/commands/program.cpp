#include "qbsweep/commands/program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>

#include "qbsweep/commands/commands.hpp"
#include "qbsweep/commands/version.hpp"

namespace qbsweep {
namespace {

/// Whether this process is the one of its job that speaks. Before MPI is up only the launcher's
/// variables tell; without a launcher there is one process.
bool is_first_rank() {
  for (const char* const name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}) {
    if (const char* const rank = std::getenv(name)) {
      return std::strcmp(rank, "0") == 0;
    }
  }
  return true;
}

ExitCode complain(ExitCode code, const std::string& message) {
  if (is_first_rank()) {
    fmt::print(stderr, "qbsweep: error: {}\n", one_line(message));
  }
  return code;
}

void add_sweep_source(CLI::App& command, SweepSource& source) {
  command.add_option("SWEEP.yaml", source.path, "the sweep file")->required();
  command
      .add_option("--set", source.overrides,
                  "key=value: set a parameter, an axis or charging.KEY on top of the file")
      ->allow_extra_args(false);
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
  app.require_subcommand(1);
  ExitCode code = ExitCode::complete;

  CLI::App* const run_command =
      app.add_subcommand("run", "compute a sweep into its archive, or go on with it");
  add_sweep_source(*run_command, run.source);
  run_command->add_option("-o,--output", run.archive_path,
                          "the archive (default: the sweep's name and .h5, in this folder)");
  run_command->footer("PETSc options follow --, as in: qbsweep run fig4.yaml -- -ts_rk_type 8vr");
  run_command->callback([&] { code = run_sweep(run); });

  SweepSource source;
  CLI::App* const plan = app.add_subcommand("plan", "show what a sweep would take");
  add_sweep_source(*plan, source);
  plan->callback([&] { print_plan(source); });
  CLI::App* const validate = app.add_subcommand("validate", "check a sweep file");
  add_sweep_source(*validate, source);
  validate->callback([&] { print_validation(source); });

  std::string archive_path;
  CLI::App* const status = app.add_subcommand("status", "show how far an archive is");
  status->add_option("OUT.h5", archive_path, "the archive")->required();
  status->callback([&] { print_status(archive_path); });

  ExportFormat format = ExportFormat::csv;
  CLI::App* const export_command =
      app.add_subcommand("export", "print a row for every point of an archive");
  export_command->add_option("OUT.h5", archive_path, "the archive")->required();
  export_command
      ->add_option_function<std::string>(
          "--format",
          [&](const std::string& name) {
            format = name == "csv" ? ExportFormat::csv : ExportFormat::table;
          },
          "csv (default) or table")
      ->check(CLI::IsMember({"csv", "table"}));
  export_command->callback([&] { print_export(archive_path, format); });

  try {
    app.parse(own_argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return is_first_rank() ? static_cast<ExitCode>(app.exit(success)) : ExitCode::complete;
  } catch (const CLI::ParseError& error) {
    return complain(ExitCode::bad_input,
                    std::string(error.what()) + " (qbsweep --help lists what is accepted)");
  }
  if (!run.petsc_options.empty() && !run_command->parsed()) {
    return complain(ExitCode::bad_input,
                    fmt::format("'-- {}': PETSc options go with the command run only",
                                fmt::join(run.petsc_options, " ")));
  }
  return code;
}

}  // namespace

int run_program(int argc, char** argv) {
  // A file that meets a size limit shall be an error of its write, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  ExitCode code = ExitCode::environment;
  try {
    code = parse_and_run(argc, argv);
  } catch (const InputError& error) {
    code = complain(ExitCode::bad_input, error.what());
  } catch (const std::bad_alloc&) {
    code = complain(ExitCode::environment, "out of memory");
  } catch (const std::exception& error) {
    code = complain(ExitCode::environment, error.what());
  }
  return static_cast<int>(code);
}

}  // namespace qbsweep
