#pragma once
/// \file
/// The largest value of a quantity over a charging run, and the time that is named for it.

#include <cstddef>
#include <vector>

namespace qbsweep {

/// A time at which a quantity was larger than ever before, and what there was then. Of an ergotropy
/// all of it; of other quantities the quench energy alone.
struct Peak {
  double time = 0.0;
  double value = 0.0;
  double battery_energy = 0.0;
  double locked_energy = 0.0;  ///< of the definition of ergotropy, where the quantity is one
  double quench_energy = 0.0;
  std::vector<double> observables = {};  ///< those that were asked for
};

/// The value is the largest of all. Its time is that of the earliest peak that is equal to it
/// within the tie, so that rounding does not decide between the equal maxima of a periodic charging
/// run.
class RunningMaximum {
 public:
  RunningMaximum() = default;
  /// \param tie          in the unit of the quantity
  /// \param observables  how many of them come with a peak
  explicit RunningMaximum(double tie, std::size_t observables = 0)
      : tie_(tie), observables_(observables) {}

  [[nodiscard]] double tie() const { return tie_; }
  /// Whether a value of `candidate` would be larger than all before.
  [[nodiscard]] bool beaten_by(double candidate) const {
    return peaks_.empty() || candidate > peaks_.back().value;
  }
  /// A peak that is later and higher than all before.
  void note(const Peak& peak);

  /// The largest value. Not before the first peak.
  [[nodiscard]] double value() const { return peaks_.back().value; }
  /// The peak that counts for the time. Not before the first peak.
  [[nodiscard]] const Peak& named() const { return peaks_.front(); }

  /// All that is kept, as numbers, and back.
  [[nodiscard]] std::vector<double> state() const;
  /// \throws EnvironmentError for numbers that are no such state
  void restore(const std::vector<double>& state);

 private:
  double tie_ = 0.0;
  std::size_t observables_ = 0;
  std::vector<Peak> peaks_;  // ascending in time and value, all within the tie of the last one
};

}  // namespace qbsweep
