#include "steady_states.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/support/error.hpp"
#include "refined_state.hpp"

namespace qbsweep {

using petsc::check;

std::vector<double> mixed_state(const ParityHalf& even) {
  std::vector<double> numbers(static_cast<std::size_t>(even.size()), 0.0);
  for (const std::int64_t position : even.diagonal()) {
    numbers[position] = 1.0 / static_cast<double>(even.diagonal().size());
  }
  return numbers;
}

std::vector<double> first_state_of(const SteadySearch& search, const ParityHalf& even) {
  if (search.first.empty()) {
    return mixed_state(even);
  }
  std::vector<double> numbers(static_cast<std::size_t>(even.size()));
  even.restrict(search.first.data(), numbers.data());
  return numbers;
}

std::vector<double> generic_pure_state(const ParityHalf& even) {
  const int levels = even.basis().blocks()[0].dim();
  const int fock_dim = even.basis().fock_dim();
  const auto amplitude = [&](int i, int n) { return 1.5 + std::sin(2.0 * i * fock_dim + 1.3 * n); };
  std::vector<double> numbers(static_cast<std::size_t>(even.size()), 0.0);
  for (int i = 0; i < levels; ++i) {
    for (int k = 0; k < levels; ++k) {
      for (int n = i % 2; n < fock_dim; n += 2) {
        const ParityHalf::Row row = even.row(0, i, k, n);
        for (int s = 0; s < row.count; ++s) {
          numbers[row.position + s] = amplitude(i, n) * amplitude(k, row.first_l + 2 * s);
        }
      }
    }
  }
  normalise_trace(even, numbers);
  return numbers;
}

void normalise_trace(const ParityHalf& even, std::vector<double>& numbers) {
  double trace = 0.0;
  for (const std::int64_t position : even.diagonal()) {
    trace += numbers[position];
  }
  double square = 0.0;
  for (const double number : numbers) {
    square += number * number;
  }
  // The norm of a state is at most its trace.
  if (!(std::abs(trace) >= 1e-3 * std::sqrt(square))) {
    throw EnvironmentError(fmt::format(
        "the steady state found is none: its trace is {:.1e}, its norm {:.1e}, which is at most "
        "the trace of a state",
        trace, std::sqrt(square)));
  }
  for (double& number : numbers) {
    number /= trace;
  }
}

petsc::Vector make_vector(Mat like, const std::vector<double>& numbers) {
  const char* const doing = "make a vector";
  petsc::Vector vector;
  check(MatCreateVecs(like, vector.out(), nullptr), doing);
  double* to = nullptr;
  check(VecGetArrayWrite(vector.get(), &to), doing);
  std::copy(numbers.begin(), numbers.end(), to);
  check(VecRestoreArrayWrite(vector.get(), &to), doing);
  return vector;
}

std::vector<double> numbers_of(Vec vector) {
  const char* const doing = "read a vector";
  PetscInt size = 0;
  const double* numbers = nullptr;
  check(VecGetLocalSize(vector, &size), doing);
  check(VecGetArrayRead(vector, &numbers), doing);
  std::vector<double> result(numbers, numbers + size);
  check(VecRestoreArrayRead(vector, &numbers), doing);
  return result;
}

bool without_noise(const BatteryParameters& battery) {
  return Dissipators(battery).empty();
}

bool unique_by_decay(const BatteryParameters& battery) {
  return std::min(battery.kappa, battery.gamma_down) > rounding_frequency(battery);
}

SteadySolution several_steady_states(std::int64_t multiplicity, std::int64_t applications) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  return {{}, unknown, unknown, unknown, multiplicity, applications};
}

}  // namespace qbsweep
