#include "point_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/reductions.hpp"
#include "value_reader.hpp"

namespace qbsweep {
namespace {

/// The words of `fock_dim` in the order of the table, which no number in its range looks like.
constexpr double paper = 0.0;
constexpr double chosen_by_solver = 1.0;  // auto

/// (N+1)(N+2)(N+3)/6 fock_dim^2 < 2^62 at the bounds: the unknowns of every point can be counted.
static_assert(1e0 * (largest_N + 1) * (largest_N + 2) * (largest_N + 3) / 6 * largest_fock_dim *
                  largest_fock_dim <
              0x1p62);

std::size_t slot_of(ParameterId id) {
  return static_cast<std::size_t>(id);
}

double as_number(const ParameterInfo& info, const ParameterValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return static_cast<double>(*integer);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return *real;
  }
  const auto& words = info.rule.words;
  return static_cast<double>(std::find(words.begin(), words.end(), std::get<std::string>(value)) -
                             words.begin());
}

template <typename Enum>
Enum as_choice(double slot) {
  return static_cast<Enum>(static_cast<int>(slot));
}

/// A product or quotient of acceptable numbers must be one too.
double in_range(double number, std::string_view blamed, const char* name) {
  if (!(number <= largest_number)) {
    throw PointProblem{std::string(blamed), fmt::format("{} = {}", name, number),
                       fmt::format("{} of at most {}", name, largest_number)};
  }
  return number;
}

int paper_levels(double m, std::string_view blamed) {
  if (std::ceil(4 * m) + 1 > largest_fock_dim) {
    throw PointProblem{std::string(blamed), fmt::format("m = {}", m),
                       fmt::format("an m for which fock_dim, the paper's 4 m + 1, is at most {}",
                                   largest_fock_dim)};
  }
  return paper_fock_dim(m);
}

/// What `fock_dim: auto` stands for until the solvers have chosen: levels that hold m.
int provisional_levels(double m, std::string_view blamed) {
  if (!(m < largest_fock_dim)) {
    throw PointProblem{std::string(blamed), fmt::format("m = {}", m),
                       fmt::format("an m below {}, the most Fock levels that fock_dim: auto takes",
                                   largest_fock_dim)};
  }
  return std::min(paper_fock_dim(m), largest_fock_dim);
}

int resolve_fock_dim(double slot, double m, std::string_view blamed) {
  if (slot == paper) {
    return paper_levels(m, blamed);
  }
  return slot == chosen_by_solver ? provisional_levels(m, blamed) : static_cast<int>(slot);
}

}  // namespace

PointResolver::PointResolver(const FixedParameters& fixed, const std::vector<Axis>& axes,
                             const std::optional<ChargingSection>& charging, bool steady_state,
                             const std::vector<ScheduledControl>& schedule)
    : fixed_(parameter_table().size(), std::numeric_limits<double>::quiet_NaN()),
      charging_(charging),
      steady_state_(steady_state),
      schedule_(schedule) {
  for (const auto& [id, value] : fixed) {
    fixed_[slot_of(id)] = as_number(parameter_info(id), value);
  }
  for (const Axis& axis : axes) {
    auto& columns = axes_.emplace_back();
    for (const AxisParameter& parameter : axis.parameters) {
      const ParameterInfo& info = *find_parameter(parameter.name);
      Column& column = columns.emplace_back(Column{slot_of(info.id), {}});
      column.values.reserve(parameter.values.size());
      for (const ParameterValue& value : parameter.values) {
        column.values.push_back(as_number(info, value));
      }
    }
  }
}

SweepPoint PointResolver::point(std::int64_t index) const {
  Slots slots = fixed_;
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    const auto size = static_cast<std::int64_t>(axis->front().values.size());
    const auto position = static_cast<std::size_t>(index % size);
    for (const Column& column : *axis) {
      slots[column.slot] = column.values[position];
    }
    index /= size;
  }
  return resolve(slots);
}

SweepPoint PointResolver::resolve(const Slots& slots) const {
  const auto slot = [&](std::string_view name) { return slots[slot_of(parameter_id(name))]; };
  const auto given = [&](std::string_view name) { return !std::isnan(slot(name)); };
  SweepPoint point;
  BatteryParameters& battery = point.battery;
  for (const ParameterInfo& info : model_parameters()) {
    if (info.member != nullptr) {
      battery.*info.member = slots[slot_of(info.id)];
    }
  }
  battery.interaction = as_choice<Interaction>(slot("interaction"));
  battery.coupling_scaling = as_choice<CouplingScaling>(slot("coupling_scaling"));
  battery.initial_state = as_choice<InitialState>(slot("initial_state"));
  battery.charger = as_choice<Charger>(slot("charger"));
  battery.N = static_cast<int>(slot("N"));
  battery.battery_state = as_choice<BatteryState>(slot("battery_state"));
  battery.battery_excitations = static_cast<int>(slot("battery_excitations"));
  in_range(battery.kappa * battery.n_th, "n_th", "kappa n_th");

  if (given("detuning_ratio")) {
    battery.omega_c =
        in_range(battery.omega_0 / slot("detuning_ratio"), "detuning_ratio", "omega_c");
    in_range(1 / battery.omega_c, "detuning_ratio", "1/omega_c");
  }

  const std::string_view coupling = given("g") ? "g" : "g_over_gc";
  battery.g = slot("g");
  if (coupling == "g_over_gc") {
    const double g_c = critical_coupling(battery);
    battery.g = in_range(slot("g_over_gc") * g_c, coupling, "g");
  }

  const std::string_view photons = given("m") ? "m" : "m_per_n";
  battery.m = resolve_m(slots, battery);
  point.auto_fock_dim = slot("fock_dim") == chosen_by_solver;
  battery.fock_dim = resolve_fock_dim(slot("fock_dim"), battery.m, photons);
  if (starts_with_charger(battery) && battery.charger == Charger::fock &&
      battery.m >= battery.fock_dim) {
    throw PointProblem{"fock_dim",
                       fmt::format("fock_dim = {} with m = {}", battery.fock_dim, battery.m),
                       "a fock_dim above m for a fock charger"};
  }

  check_model(battery);
  check_battery_state(battery, slot("fock_dim"));
  point.t_max = resolve_t_max(battery, coupling);
  point.schedule = resolve_schedule(slots, point.t_max);
  return point;
}

void PointResolver::check_model(const BatteryParameters& battery) const {
  if (steady_state_ && !drives_stand_still(battery)) {
    throw PointProblem{
        "omega_d", fmt::format("omega_d = {}", battery.omega_d),
        "no section steady_state, or omega_d = 0 beside counter-rotating terms or ising_x: a drive "
        "that turns there stands still in no frame, and nothing comes to rest"};
  }
  if (charging_ && battery.initial_state == InitialState::ground_state &&
      !carries(Carrier::ground_state, battery)) {
    throw PointProblem{"initial_state",
                       fmt::format("initial_state = ground_state with {}",
                                   terms_not_carried(Carrier::ground_state, battery)),
                       "initial_state charged_cavity, or none of these terms"};
  }
}

void PointResolver::check_battery_state(const BatteryParameters& battery, double fock_dim) const {
  if (!starts_with_charger(battery)) {
    return;
  }
  if (battery.battery_state == BatteryState::dicke && battery.battery_excitations > battery.N) {
    throw PointProblem{
        "battery_excitations",
        fmt::format("battery_excitations = {} with N = {}", battery.battery_excitations, battery.N),
        "battery_excitations of at most N"};
  }
  const int excited = most_excited_at_first(battery);
  const int photons = battery.charger == Charger::fock ? static_cast<int>(battery.m) : 0;
  if (fock_dim != chosen_by_solver && excitations_are_bounded(battery) &&
      excited + photons >= battery.fock_dim) {
    throw PointProblem{"fock_dim",
                       fmt::format("fock_dim = {} with {} excitations at the start",
                                   battery.fock_dim, excited + photons),
                       "a fock_dim above the excitations that the initial state holds, or auto"};
  }
  const bool as_in_the_paper =
      excited == 0 && (battery.charger == Charger::coherent || battery.charger == Charger::fock);
  if (!as_in_the_paper && fock_dim == paper) {
    throw PointProblem{
        "fock_dim", "fock_dim = paper with another initial state than those of the paper",
        "fock_dim: auto, or a number; or atoms in their ground state and a coherent or "
        "Fock charger"};
  }
}

double PointResolver::resolve_m(const Slots& slots, const BatteryParameters& battery) const {
  const double given = slots[slot_of(parameter_id("m"))];
  const double given_per_n = slots[slot_of(parameter_id("m_per_n"))];
  if (std::isnan(given) && std::isnan(given_per_n)) {
    return 0.0;  // nothing on the grid asks for it
  }
  const std::string_view blamed = std::isnan(given) ? "m_per_n" : "m";
  const double m = blamed == "m" ? given : in_range(given_per_n * battery.N, blamed, "m");
  if (!starts_with_charger(battery) || battery.charger != Charger::fock) {
    return m;
  }
  if (!is_whole(m)) {
    throw PointProblem{std::string(blamed), fmt::format("m = {}", m),
                       "a whole number m for a fock charger"};
  }
  return std::round(m);
}

Schedule PointResolver::resolve_schedule(const Slots& slots, double t_max) const {
  if (schedule_.empty()) {
    return {};
  }
  Schedule schedule(t_max);
  for (const ScheduledControl& scheduled : schedule_) {
    ControlShape shape = {scheduled.shape, {}, scheduled.times, scheduled.values};
    const std::string_view control = info_of(scheduled.control).name;
    for (std::size_t n = 0; n < scheduled.shape->numbers.size(); ++n) {
      const std::string name = fmt::format("{}.{}", control, scheduled.shape->numbers[n].name);
      shape.numbers[n] = slots[slot_of(parameter_id(name))];
    }
    if (const std::string problem = shape.info->problem(shape, t_max); !problem.empty()) {
      throw PointProblem{fmt::format("schedule.{}", control), problem,
                         "a shape that fits the window [0, t_max]"};
    }
    schedule.add(scheduled.control, shape);
  }
  if (schedule.has(Control::kappa) && schedule.smallest(Control::kappa) < 0) {
    throw PointProblem{"schedule.kappa",
                       fmt::format("a factor of {}", schedule.smallest(Control::kappa)),
                       "factors >= 0 of a rate"};
  }
  return schedule;
}

double PointResolver::resolve_t_max(const BatteryParameters& battery,
                                    std::string_view coupling) const {
  if (!charging_) {
    return 0.0;
  }
  if (charging_->t_max) {
    return *charging_->t_max;
  }
  const double t_max = default_window / (effective_coupling(battery) * std::sqrt(battery.N));
  if (!(t_max <= largest_number)) {
    throw PointProblem{std::string(coupling), fmt::format("g = {}", battery.g),
                       "g > 0, or a window of your own: give charging.t_max"};
  }
  return t_max;
}

}  // namespace qbsweep
