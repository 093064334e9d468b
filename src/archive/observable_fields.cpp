#include "observable_fields.hpp"

#include <algorithm>
#include <cstddef>
#include <list>
#include <string>

namespace qbsweep::layout {
namespace {

/// Keeps a text as long as the program runs: fields refer to theirs.
const char* kept(std::string text) {
  static std::list<std::string> texts;
  return texts.emplace_back(std::move(text)).c_str();
}

/// The position of an observable among those that a sweep asks for, which are in the order of the
/// table, from what was sampled.
std::size_t position_among_asked_for(const PointRecord& record, const Observable& observable) {
  const auto& asked_for = record.observables;
  return static_cast<std::size_t>(std::ranges::find(asked_for, &observable) - asked_for.begin());
}

}  // namespace

std::vector<Field> fields_of_observables(bool always) {
  std::vector<Field> fields;
  for (const Observable& observable : observable_table()) {
    if (observable.always != always) {
      continue;
    }
    const std::string name(observable.name);
    const char* const unit = kept(std::string(observable.unit));
    const std::string long_name(observable.long_name);
    Field samples = {.name = kept(name),
                     .part = Part::trajectory,
                     .extent = Extent::samples,
                     .element = Element::real,
                     .units = unit,
                     .long_name = kept(long_name),
                     .take =
                         [&observable](const PointRecord& record, std::vector<double>& numbers) {
                           const auto& values = record.charging.trajectory.of(observable.name);
                           numbers.insert(numbers.end(), values.begin(), values.end());
                         },
                     .observable = always ? nullptr : &observable};
    fields.push_back(samples);
    if (always) {
      continue;
    }
    Field at_tau = samples;
    at_tau.name = kept(name + "_at_tau");
    at_tau.part = Part::charging;
    at_tau.extent = Extent::definitions;
    at_tau.long_name = kept(long_name + " at tau");
    at_tau.take = [&observable](const PointRecord& record, std::vector<double>& numbers) {
      const std::size_t position = position_among_asked_for(record, observable);
      for (const auto& of_definition : record.charging.figures.observables_at_tau) {
        numbers.push_back(of_definition.at(position));
      }
    };
    fields.push_back(at_tau);
    Field steady = samples;
    steady.name = kept("steady_" + name);
    steady.part = Part::steady;
    steady.extent = Extent::slots;
    steady.long_name = kept(long_name + " in the steady state");
    steady.take = [&observable](const PointRecord& record, std::vector<double>& numbers) {
      numbers.push_back(record.steady.observables.at(position_among_asked_for(record, observable)));
    };
    fields.push_back(steady);
  }
  return fields;
}

}  // namespace qbsweep::layout
