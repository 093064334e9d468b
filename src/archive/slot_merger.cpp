#include "slot_merger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

namespace {

/// Numbers of a dataset that are held at a time, unless a single slot has more.
constexpr std::size_t numbers_at_once = 1 << 20;

bool is_timing(const layout::Field& field) {
  return field.name == std::string_view(layout::wall_seconds);
}

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

/// "ergotropy[global, 17]": number `inner` of a slot.
std::string name_of(const layout::Field& field, const Sweep& sweep, std::size_t inner) {
  std::vector<std::string> place;
  std::size_t rest = layout::volume(layout::inner_shape(field.extent, sweep));
  for (const layout::InnerDimension& dimension : layout::inner_dimensions()) {
    if (layout::has(field.extent, dimension.extent)) {
      rest /= dimension.size(sweep);
      const std::size_t at = inner / rest;
      inner %= rest;
      place.push_back(dimension.words.empty() ? std::to_string(at) : dimension.words[at]);
    }
  }
  return place.empty() ? field.name : fmt::format("{}[{}]", field.name, fmt::join(place, ", "));
}

}  // namespace

void SlotMerger::merge(const layout::Field& field) {
  const auto merged = open_dataset(file_, path_, field, sweep_);
  std::vector<Source> sources;
  for (const MergePart& part : parts_) {
    if (part.version < field.since) {
      continue;
    }
    sources.push_back({part, open_dataset(part.file, part.path, field, sweep_)});
  }
  slot_numbers_ = layout::volume(layout::inner_shape(field.extent, sweep_));
  const auto block =
      static_cast<std::int64_t>(std::max<std::size_t>(numbers_at_once / slot_numbers_, 1));
  for (std::int64_t first = 0; first < sweep_.size(); first += block) {
    const std::int64_t count = std::min(block, sweep_.size() - first);
    const bool any = read_block(field, sources, first, count);
    checksums_.add(field, first, merged_, slot_numbers_);
    if (!any) {
      continue;
    }
    selection_.select(first, count);
    hdf5::checked(
        H5Dwrite(merged.handle.get(), H5T_NATIVE_DOUBLE, selection_.in_memory(field.extent),
                 selection_.in_file(field.extent), H5P_DEFAULT, merged_.data()),
        {"write", field.name, path_});
  }
}

/// Fills `merged_`; false if no part has any of the slots.
bool SlotMerger::read_block(const layout::Field& field, const std::vector<Source>& sources,
                            std::int64_t first, std::int64_t count) {
  const bool real = field.element == layout::Element::real;
  merged_.assign(count * slot_numbers_, real ? unset : 0.0);
  filled_.assign(count, false);
  for (const Source& source : sources) {
    add(source, first, count);
  }
  return std::find(filled_.begin(), filled_.end(), true) != filled_.end();
}

/// Brings what a part has done of the block into `merged_`.
void SlotMerger::add(const Source& source, std::int64_t first, std::int64_t count) {
  const auto& done = source.part.done;
  const auto end_of_block = done.begin() + first + count;
  const auto begin = std::find(done.begin() + first, end_of_block, true);
  if (begin == end_of_block) {
    return;
  }
  const layout::Field& field = source.dataset.field;
  const std::int64_t run = begin - done.begin();
  selection_.select(run, first + count - run);
  found_.resize(selection_.numbers(field.extent));
  hdf5::checked(
      H5Dread(source.dataset.handle.get(), H5T_NATIVE_DOUBLE, selection_.in_memory(field.extent),
              selection_.in_file(field.extent), H5P_DEFAULT, found_.data()),
      {"read", field.name, source.part.path});
  for (std::int64_t point = run; point < first + count; ++point) {
    if (!done[point]) {
      continue;
    }
    const std::size_t at_merged = (point - first) * slot_numbers_;
    const std::size_t at_found = (point - run) * slot_numbers_;
    if (!filled_[point - first]) {
      std::copy_n(&found_[at_found], slot_numbers_, &merged_[at_merged]);
      filled_[point - first] = true;
    } else if (!is_timing(field)) {
      check_equal(source, point, at_merged, at_found);
    }
  }
}

void SlotMerger::check_equal(const Source& source, std::int64_t point, std::size_t at_merged,
                             std::size_t at_found) const {
  for (std::size_t inner = 0; inner < slot_numbers_; ++inner) {
    const double merged = merged_[at_merged + inner];
    const double found = found_[at_found + inner];
    if (!same(merged, found)) {
      refuse(source, point, inner, merged, found);
    }
  }
}

void SlotMerger::refuse(const Source& source, std::int64_t point, std::size_t inner, double merged,
                        double found) const {
  const auto earlier = std::find_if(parts_.begin(), parts_.end(),
                                    [&](const MergePart& part) { return part.done[point]; });
  throw InputError(
      fmt::format("{}{} is done in {} and in {} with different numbers: {} is {} and {}; accepted: "
                  "parts that agree",
                  sweep_.axes().empty() ? "" : "the point ", sweep_.describe(point), earlier->path,
                  source.part.path, name_of(source.dataset.field, sweep_, inner), merged, found));
}

}  // namespace qbsweep
