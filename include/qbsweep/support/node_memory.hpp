#pragma once
/// \file
/// How much memory there is for this process.

#include <string>

namespace qbsweep {

/// Bytes that the processes on this machine can still take: what the kernel calls available, or
/// what is left of a control group's limit (containers, Slurm jobs) or of this process' own
/// address-space limit, whichever is less. Infinity where nothing can be read.
[[nodiscard]] double available_memory_bytes();

/// The same, but of the address space only what is not claimed yet: how large an allocation may be
/// at this moment.
[[nodiscard]] double unclaimed_memory_bytes();

/// "1.5 GiB", "640 MiB": a size for people.
[[nodiscard]] std::string size_text(double bytes);

}  // namespace qbsweep
