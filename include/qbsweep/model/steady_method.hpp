#pragma once
/// \file
/// The ways in which a steady state is found: their words, and what each computes with. How they do
/// it, and what they take, is in the room `spectrum`.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "qbsweep/model/model_terms.hpp"

namespace qbsweep {

/// The numbers are those of archives.
enum class SteadyMethod : std::uint8_t { automatic, shift_invert, propagator, gmres };

struct SteadyMethodInfo {
  SteadyMethod method;
  std::string_view word;            ///< in sweep files and archives
  std::string_view meaning;         ///< in Markdown
  std::array<Carrier, 2> carriers;  ///< it knows the terms that both of these know
};

/// In the order of the enumeration.
inline constexpr std::array steady_method_table = {
    SteadyMethodInfo{SteadyMethod::automatic,
                     "auto",
                     "takes the one that is expected to be the fastest of those that fit into "
                     "memory, and where it does not find the state the next one",
                     {Carrier::assembled_matrix, Carrier::assembled_matrix}},
    SteadyMethodInfo{SteadyMethod::shift_invert,
                     "shift_invert",
                     "SLEPc around zero on the assembled, factorised Liouvillian",
                     {Carrier::assembled_matrix, Carrier::assembled_matrix}},
    SteadyMethodInfo{SteadyMethod::propagator,
                     "propagator",
                     "the dominant eigenvector of exp(L T), without a matrix",
                     {Carrier::parity_kernel, Carrier::parity_kernel}},
    SteadyMethodInfo{SteadyMethod::gmres,
                     "gmres",
                     "preconditioned by the part of L without jumps, without a matrix",
                     {Carrier::parity_kernel, Carrier::no_jump_inverse}}};

[[nodiscard]] constexpr const SteadyMethodInfo& info_of(SteadyMethod method) {
  return steady_method_table[static_cast<std::size_t>(method)];
}

/// Whether it computes with all terms of `battery`.
[[nodiscard]] inline bool carries(SteadyMethod method, const BatteryParameters& battery) {
  const auto& [first, second] = info_of(method).carriers;
  return carries(first, battery) && carries(second, battery);
}

}  // namespace qbsweep
