#pragma once
/// \file
/// The Liouvillian of a Tavis-Cummings battery on one excitation sector.

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/requested_weights.hpp"
#include "qbsweep/operators/sector.hpp"

namespace qbsweep {

namespace kernels {
struct KernelSet;
struct TavisCummingsWeights;
}  // namespace kernels
class GhostExchange;
class TavisCummingsLayout;

/// Tavis-Cummings conserves K = n + (excited atoms), and noise only lowers it, in the row and in
/// the column of an element alike. Sector k >= 0 holds the elements whose row has k excitations
/// more than their column; sector -k is its adjoint and is not stored. Only sectors up to k = N
/// reach the battery's state.
///
/// States are seen from the frame that rotates at omega_c, in which the free evolution of an
/// element is (omega_0 - omega_c) (i - i') alone. Within sector k all elements turn equally fast
/// against that of the laboratory, so rho_B is rotated by exp(i omega_c k t) against it: an
/// ergotropy, an energy, a photon number do not show it.
///
/// The elements are stored in the order of e, the excited atoms of their row. Ranks that share a
/// sector own those of successive e, about as many numbers each, and have the e before and behind
/// as ghosts:
///
///     e        0   1   2 | 3   4 | 5   6   7   8
///     rank 0   own .....  ghost
///     rank 1         ghost own .. ghost
///     rank 2                 ghost own .........
///
/// Where a sector has few e, some ranks may keep nothing. Every element is computed by the same
/// operations on any number of ranks.
class TavisCummingsSector final : public Sector {
 public:
  /// \param k                >= 0
  /// \param max_excitations  highest excitation number that is stored, 0 .. battery.fock_dim - 1.
  ///                         fock_dim - 1 loses nothing that starts in a charged cavity of fock_dim
  ///                         levels, m nothing that starts in the Fock state m.
  /// \param real_state       keep X of rho = X + iY only, which is exact where omega_0 = omega_c
  ///                         and the initial state has no Y
  /// \param comm             the ranks that share the sector; must outlive it and return its errors
  ///                         (Communicator)
  /// Collective on `comm`.
  /// \throws EnvironmentError on all ranks, where messages would be too large for one
  TavisCummingsSector(const BatteryParameters& battery, int k, int max_excitations, bool real_state,
                      MPI_Comm comm = MPI_COMM_SELF);
  /// The same with kernels of one's choice, for tests.
  TavisCummingsSector(const BatteryParameters& battery, int k, int max_excitations, bool real_state,
                      const kernels::KernelSet& kernels, MPI_Comm comm = MPI_COMM_SELF);
  TavisCummingsSector(const TavisCummingsSector&) = delete;
  TavisCummingsSector& operator=(const TavisCummingsSector&) = delete;
  ~TavisCummingsSector() override;

  [[nodiscard]] std::int64_t size() const override;
  [[nodiscard]] std::int64_t unknowns() const override;
  [[nodiscard]] Slab slab() const override;
  [[nodiscard]] MPI_Comm comm() const override { return comm_; }
  void apply(const double* x, double* y, const Recurrence& weights) const override;
  void set_pure_state(std::span<const double> amplitudes, double* x) const override;
  void observe_more(ObservationRequest request, const BatteryParameters& battery) override;
  [[nodiscard]] const std::vector<std::int64_t>& observed() const override { return observed_; }
  void observe(const double* x, double* observations) const override;
  /// Elements above max_excitations, and Y of a real state, are dropped.
  void gather(const double* full, double* x) const override;
  void scatter(const double* x, double* full) const override;
  [[nodiscard]] int levels() const override;
  void add_populations(const double* x, std::span<double> populations) const override;
  [[nodiscard]] IndexRange own_lines(int rank) const override;
  [[nodiscard]] IndexRange kept_lines(int rank) const override;
  [[nodiscard]] std::int64_t packed_size(std::int64_t line, int levels) const override;
  void pack(std::int64_t line, int levels, const double* x, double* numbers) const override;
  void unpack(std::int64_t line, int levels, const double* numbers, double* x) const override;

 private:
  void share_rows();
  template <typename Visit>
  void for_each_of_line(std::int64_t line, int levels, Visit&& visit) const;
  void add_roots();
  void add_weights();
  void add_jumps(const Element& row, kernels::TavisCummingsWeights& weights) const;
  void add_observations();
  /// Nothing for an element of another sector.
  [[nodiscard]] std::optional<StoredElement> locate(const Element& element) const;
  [[nodiscard]] double interaction_energy(const double* x) const;
  [[nodiscard]] double other_energy(const double* x) const;
  /// Of a Fock level, as far as this rank owns it.
  [[nodiscard]] double population(const double* x, int n) const;

  BatteryParameters battery_;
  StateBasis basis_;
  const kernels::KernelSet& kernels_;
  MPI_Comm comm_;
  Dissipators noise_;
  Hamiltonian other_;  // what EnergyOf::other has of H
  std::unique_ptr<const TavisCummingsLayout> layout_;
  std::unique_ptr<GhostExchange> ghosts_;  // where others own the rest of the sector

  std::vector<double> roots_;  // sqrt(n + 1) from n = max_excitations down, then zeros
  std::vector<kernels::TavisCummingsWeights> weights_;  // of every strip that is owned

  ObservationLayout all_;  // where observed_ stands
  RequestedWeights requested_;
  std::vector<std::int64_t> observed_;
};

}  // namespace qbsweep
