#pragma once
/// \file
/// The datasets of an archive that have a slot for every point. One table drives their creation,
/// writing and reading and docs/archive.md: a new result is a new line in it (layout.cpp).

#include <hdf5.h>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "format.hpp"
#include "qbsweep/archive/archive.hpp"

namespace qbsweep::layout {

/// The dimensions of a dataset: the axes of the sweep, outermost first, followed by these, in the
/// order of inner_dimensions().
enum class Extent : unsigned {
  slots = 0,
  definitions = 1,
  samples = 2,
  definitions_and_samples = definitions | samples,
  storage_samples = 4,
  photons = 8,
  battery_state = 16
};
inline constexpr std::size_t extents = 32;

[[nodiscard]] constexpr Extent operator|(Extent a, Extent b) {
  return static_cast<Extent>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(Extent extent, Extent part) {
  return (static_cast<unsigned>(extent) & static_cast<unsigned>(part)) != 0;
}

enum class Element { int8, int32, int64, real };

/// What of a sweep a dataset comes from; without it the archive has no such dataset.
enum class Part {
  every,       ///< the point itself
  charging,    ///< the charging run
  trajectory,  ///< the samples of a charging run, if any are stored
  steady,      ///< the steady state
  gap,         ///< the steady state, if the Liouvillian gap is asked for
  storage,     ///< what is stored of the battery after charging
  ground       ///< a ground state at any of the points
};

/// Appends the numbers of a record's slot, in the order in which they are stored. Whole numbers
/// pass as doubles, which hold them exactly up to 2^53.
using Take = std::function<void(const PointRecord& record, std::vector<double>& numbers)>;

/// A number that means something.
struct Flag {
  std::int32_t value = 0;
  const char* meaning = nullptr;  ///< a word without blanks
  const char* text = "";          ///< what docs/archive.md says of it, in Markdown
};

/// What the numbers of a dataset mean (int32 only), if they are no plain numbers.
struct Flags {
  enum class Kind {
    masks,  ///< they are sums of these
    values  ///< they are one of these
  };
  Kind kind = Kind::masks;
  std::span<const Flag> all = {};
};

struct Field {
  const char* name;
  Part part;
  Extent extent;
  Element element;
  const char* units;
  const char* long_name;
  Take take;  ///< null for the bookkeeping of the sweep, which is no result
  Flags flags = {};
  std::int32_t since = format::oldest;  ///< the first format version that has it
  /// It is there only where the sweep asks for this observable.
  const Observable* observable = nullptr;
  const char* symbol = "";  ///< LaTeX, without the dollar signs; of observables
};

/// When the archive has it, or anything that comes from `part`, in Markdown.
[[nodiscard]] std::string present_text(const Field& field);
[[nodiscard]] const char* present_text(Part part);

inline constexpr const char* status = "status";
inline constexpr const char* attempts = "attempts";
inline constexpr const char* progress = "progress";
inline constexpr const char* checksum = "checksum";
inline constexpr const char* wall_seconds = "wall_seconds";
inline constexpr const char* trajectory_time = "time";

inline constexpr const char* storage_time = "storage_time";

/// A dimension after the axes, and its coordinate.
struct InnerDimension {
  Extent extent;  ///< the datasets that have it
  const char* name;
  hsize_t (*size)(const Sweep& sweep);
  const char* size_text;                    ///< in Markdown
  const char* where_text;                   ///< which archives have it, likewise
  const char* long_name;                    ///< of the coordinate
  std::span<const char* const> words = {};  ///< the coordinate's values; none: 0, 1, ...
};

/// All of them, outermost first.
[[nodiscard]] std::span<const InnerDimension> inner_dimensions();

/// Every field, in the archive's own order.
[[nodiscard]] std::span<const Field> all_fields();

/// The one of this name, which must be in the table.
[[nodiscard]] const Field& field_called(std::string_view name);

/// Those that the archive of `sweep` in this format version has.
[[nodiscard]] std::vector<Field> fields_of(const Sweep& sweep, std::int32_t version);

/// The sizes of the dimensions after the axes, and of all of them. A scalar dataset has none.
[[nodiscard]] std::vector<hsize_t> inner_shape(Extent extent, const Sweep& sweep);
[[nodiscard]] std::vector<hsize_t> shape(Extent extent, const Sweep& sweep);

/// The names of all dimensions.
[[nodiscard]] std::vector<std::string> dimension_names(Extent extent, const Sweep& sweep);

/// The product of sizes.
[[nodiscard]] hsize_t volume(const std::vector<hsize_t>& sizes);

/// The datatype in the file (the same on every machine), its name, and its size in bytes.
[[nodiscard]] hid_t stored_type(Element element);
[[nodiscard]] const char* stored_name(Element element);
[[nodiscard]] hsize_t stored_bytes(Element element);

}  // namespace qbsweep::layout
