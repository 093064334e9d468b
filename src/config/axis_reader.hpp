#pragma once
/// \file
/// From an entry of `axes` to an axis of the grid.

#include <functional>
#include <string>
#include <vector>

#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/config/sweep.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

/// An axis whose form was checked and whose size is known, but whose values are not made yet: three
/// short lines can ask for 1e12 of them.
struct AxisPlan {
  std::string name;
  std::string key;  ///< what messages call it: `axes.N`
  Place place;
  std::vector<ParameterId> parameters;
  double size = 0.0;  ///< whole; as a double because it may be beyond every integer
  /// Makes the values. Refers to the node that was read.
  /// \throws InputError for values that are not accepted or not unique
  std::function<Axis()> make;
};

/// \param position  of the entry in the list, from 0: what it is called until its name is known
/// \throws InputError
[[nodiscard]] AxisPlan plan_axis(const YamlNode& node, std::size_t position, SweepEdition edition);

/// Whether the entry is one of several parameters that change together.
[[nodiscard]] bool is_zipped_axis(const YamlNode& node);

}  // namespace qbsweep
