#pragma once
/// \file
/// Follows where energy comes from (energy_flows.hpp), and how frames turn, over a charging run.

#include <functional>
#include <optional>
#include <vector>

#include "qbsweep/dynamics/running_integral.hpp"
#include "qbsweep/model/energy_flows.hpp"

namespace qbsweep {

/// What has been added up since the begin of a charging run.
struct RunTotals {
  EnergyFlows flowed;
  double omega_0 = 0.0;  ///< the integral of its factor over time, for frames
  double omega_c = 0.0;  ///< likewise

  /// Calls visit(member) for each.
  template <typename Totals, typename Visit>
  static void for_each(Totals& totals, Visit&& visit) {
    EnergyFlows::for_each(totals.flowed, visit);
    visit(totals.omega_0);
    visit(totals.omega_c);
  }
};

class EnergyBalance {
 public:
  /// The next step; `rates` are those of the totals.
  /// \param tolerance  of a rate
  void step(double begin, double end, const std::function<RunTotals(double)>& rates,
            double tolerance);
  /// What flows at once, behind the last step.
  void add(const EnergyFlows& flows);

  /// All until `t`, which lies in the last step or is its end.
  [[nodiscard]] RunTotals at(double t) const;

  /// All until the end of the last step, for checkpoints.
  [[nodiscard]] const Integrals& state() const { return until_end_; }
  void restore(const Integrals& state);

 private:
  Integrals until_end_ = {};  // of the last step
  Integrals until_begin_ = {};
  double end_ = 0.0;
  std::optional<RunningIntegral> last_;
};

}  // namespace qbsweep
