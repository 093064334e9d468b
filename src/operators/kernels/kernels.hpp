#pragma once
/// \file
/// The inner kernels, each compiled for several instruction sets; which one runs is decided at run
/// time, so that a binary built on one machine runs on every other.

#include <span>

#include "add_scaled.hpp"
#include "drive_kernel.hpp"
#include "parity_kernel.hpp"
#include "tavis_cummings_kernel.hpp"

namespace qbsweep::kernels {

/// All kernels of one instruction set.
struct KernelSet {
  const char* name;
  ParityKernel parity;
  ParityHermitianParts parity_hermitian;
  DriveKernel drive;
  TavisCummingsKernel tavis_cummings;
  TavisCummingsSums tavis_cummings_sums;
  AddScaled add_one;  ///< vector
  AddScaled add_two;
  Combine combine;
};

/// The sets that this processor can run, the best first; the portable one is always there, last.
[[nodiscard]] std::span<const KernelSet> available();

/// The one to use.
[[nodiscard]] inline const KernelSet& best() {
  return available().front();
}

}  // namespace qbsweep::kernels
