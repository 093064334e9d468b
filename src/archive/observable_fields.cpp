#include "observable_fields.hpp"

#include <algorithm>
#include <cstddef>
#include <list>
#include <span>
#include <string>

namespace qbsweep::layout {
namespace {

/// Keeps a text as long as the program runs: fields refer to theirs.
const char* kept(std::string text) {
  static std::list<std::string> texts;
  return texts.emplace_back(std::move(text)).c_str();
}

Extent extent_of(const Observable& observable) {
  switch (observable.extent) {
    case ObservableExtent::photons:
      return Extent::photons;
    case ObservableExtent::battery_state:
      return Extent::battery_state;
    case ObservableExtent::number:
      break;
  }
  return Extent::slots;
}

/// Appends the numbers of an observable, one of those that are `stored` one after the other.
void take_from(const std::vector<double>& stored, const std::vector<const Observable*>& order,
               const Observable& observable, const ObservableSizes& sizes,
               std::vector<double>& numbers) {
  const std::span<const Observable* const> before(order.begin(),
                                                  std::ranges::find(order, &observable));
  const auto first = stored.begin() + size_of(before, sizes);
  numbers.insert(numbers.end(), first, first + observable.size(sizes));
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
                     .extent = Extent::samples | extent_of(observable),
                     .element = Element::real,
                     .units = unit,
                     .long_name = kept(long_name),
                     .take =
                         [&observable](const PointRecord& record, std::vector<double>& numbers) {
                           const auto& values = record.charging.trajectory.of(observable.name);
                           numbers.insert(numbers.end(), values.begin(), values.end());
                         },
                     .observable = always ? nullptr : &observable,
                     .symbol = kept(std::string(observable.symbol))};
    fields.push_back(samples);
    if (always) {
      continue;
    }
    Field at_tau = samples;
    at_tau.name = kept(name + "_at_tau");
    at_tau.part = Part::charging;
    at_tau.extent = Extent::definitions | extent_of(observable);
    at_tau.long_name = kept(long_name + " at tau");
    at_tau.symbol = kept(std::string(observable.symbol) + R"((\tau))");
    at_tau.take = [&observable](const PointRecord& record, std::vector<double>& numbers) {
      for (const auto& of_definition : record.charging.figures.observables_at_tau) {
        take_from(of_definition, record.observables, observable, record.sizes, numbers);
      }
    };
    fields.push_back(at_tau);
    if (observable.since_begin) {
      continue;
    }
    Field steady = samples;
    steady.name = kept("steady_" + name);
    steady.part = Part::steady;
    steady.extent = extent_of(observable);
    steady.long_name = kept(long_name + " in the steady state");
    steady.take = [&observable](const PointRecord& record, std::vector<double>& numbers) {
      take_from(record.steady.observables, steady_observables(record.observables), observable,
                record.sizes, numbers);
    };
    fields.push_back(steady);
  }
  return fields;
}

}  // namespace qbsweep::layout
