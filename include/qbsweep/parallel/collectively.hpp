#pragma once
/// \file
/// Errors of one rank that all ranks hear of.

#include <mpi.h>

#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/out_of_memory.hpp"

namespace qbsweep {

/// Throws an EnvironmentError with the text of the lowest rank that has an error, if any has one.
/// Collective.
void throw_first_error(MPI_Comm comm, std::optional<std::string> error);

/// Runs `action` on every rank; if it throws on any of several, all ranks throw an EnvironmentError
/// with the text of the lowest of those. On a single rank exceptions pass as they are. For what
/// only some ranks do, or what may fail on only some. Collective.
template <typename Action>
void collectively(MPI_Comm comm, Action&& action) {
  if (Communicator::size_of(comm) == 1) {
    action();
    return;
  }
  std::optional<std::string> error;
  try {
    action();
  } catch (const std::bad_alloc& caught) {
    error = describe(caught);
  } catch (const std::exception& caught) {
    error = caught.what();
  }
  throw_first_error(comm, std::move(error));
}

}  // namespace qbsweep
