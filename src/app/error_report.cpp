#include "error_report.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <exception>

#include "qbsweep/support/out_of_memory.hpp"

#include "qbsweep/archive/archive.hpp"

namespace qbsweep {

bool is_first_rank() {
  // Before MPI is up only the launcher's variables tell; without a launcher there is one process.
  for (const char* const name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}) {
    if (const char* const rank = std::getenv(name)) {
      return std::strcmp(rank, "0") == 0;
    }
  }
  return true;
}

void warn(const std::string& message) {
  if (is_first_rank()) {
    fmt::print(stderr, "qbsweep: warning: {}\n", one_line(message));
  }
}

void report_error(const std::string& message) {
  if (is_first_rank()) {
    fmt::print(stderr, "qbsweep: error: {}\n", one_line(message));
  }
}

ExitCode report_exception() {
  try {
    throw;
  } catch (const DamagedArchive& error) {
    report_error(fmt::format("{}; `qbsweep run` with its sweep file keeps what is whole of it",
                             error.what()));
    return ExitCode::bad_input;
  } catch (const InputError& error) {
    report_error(error.what());
    return ExitCode::bad_input;
  } catch (const std::bad_alloc& error) {
    report_error(describe(error));
  } catch (const std::exception& error) {
    report_error(error.what());
  }
  return ExitCode::environment;
}

}  // namespace qbsweep
