#pragma once
/// \file
/// Shapes of controls: how a factor u(t) changes over a charging window. The shapes are a table; each
/// is analytic between the times that it names, and gives its Taylor series there.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qbsweep {

struct ControlShape;

/// One of the numbers of a shape, each of which may be an axis of a sweep.
struct ShapeNumber {
  std::string_view name;
  std::string_view unit;  ///< "1", "1/omega" for a time, "omega" for a frequency
  std::string_view meaning;
  bool is_duration = false;              ///< >= 0, or > 0 without a default
  std::optional<double> otherwise = {};  ///< where it is not given
};

/// Between two times, among which a shape is analytic.
struct SchedulePiece {
  double begin = 0.0;
  double end = 0.0;
  [[nodiscard]] double middle() const { return (begin + end) / 2; }
};

/// What the numbers that a shape has besides are.
enum class ShapeList {
  none,
  steps,  ///< values
  table   ///< times and values
};

struct ShapeInfo {
  std::string_view word;
  std::string_view formula;  ///< in Markdown
  std::vector<ShapeNumber> numbers;
  ShapeList list = ShapeList::none;
  /// Why a shape does not fit a window of t_max; empty where it does.
  std::string (*problem)(const ControlShape&, double t_max);
  /// Appends the times between which it is analytic; those outside the window may be among them.
  void (*ends)(const ControlShape&, double t_max, std::vector<double>& times);
  /// Appends times within the window at which u is largest and smallest, if these are not ends.
  void (*extremes)(const ControlShape&, double t_max, std::vector<double>& times);
  /// Sets the coefficients of u(t + s) = sum_m c_m s^m within a piece: all of `c`.
  void (*expand)(const ControlShape&, double t_max, const SchedulePiece& piece, double t,
                 std::span<double> c);
};

inline constexpr std::size_t most_shape_numbers = 3;

/// A shape with its numbers.
struct ControlShape {
  const ShapeInfo* info = nullptr;
  std::array<double, most_shape_numbers> numbers = {};
  std::shared_ptr<const std::vector<double>> times = {};   ///< of a table, ascending
  std::shared_ptr<const std::vector<double>> values = {};  ///< of a table or of steps
};

[[nodiscard]] std::span<const ShapeInfo> shape_table();

/// The one called `word`, nullptr if there is none.
[[nodiscard]] const ShapeInfo* find_shape(std::string_view word);

/// Times closer than this, of the window, are one.
inline constexpr double same_time_of_window = 1e-12;

}  // namespace qbsweep
