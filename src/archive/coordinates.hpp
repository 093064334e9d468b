#pragma once
/// \file
/// The coordinates of an archive's dimensions: what the axes of a plot are labelled with.

#include <string>
#include <variant>
#include <vector>

#include "layout.hpp"

namespace qbsweep::layout {

/// A one-dimensional dataset with a value for each position of a dimension. The one that has the
/// dimension's own name is its scale; a zipped axis has one more for each of its parameters.
struct Coordinate {
  std::string name;
  std::string dimension;
  std::string units;
  std::string long_name;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>> values;

  [[nodiscard]] bool is_scale() const { return name == dimension; }
  [[nodiscard]] hsize_t size() const;
};

/// What is said of the coordinates that are no parameters.
struct CoordinateText {
  const char* units;
  const char* long_name;
};
inline constexpr CoordinateText labels_text = {"1", "label of parameters that change together"};

/// The coordinates of `sweep`'s archive; a dimension's scale comes before its other coordinates.
[[nodiscard]] std::vector<Coordinate> coordinates_of(const Sweep& sweep);

/// What `field` is to be plotted over besides the scales of its dimensions (the CF attribute
/// `coordinates`): names separated by blanks, maybe none.
[[nodiscard]] std::string auxiliary_coordinates(const Field& field,
                                                const std::vector<Coordinate>& coordinates,
                                                const Sweep& sweep);

}  // namespace qbsweep::layout
