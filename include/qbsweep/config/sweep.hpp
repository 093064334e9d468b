#pragma once
/// \file
/// A sweep: the grid of points that a sweep file names, and what is to be computed at each of them.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "qbsweep/model/observable.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/model/steady_method.hpp"
#include "qbsweep/model/storage_settings.hpp"

namespace qbsweep {

class PointResolver;

/// A value as it stands in a sweep file. Integer parameters hold std::int64_t, real ones double,
/// named choices (`interaction: dicke`), `fock_dim: paper` and `fock_dim: auto` their word.
using ParameterValue = std::variant<std::int64_t, double, std::string>;

/// `value` as it is printed and compared: words as they are, reals in the shortest form that reads
/// back to the same double.
[[nodiscard]] std::string to_text(const ParameterValue& value);

/// One parameter along an axis: its value at each position of the axis.
struct AxisParameter {
  std::string name;
  std::vector<ParameterValue> values;
};

/// One dimension of the grid: a single parameter, or several that change together ("zipped"), whose
/// positions have labels.
struct Axis {
  std::string name;  ///< of the dimension; the parameter's own name if not zipped
  std::vector<AxisParameter> parameters;  ///< one, or several if zipped; all of the axis' size
  std::vector<std::string> labels;        ///< one for each position if zipped, else empty

  [[nodiscard]] bool zipped() const { return !labels.empty(); }
  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(parameters.front().values.size());
  }
};

/// g' sqrt(N) t_max of the charging window where a sweep file does not give t_max.
inline constexpr double default_window = 5.0;

/// The section `charging` of a sweep file.
struct ChargingSection {
  std::optional<double> t_max;  ///< the window; without it the default one at each point
  std::int64_t samples = 0;     ///< trajectory samples from 0 to t_max, 0 for none, else >= 2
  double tolerance = 1e-8;      ///< of the integration
};

/// The section `steady_state` of a sweep file.
struct SteadyStateSection {
  SteadyMethod method = SteadyMethod::automatic;
  bool gap = false;         ///< whether the Liouvillian gap is computed, too
  double tolerance = 1e-9;  ///< of ||L rho|| / ||rho||, and of eigenvalues that count as zero
};

/// One control in the section `schedule` of a sweep file. The numbers of its shape are parameters
/// (coupling.rise), fixed or along an axis.
struct ScheduledControl {
  Control control = Control::coupling;
  const ShapeInfo* shape = nullptr;
  std::shared_ptr<const std::vector<double>> times = {};   ///< of a table
  std::shared_ptr<const std::vector<double>> values = {};  ///< of a table or of steps
};

/// One point of the grid, with every number resolved.
struct SweepPoint {
  BatteryParameters battery;
  /// Whether the charging run and the steady state choose their Fock levels (`fock_dim: auto`),
  /// each its own; battery.fock_dim is then only an acceptable number of them.
  bool auto_fock_dim = false;
  double t_max = 0.0;  ///< 0 without a charging run
  Schedule schedule = {};
};

/// How a sweep file is read. An archive keeps the text of its sweep file, which has to keep
/// meaning what it meant when the archive was made.
enum class SweepEdition : std::int64_t {
  /// As programs read it whose archives have the format version 3 or an earlier one: the values of
  /// `linspace` and `logspace` have their rounding errors, and `fock_dim` is `paper` by default.
  format_3,
  current
};

/// A sweep file that was read and found acceptable in every point of its grid.
class Sweep {
 public:
  /// Reads `path`, applies the `key=value` texts of `overrides` (as --set gives them) on top, and
  /// checks everything. No point of the grid can be wrong then, but the grid is not stored.
  /// \throws InputError with file, line, key, what was found and what is accepted
  static Sweep from_file(const std::string& path, const std::vector<std::string>& overrides = {});

  /// The same from a text; `origin` is what messages call it.
  static Sweep from_text(const std::string& text, const std::string& origin,
                         const std::vector<std::string>& overrides = {},
                         SweepEdition edition = SweepEdition::current);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Those that were given. Where an original default applies that is another today, it stands
  /// among them, so that text() and overrides() mean the same to every reader.
  [[nodiscard]] const std::vector<std::string>& overrides() const { return overrides_; }
  [[nodiscard]] SweepEdition edition() const { return edition_; }

  [[nodiscard]] const std::vector<Axis>& axes() const { return axes_; }

  /// What is computed at every point: one of the two or both.
  [[nodiscard]] const std::optional<ChargingSection>& charging() const { return charging_; }
  [[nodiscard]] const std::optional<SteadyStateSection>& steady_state() const {
    return steady_state_;
  }

  /// What is looked at besides, in the order of the table of observables.
  [[nodiscard]] const std::vector<const Observable*>& observables() const { return observables_; }

  /// How many numbers they are.
  [[nodiscard]] const ObservableSizes& observable_sizes() const { return observable_sizes_; }

  /// Whether and how the battery is stored after charging.
  [[nodiscard]] const std::optional<StorageSettings>& storage() const { return storage_; }

  /// What changes during a charging run, in the order of the controls.
  [[nodiscard]] const std::vector<ScheduledControl>& schedule() const { return schedule_; }

  /// Trajectory samples of every point; 0 without charging runs.
  [[nodiscard]] std::int64_t samples() const { return charging_ ? charging_->samples : 0; }

  /// How many ranks compute a point together, by the key `ranks_per_point`; 0 is `auto`: as many as
  /// each point is worth. No part of what the sweep means.
  [[nodiscard]] std::int64_t ranks_per_point() const { return ranks_per_point_; }

  /// Whether `initial_state: ground_state` stands anywhere on the grid.
  [[nodiscard]] bool has_ground_states() const { return has_ground_states_; }

  /// Number of points: the product of the axes' sizes, 1 without axes.
  [[nodiscard]] std::int64_t size() const { return size_; }

  /// The position on each axis of point `index`; the last axis varies fastest.
  [[nodiscard]] std::vector<std::int64_t> position(std::int64_t index) const;

  /// Point `index`, resolved. 0 <= index < size().
  [[nodiscard]] SweepPoint point(std::int64_t index) const;

  /// "N=4, noise=all": where on the grid point `index` lies; "the only point" without axes.
  [[nodiscard]] std::string describe(std::int64_t index) const;

  /// What the sweep is, as sorted (key, value) pairs: every number that a result depends on and
  /// the order of the axes; not the name, the description, the ranks that compute a point, comments
  /// or the order of keys, and not what stands at its default: a parameter that a later program
  /// adds changes no earlier sweep.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& identity() const {
    return identity_;
  }

  /// A fingerprint of identity(): "fnv1a64:" and 16 hexadecimal digits.
  [[nodiscard]] std::string identity_hash() const;

 private:
  Sweep() = default;
  friend class SweepReader;

  std::string name_;
  std::string description_;
  std::string text_;
  std::vector<std::string> overrides_;
  SweepEdition edition_ = SweepEdition::current;
  std::vector<Axis> axes_;
  std::optional<ChargingSection> charging_;
  std::optional<SteadyStateSection> steady_state_;
  std::vector<const Observable*> observables_;
  ObservableSizes observable_sizes_;
  std::optional<StorageSettings> storage_;
  std::vector<ScheduledControl> schedule_;
  std::int64_t ranks_per_point_ = 1;
  bool has_ground_states_ = false;
  std::int64_t size_ = 1;
  std::shared_ptr<const PointResolver> resolver_;
  std::vector<std::pair<std::string, std::string>> identity_;
};

/// The keys whose value differs between two identities (or that only one of them has), sorted.
[[nodiscard]] std::vector<std::string> differing_keys(
    const std::vector<std::pair<std::string, std::string>>& a,
    const std::vector<std::pair<std::string, std::string>>& b);

}  // namespace qbsweep
