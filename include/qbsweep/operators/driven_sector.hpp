#pragma once
/// \file
/// Both halves of the full state, which a drive couples.

#include <memory>
#include <vector>

#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/requested_weights.hpp"

namespace qbsweep {

namespace kernels {
struct DriveWeights;
}  // namespace kernels

/// The even half, then the odd one, each stored as ParitySector does; the drives move elements from
/// the one to the other. Each rank has the whole.
class DrivenSector final : public Sector {
 public:
  /// In the frame of frame_frequency(); Fock levels from battery.fock_dim.
  explicit DrivenSector(const BatteryParameters& battery);
  DrivenSector(const BatteryParameters& battery, const kernels::KernelSet& kernels);
  DrivenSector(const DrivenSector&) = delete;
  DrivenSector& operator=(const DrivenSector&) = delete;
  ~DrivenSector() override;

  [[nodiscard]] std::int64_t size() const override { return even_.size() + odd_.size(); }
  [[nodiscard]] std::int64_t unknowns() const override {
    return even_.unknowns() + odd_.unknowns();
  }
  void apply(const double* x, double* y, const Recurrence& weights) const override;
  void set_pure_state(std::span<const double> amplitudes, double* x) const override;
  void observe_more(ObservationRequest request, const BatteryParameters& battery) override;
  [[nodiscard]] const std::vector<std::int64_t>& observed() const override { return observed_; }
  void observe(const double* x, double* observations) const override;
  void gather(const double* full, double* x) const override;
  void scatter(const double* x, double* full) const override;
  [[nodiscard]] int levels() const override { return even_.levels(); }
  void add_populations(const double* x, std::span<double> populations) const override;
  [[nodiscard]] IndexRange own_lines(int rank) const override { return even_.own_lines(rank); }
  [[nodiscard]] IndexRange kept_lines(int rank) const override { return even_.kept_lines(rank); }
  [[nodiscard]] std::int64_t packed_size(std::int64_t line, int levels) const override;
  void pack(std::int64_t line, int levels, const double* x, double* numbers) const override;
  void unpack(std::int64_t line, int levels, const double* numbers, double* x) const override;

 private:
  void add_energies(const BatteryParameters& battery);
  void add_observed();

  double cavity_drive_;
  bool atoms_are_driven_;
  int fock_dim_;
  const kernels::KernelSet& kernels_;
  ParitySector even_;
  ParitySector odd_;
  std::vector<kernels::DriveWeights> weights_;  // of the pairs
  std::vector<double> root_;
  mutable std::vector<double> room_;

  struct Weight {
    std::int64_t position;  // in x
    double weight;
  };
  struct Energy {
    std::int64_t position;  // of the observation
    std::vector<Weight> weights;
  };
  std::vector<Energy> energies_;  // of the drives
  StateBasis basis_;
  ObservationLayout layout_;
  RequestedWeights requested_;
  std::vector<std::int64_t> observed_;
};

}  // namespace qbsweep
