#pragma once
/// \file
/// The even or odd half of the full state, for either interaction.
///
/// The parity of k = (n + i) - (l + k) of an element <j, i; n| rho |j, k; l> is conserved by both
/// interactions and by all noise. A state in the full basis is the sum of the two halves.

#include <mpi.h>

#include <memory>
#include <optional>
#include <vector>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/requested_weights.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/operators/sector_state.hpp"

namespace qbsweep {

namespace kernels {
struct KernelSet;
struct ParityPair;
}  // namespace kernels

class ParityGroup;

enum class Parity { even, odd };

/// How ranks that share a sector exchange: through memory, where they have some in common, and by
/// messages otherwise; or all by messages.
enum class Transport { shared_memory, messages };

/// Storage: [photon row n][pair (j, i, k), i <= k][s], registers of X and of Y in turns, where the
/// kept columns of row n are l = 2 s + rho with rho = (n + i + k + parity) mod 2. Pairs with i > k
/// are adjoints. On i = k the whole Hermitian tile is stored. apply() needs some room of its own,
/// so one thread at a time may call it.
///
/// Ranks that share a sector own photon rows, by chunks of two, and have the rows before and behind
/// them as ghosts:
///
///     photon row  0   1 | 2   3 | 4   5 | 6   7 | 8
///     rank 0      own .........  ghost
///     rank 1                ghost  own .........  ghost
///     rank 2                                ghost  own
///
/// Where there are fewer chunks than ranks, the last ranks keep nothing. Every element is computed
/// by the same operations on any number of ranks.
class ParitySector final : public Sector {
 public:
  /// In the frame of the laboratory; Fock levels from battery.fock_dim. Collective on `comm`, the
  /// ranks that share the sector, which must outlive it and return its errors (Communicator).
  /// \throws EnvironmentError on all ranks, where one has not enough memory or messages would be
  ///         too large
  ParitySector(const BatteryParameters& battery, Parity parity, MPI_Comm comm = MPI_COMM_SELF);
  /// The same with kernels and a transport of one's choice, for tests.
  ParitySector(const BatteryParameters& battery, Parity parity, const kernels::KernelSet& kernels,
               MPI_Comm comm = MPI_COMM_SELF, Transport transport = Transport::shared_memory);
  ParitySector(const ParitySector&) = delete;
  ParitySector& operator=(const ParitySector&) = delete;
  ~ParitySector() override;

  /// The half of the other parity, on the same ranks. They exchange through the same buffers: one
  /// of the two at a time may be applied.
  [[nodiscard]] std::unique_ptr<ParitySector> other_half() const;

  /// How it is stored, for what is added to it.
  [[nodiscard]] const std::vector<kernels::ParityPair>& pairs() const { return pairs_; }
  [[nodiscard]] std::int64_t width() const { return width_; }
  [[nodiscard]] std::int64_t row_stride() const { return row_stride_; }
  /// Nothing for an element of the other half.
  [[nodiscard]] std::optional<StoredElement> locate(const Element& element) const;

  [[nodiscard]] std::int64_t size() const override;
  [[nodiscard]] std::int64_t unknowns() const override;
  [[nodiscard]] Slab slab() const override;
  [[nodiscard]] MPI_Comm comm() const override { return comm_; }
  void apply(const double* x, double* y, const Recurrence& weights) const override;
  void set_pure_state(std::span<const double> amplitudes, double* x) const override;
  void observe_more(ObservationRequest request, const BatteryParameters& battery) override;
  [[nodiscard]] const std::vector<std::int64_t>& observed() const override { return observed_; }
  void observe(const double* x, double* observations) const override;
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
  ParitySector(const BatteryParameters& battery, Parity parity, const kernels::KernelSet& kernels,
               MPI_Comm comm, Transport transport, const ParitySector* other_half);
  void share_rows(Transport transport, const ParitySector* other_half);
  void add_pairs();
  void add_jumps(const Element& row, kernels::ParityPair& pair) const;
  void add_observations();
  /// What is stored of one photon row of a pair, and where it stands in the full basis.
  struct StoredRow {
    std::int64_t position;  ///< of the row
    std::int64_t count;     ///< of s
    std::int64_t element;   ///< of s = 0; two elements to the next s
    std::int64_t adjoint;   ///< of s = 0; two photon rows to the next s
    bool own_adjoint;       ///< whether the adjoint is stored, too
  };
  /// Of the photon rows n = begin .. end - 1.
  template <typename Visit>
  void for_each_row(int begin, int end, Visit&& visit) const;
  template <typename Visit>
  void for_each_of_line(std::int64_t line, int levels, Visit&& visit) const;
  [[nodiscard]] std::int64_t pair_number(int block, int i, int k) const;

  BatteryParameters battery_;
  StateBasis basis_;
  int parity_;
  const kernels::KernelSet& kernels_;
  MPI_Comm comm_;
  // Photon rows that this rank owns, and those that it keeps.
  int own_begin_ = 0;
  int own_end_;
  int kept_begin_ = 0;
  int kept_end_;
  std::int64_t width_;       // doubles of a photon row of one pair, X or Y
  std::int64_t row_stride_;  // from photon row n to n + 1
  Dissipators noise_;
  double cavity_frequency_;
  std::vector<kernels::ParityPair> pairs_;
  std::vector<std::int64_t> first_pair_;  // of each block
  std::vector<double> root_;
  mutable SectorState tables_;  // the kernel's, as what follows
  mutable std::vector<const double*> row_table_;
  // Where this rank shares the rows with others:
  std::vector<kernels::ParityPair> own_adjoint_;  // the pairs i = k
  std::shared_ptr<ParityGroup> group_;            // of both halves

  // Observations. A traced pair gives two positions, (i, k) and (k, i); on i = k they are the same.
  struct TracedPair {
    std::int64_t offset;
    std::size_t upper;
    std::size_t lower;
    double photons;  // 1 on i = k, where photons are counted
    double other_energy;
  };
  struct CouplingPair {  // (i, i + 1)
    std::int64_t offset;
    double weight;  // of 2 A Y, without the cavity's square root
  };
  bool has_other_energy_ = false;
  ObservationLayout layout_;
  std::size_t distribution_ = 0;  // where the photon distribution begins in observed_
  RequestedWeights requested_;    // at its end
  std::vector<std::int64_t> observed_;
  std::vector<TracedPair> traced_;
  std::vector<CouplingPair> coupled_;
};

}  // namespace qbsweep
