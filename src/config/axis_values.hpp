#pragma once
/// \file
/// The values along an axis of one parameter, in each of the four ways to write them. Values that
/// are computed are rounded to 15 digits, so that those that are meant to be decimals are the same
/// doubles as the decimals: 0.1125, not 0.11249999999999999.

#include <functional>
#include <string>
#include <vector>

#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/config/sweep.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

/// How many values there are, and how to make them.
struct ValuesPlan {
  double size = 0.0;
  std::function<std::vector<ParameterValue>()> make;
};

/// `values: [...]`
[[nodiscard]] ValuesPlan plan_list(const ParameterInfo& info, const YamlNode& node,
                                   const std::string& key, SweepEdition edition);

/// `range: {from, to, step}`: from, from + step, ... up to and including `to` if a step ends there
/// (within 1e-9 of a step).
[[nodiscard]] ValuesPlan plan_range(const ParameterInfo& info, const YamlNode& node,
                                    const std::string& key, SweepEdition edition);

/// `linspace: {from, to, count}`: `count` values at equal distances, both ends included.
[[nodiscard]] ValuesPlan plan_linspace(const ParameterInfo& info, const YamlNode& node,
                                       const std::string& key, SweepEdition edition);

/// `logspace: {from, to, count}`: `count` values at equal ratios, both ends included. `from` and
/// `to` are the values at the ends themselves, not exponents.
[[nodiscard]] ValuesPlan plan_logspace(const ParameterInfo& info, const YamlNode& node,
                                       const std::string& key, SweepEdition edition);

}  // namespace qbsweep
