#pragma once
/// \file
/// How the files of checkpoints are called.

namespace qbsweep {

/// What follows the name of a checkpoint until it is whole.
inline constexpr const char* checkpoint_suffix_while_written = ".writing";

}  // namespace qbsweep
