#include <array>

#include "qbsweep/model/dissipators.hpp"

namespace qbsweep {
namespace {

using Battery = const BatteryParameters&;

/// The whole model's noise (parameters.hpp). A new dissipator is an entry here.
constexpr std::array table = {
    Dissipator{"cavity loss", "kappa (n_th + 1) D[a]",
               [](Battery b) { return b.kappa * (b.n_th + 1); }, Jump::annihilation},
    Dissipator{"thermal photons", "kappa n_th D[a^dag]", [](Battery b) { return b.kappa * b.n_th; },
               Jump::creation},
    Dissipator{"atomic decay", "gamma_down sum_i D[sigma_-^i]",
               [](Battery b) { return b.gamma_down; }, Jump::single_lowering},
    Dissipator{"atomic pumping", "gamma_up sum_i D[sigma_+^i]",
               [](Battery b) { return b.gamma_up; }, Jump::single_raising},
    Dissipator{"dephasing", "gamma_phi sum_i D[sigma_z^i]", [](Battery b) { return b.gamma_phi; },
               Jump::single_pauli_z},
    Dissipator{"collective decay", "collective_down D[J_-]",
               [](Battery b) { return b.collective_down; }, Jump::collective_lowering},
    Dissipator{"collective pumping", "collective_up D[J_+]",
               [](Battery b) { return b.collective_up; }, Jump::collective_raising},
    Dissipator{"collective dephasing", "collective_phi D[J_z]",
               [](Battery b) { return b.collective_phi; }, Jump::collective_z},
};

}  // namespace

std::span<const Dissipator> dissipator_table() {
  return table;
}

}  // namespace qbsweep
