#include "qbsweep/scheduler/representative_points.hpp"

#include <algorithm>
#include <string>
#include <variant>

namespace qbsweep {
namespace {

/// Whether the points along an axis go from one to the next by small changes.
bool is_continuous(const Axis& axis) {
  const std::vector<ParameterValue>& values = axis.parameters.front().values;
  return !axis.zipped() && std::none_of(values.begin(), values.end(), [](const auto& value) {
    return std::holds_alternative<std::string>(value);
  });
}

}  // namespace

std::int64_t RepresentativePoints::KeptAxis::position(std::int64_t kept_number) const {
  return kept == 1 ? positions / 2
                   : (2 * kept_number * (positions - 1) + kept - 1) / (2 * (kept - 1));
}

std::int64_t RepresentativePoints::KeptAxis::nearest(std::int64_t position) const {
  return kept == 1 ? 0 : (2 * position * (kept - 1) + positions - 1) / (2 * (positions - 1));
}

std::int64_t RepresentativePoints::KeptAxis::represented(std::int64_t kept_number) const {
  if (kept == 1) {
    return positions;
  }
  // The first position from which nearest() gives at least this number.
  const auto first = [this](std::int64_t number) {
    const std::int64_t above = (2 * number - 1) * (positions - 1);
    const std::int64_t below = 2 * (kept - 1);
    return number == 0 ? 0 : std::min((above + below - 1) / below, positions);
  };
  return first(kept_number + 1) - first(kept_number);
}

RepresentativePoints::RepresentativePoints(const Sweep& sweep, std::int64_t most) {
  std::vector<bool> continuous;
  for (const Axis& axis : sweep.axes()) {
    axes_.push_back({axis.size(), axis.size()});
    continuous.push_back(is_continuous(axis));
    size_ *= axis.size();  // as many as the grid has, of which there are not too many for 64 bits
  }
  // The axis with most positions is thinned out, again and again.
  constexpr double reluctance = 16;
  while (size_ > most) {
    std::size_t longest = 0;
    double length = 0;
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      const double here = static_cast<double>(axes_[a].kept - 1) / (continuous[a] ? 1 : reluctance);
      if (here > length) {
        longest = a;
        length = here;
      }
    }
    KeptAxis& axis = axes_[longest];
    size_ /= axis.kept;
    axis.kept -= std::max<std::int64_t>(1, axis.kept / 8);
    size_ *= axis.kept;
  }
}

std::int64_t RepresentativePoints::index(std::int64_t number) const {
  std::int64_t index = 0;
  std::int64_t stride = 1;
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    index += stride * axis->position(number % axis->kept);
    number /= axis->kept;
    stride *= axis->positions;
  }
  return index;
}

double RepresentativePoints::weight(std::int64_t number) const {
  double weight = 1;
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    weight *= static_cast<double>(axis->represented(number % axis->kept));
    number /= axis->kept;
  }
  return weight;
}

std::int64_t RepresentativePoints::number_of(std::int64_t index) const {
  std::int64_t number = 0;
  std::int64_t stride = 1;
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    number += stride * axis->nearest(index % axis->positions);
    index /= axis->positions;
    stride *= axis->kept;
  }
  return number;
}

}  // namespace qbsweep
