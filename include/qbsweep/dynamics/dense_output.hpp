#pragma once
/// \file
/// Observations over a piece of the charging window, at every time in it.

#include <vector>

namespace qbsweep {

class DenseStep {
 public:
  DenseStep() = default;
  virtual ~DenseStep() = default;

  [[nodiscard]] virtual double t_begin() const = 0;
  [[nodiscard]] virtual double t_end() const = 0;

  /// Observations at t_begin <= t <= t_end. `out` is empty at first or comes from an earlier call
  /// for the same charging run: numbers that are 0 throughout are then left alone.
  virtual void values(double t, std::vector<double>& out) const = 0;
  /// Their first time derivative.
  virtual void rates(double t, std::vector<double>& out) const = 0;

  /// In so many parts the step must be searched for every turn of the observations to be seen.
  [[nodiscard]] virtual int parts() const = 0;

 protected:
  DenseStep(const DenseStep&) = default;
  DenseStep& operator=(const DenseStep&) = default;
  DenseStep(DenseStep&&) = default;
  DenseStep& operator=(DenseStep&&) = default;
};

}  // namespace qbsweep
