#pragma once
/// \file
/// The one table of everything a sweep file may give a value to. Reading, checking, messages, the
/// archive's attributes and docs/sweep-file.md all follow from it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qbsweep/config/sweep.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// The largest magnitude of any number, and its inverse the smallest of any that must be positive:
/// products and quotients of a few of them stay far from overflow.
inline constexpr double largest_number = 1e100;

/// Bounds that keep the number of unknowns of a point within 64 bits.
inline constexpr int largest_N = 1000;
inline constexpr int largest_fock_dim = 100'000;

/// Which values are accepted.
struct ValueRule {
  enum class Kind { integer, real, word };
  Kind kind = Kind::real;
  double min = -largest_number;
  double max = largest_number;
  bool positive = false;                     ///< 0 is not accepted although min is 0
  std::vector<std::string_view> words = {};  ///< accepted words, also beside numbers
};

/// "a number >= 0", "dicke or tavis_cummings": what `rule` accepts, as messages put it.
[[nodiscard]] std::string accepted_text(const ValueRule& rule);

/// A parameter's position in the table.
enum class ParameterId : std::size_t {};

struct ParameterInfo {
  std::string_view name;
  /// Where a point keeps it, for a number that stands for itself; the others are resolved by hand
  /// (point_resolver.cpp).
  double BatteryParameters::*member = nullptr;
  ValueRule rule;
  std::string_view unit;       ///< "1" if it has none
  std::string_view long_name;  ///< a few words for plots and tables
  std::string_view note = {};  ///< what a user must know besides, in Markdown
  /// The value when a sweep file gives none; without one it must be given.
  std::optional<ParameterValue> default_value = std::nullopt;
  /// What it was for the first programs (SweepEdition::format_3), if another.
  std::optional<ParameterValue> original_default = std::nullopt;
  /// The other parameter of an either/or pair, of which a sweep file gives at most one.
  std::string_view partner = {};
  /// It must be given only where a charging run starts from a charged cavity or `fock_dim` is
  /// `paper`; elsewhere it is 0 without being given.
  bool only_with_charger = false;
  /// It is refused where none of these occurs on the grid: a parameter with this word, or with any
  /// value but 0 where there is no word.
  struct Condition {
    std::string_view parameter;
    std::string_view word;
  };
  std::vector<Condition> only_with = {};
  /// It is a number of a control's shape, such as coupling.rise: it stands in the section `schedule`
  /// or is an axis, and counts where the schedule has that shape.
  bool of_schedule = false;
  ParameterId id = {};  ///< set by the table

  [[nodiscard]] bool has_partner() const { return !partner.empty(); }
};

/// Those of the model first, then those of schedules.
[[nodiscard]] const std::vector<ParameterInfo>& parameter_table();
/// Those of the model alone.
[[nodiscard]] std::span<const ParameterInfo> model_parameters();
[[nodiscard]] const ParameterInfo& parameter_info(ParameterId id);

/// The parameter that the program itself knows by `name`. \throws std::logic_error without one
[[nodiscard]] ParameterId parameter_id(std::string_view name);

/// "exactly one of g and g_over_gc": how many a sweep file gives of a parameter that has a partner.
[[nodiscard]] std::string pair_text(const ParameterInfo& info);

/// The parameter called `name`, nullptr if there is none.
[[nodiscard]] const ParameterInfo* find_parameter(std::string_view name);

/// Whether the archive uses `name` for something of its own, so that no dimension may have it.
[[nodiscard]] bool is_reserved_name(std::string_view name);

}  // namespace qbsweep
