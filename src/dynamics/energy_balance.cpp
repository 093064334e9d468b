#include "qbsweep/dynamics/energy_balance.hpp"

namespace qbsweep {
namespace {

Integrals numbers_of(const RunTotals& totals) {
  Integrals numbers = {};
  std::size_t f = 0;
  RunTotals::for_each(totals, [&](double total) { numbers[f++] = total; });
  return numbers;
}

Integrals sum_of(Integrals a, const Integrals& b) {
  for (std::size_t f = 0; f < a.size(); ++f) {
    a[f] += b[f];
  }
  return a;
}

}  // namespace

void EnergyBalance::step(double begin, double end, const std::function<RunTotals(double)>& rates,
                         double tolerance) {
  last_.emplace(
      begin, end, [&](double t) { return numbers_of(rates(t)); }, tolerance);
  until_begin_ = until_end_;
  until_end_ = sum_of(until_begin_, last_->up_to(end));
  end_ = end;
}

void EnergyBalance::add(const EnergyFlows& flows) {
  until_end_ = sum_of(until_end_, numbers_of({flows}));
  last_.reset();
}

RunTotals EnergyBalance::at(double t) const {
  const Integrals numbers = last_ && t < end_ ? sum_of(until_begin_, last_->up_to(t)) : until_end_;
  RunTotals totals;
  std::size_t f = 0;
  RunTotals::for_each(totals, [&](double& total) { total = numbers[f++]; });
  return totals;
}

void EnergyBalance::restore(const Integrals& state) {
  until_end_ = state;
  last_.reset();
}

}  // namespace qbsweep
