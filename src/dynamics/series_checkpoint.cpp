#include "series_checkpoint.hpp"

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

const std::vector<double>& find(const SavedNumbers& numbers, const char* name, std::size_t size) {
  const auto found = numbers.find(name);
  if (found == numbers.end() || found->second.size() != size) {
    throw EnvironmentError(std::string("what was saved of a charging run has no ") + name);
  }
  return found->second;
}

ArrayColumns state_array(ArrayPurpose purpose, const std::string& name, const Slab& slab,
                         SectorState& state) {
  const bool save = purpose == ArrayPurpose::save;
  const std::int64_t first = save ? slab.own_begin : 0;
  const std::int64_t count = save ? slab.own_end - slab.own_begin : slab.size;
  ArrayColumns array;
  array.name = name;
  array.rows = 1;
  array.columns = slab.whole;
  array.first = slab.begin + first;
  array.count = count;
  array.data = state.data() + first;
  array.row_stride = count;
  return array;
}

}  // namespace

SavedNumbers to_numbers(const RunProgress& progress, const SeriesUnderWay& step, int fock_dim) {
  const auto real = [](auto number) { return static_cast<double>(number); };
  return {{"levels", {real(fock_dim), real(progress.earlier_applications)}},
          {"charge",
           {progress.t, progress.longest, real(progress.failures), real(progress.applications)}},
          {"step",
           {step.plan.ellipse.center, step.plan.ellipse.real_axis, step.plan.ellipse.imaginary_axis,
            step.plan.duration, real(step.plan.terms)}},
          {"place", {real(step.part), real(step.next_term), step.rounding.allowed}},
          {"rounding", {step.rounding.norm, step.rounding.injected, step.rounding.squares}}};
}

int levels_of(const SavedNumbers& numbers) {
  return numbers.count("levels") > 0 ? static_cast<int>(find(numbers, "levels", 2)[0]) : 0;
}

std::int64_t earlier_applications_of(const SavedNumbers& numbers) {
  return static_cast<std::int64_t>(find(numbers, "levels", 2)[1]);
}

void from_numbers(const SavedNumbers& numbers, RunProgress& progress, SeriesUnderWay& step) {
  const auto& window = find(numbers, "charge", 4);
  progress.t = window[0];
  progress.longest = window[1];
  progress.failures = static_cast<int>(window[2]);
  progress.applications = static_cast<std::int64_t>(window[3]);
  progress.earlier_applications = earlier_applications_of(numbers);
  const auto& plan = find(numbers, "step", 5);
  step.plan.ellipse = {plan[0], plan[1], plan[2]};
  step.plan.duration = plan[3];
  step.plan.terms = static_cast<std::int64_t>(plan[4]);
  const auto& place = find(numbers, "place", 3);
  step.part = static_cast<std::size_t>(place[0]);
  step.next_term = static_cast<std::int64_t>(place[1]);
  step.rounding.allowed = place[2];
  const auto& rounding = find(numbers, "rounding", 3);
  step.rounding.norm = rounding[0];
  step.rounding.injected = rounding[1];
  step.rounding.squares = rounding[2];
}

std::vector<ArrayColumns> arrays_of(ArrayPurpose purpose, const ChargingOperators& operators,
                                    SeriesUnderWay& step, std::vector<SectorState>& begins,
                                    SectorState& here, SectorState& previous) {
  std::vector<ArrayColumns> arrays;
  const auto add = [&](const std::string& name, std::size_t part, SectorState& state) {
    arrays.push_back(state_array(purpose, name, operators.parts[part]->slab(), state));
  };
  add("here", step.part, here);
  add("previous", step.part, previous);
  for (std::size_t p = 0; p < begins.size(); ++p) {
    add("begin" + std::to_string(p), p, begins[p]);
  }
  for (std::size_t p = 0; p <= step.part; ++p) {
    if (!step.last) {
      add("end" + std::to_string(p), p, step.ends[p]);
    }
    arrays.push_back(step.terms[p].array("terms" + std::to_string(p)));
  }
  return arrays;
}

}  // namespace qbsweep
