#include "qbsweep/operators/assembled_operator.hpp"

#include <algorithm>
#include <numeric>

#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/assembled.hpp"

namespace qbsweep {

using petsc::check;

AssembledOperator::AssembledOperator(const BatteryParameters& battery)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      layout_(basis_, battery),
      liouvillian_(assemble_liouvillian(MPI_COMM_SELF, basis_, battery)) {
  check(MatCreateVecs(liouvillian_.get(), nullptr, product_.out()), "make a state");
  check(VecCreateSeqWithArray(MPI_COMM_SELF, 1, static_cast<PetscInt>(basis_.size()), nullptr,
                              in_.out()),
        "make a state");
  observed_.resize(static_cast<std::size_t>(layout_.size()));
  std::iota(observed_.begin(), observed_.end(), 0);
}

void AssembledOperator::observe_more(ObservationRequest request, const BatteryParameters& battery) {
  layout_ = ObservationLayout(basis_, battery, request);
  observed_.resize(static_cast<std::size_t>(layout_.size()));
  std::iota(observed_.begin(), observed_.end(), 0);
}

void AssembledOperator::apply(const double* x, double* y, const Recurrence& weights) const {
  const char* const doing = "apply the Liouvillian";
  check(VecPlaceArray(in_.get(), x), doing);
  check(MatMult(liouvillian_.get(), in_.get(), product_.get()), doing);
  check(VecResetArray(in_.get()), doing);
  const double* product = nullptr;
  check(VecGetArrayRead(product_.get(), &product), doing);
  for (std::int64_t e = 0; e < basis_.size(); ++e) {
    const double before = weights.gamma == 0 ? 0.0 : weights.gamma * y[e];
    y[e] = weights.alpha * product[e] + weights.beta * x[e] + before;
  }
  check(VecRestoreArrayRead(product_.get(), &product), doing);
}

void AssembledOperator::set_pure_state(std::span<const double> amplitudes, double* x) const {
  std::fill_n(x, size(), 0.0);
  const int fock_dim = basis_.fock_dim();
  const int rows = static_cast<int>(amplitudes.size()) / fock_dim;
  for (int i = 0; i < rows; ++i) {
    for (int k = 0; k < rows; ++k) {
      for (int n = 0; n < fock_dim; ++n) {
        for (int l = 0; l < fock_dim; ++l) {
          x[basis_.index({0, i, k, n, l})] =
              rotation_sign(i - k) * amplitudes[i * fock_dim + n] * amplitudes[k * fock_dim + l];
        }
      }
    }
  }
}

void AssembledOperator::observe(const double* x, double* observations) const {
  std::fill_n(observations, observed_.size(), 0.0);
  for_each_observation(layout_, basis_, battery_,
                       [&](std::int64_t position, std::int64_t element, double weight) {
                         observations[position] += weight * x[element];
                       });
}

}  // namespace qbsweep
