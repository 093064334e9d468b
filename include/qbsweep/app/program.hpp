#pragma once
/// \file
/// The command line: reads it, does what it says, and turns every error into one line and an exit
/// code.

namespace qbsweep {

/// The whole program. Starts MPI and PETSc only for `run`.
/// \return the exit code (ExitCode)
int run_program(int argc, char** argv);

}  // namespace qbsweep
