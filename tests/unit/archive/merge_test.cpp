// What several archives of a sweep hold comes into one, slot by slot, or none is made.
#include "qbsweep/archive/merge.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>

#include "archive_example.hpp"
#include "qbsweep/archive/archive_lock.hpp"
#include "qbsweep/archive/failures_log.hpp"

namespace qbsweep::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;
using testing::Pair;
using enum SlotStatus;

/// What is written of a point instead of record_of.
using Change = std::function<void(PointRecord&)>;

/// An archive in which these points are done.
void make_part(const std::string& path, const Sweep& sweep, const std::vector<std::int64_t>& points,
               const Change& change = {}) {
  create_archive(path, sweep);
  std::vector<PointRecord> records;
  for (const std::int64_t point : points) {
    records.push_back(record_of(sweep, point));
    if (change) {
      change(records.back());
    }
  }
  const std::vector<std::int32_t> once(points.size(), 1);
  ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
  writer.write_attempts(points, once);
  writer.write(records);
  writer.close();
}

std::vector<std::int64_t> every_other(const Sweep& sweep, std::int64_t first) {
  std::vector<std::int64_t> points;
  for (std::int64_t point = first; point < sweep.size(); point += 2) {
    points.push_back(point);
  }
  return points;
}

std::map<std::string, std::vector<double>> expected_slot(const Sweep& sweep, std::int64_t point) {
  const PointRecord record = record_of(sweep, point);
  auto slot = slot_of(record);
  if (sweep.steady_state()) {
    slot.merge(steady_slot_of(record));
  }
  slot["attempts"] = {1};
  return slot;
}

class Merging : public testing::Test {
 protected:
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  [[nodiscard]] MergedPoints merge(const std::vector<std::string>& names) const {
    std::vector<std::string> paths;
    for (const auto& name : names) {
      paths.push_back(file(name));
    }
    return merge_archives(file("all.h5"), paths);
  }
  [[nodiscard]] std::string refusal(const std::vector<std::string>& names) const {
    const auto before = folder_.contents();
    auto message = message_of<InputError>([&] { (void)merge(names); });
    EXPECT_EQ(folder_.contents(), before);
    return message;
  }

  Folder folder_;
};

struct Grid {
  const char* name;
  std::string axes;
  std::string sections;
};

void PrintTo(const Grid& grid, std::ostream* out) {
  *out << grid.name;
}

class MergingGrids : public Merging, public testing::WithParamInterface<Grid> {};

TEST_P(MergingGrids, EverySlotComesFromThePartThatHasIt) {
  const auto sweep = sweep_of(GetParam().axes, GetParam().sections);
  // The last point is in neither part.
  auto odd = every_other(sweep, 1);
  auto even = every_other(sweep, 0);
  const std::int64_t last = sweep.size() - 1;
  std::erase(odd, last);
  std::erase(even, last);
  make_part(file("odd.h5"), sweep, odd);
  make_part(file("even.h5"), sweep, even);
  const auto counts = merge({"odd.h5", "even.h5"});
  EXPECT_EQ(counts.total, sweep.size());
  EXPECT_EQ(counts.done, last);
  EXPECT_EQ(counts.failed, 0);
  EXPECT_EQ(counts.pending(), 1);

  for (const auto& [name, ignored] : expected_slot(sweep, 0)) {
    const auto raw = read_raw(file("all.h5"), name);
    for (std::int64_t point = 0; point < last; ++point) {
      ASSERT_EQ(raw.slot(point, sweep.size()), expected_slot(sweep, point).at(name))
          << name << " of point " << point;
    }
    const auto blank = read_raw(file("odd.h5"), name).slot(last, sweep.size());
    EXPECT_THAT(raw.slot(last, sweep.size()),
                std::isnan(blank.front()) ? testing::Matcher<std::vector<double>>(Each(IsNan()))
                                          : testing::Eq(blank))
        << name;
  }
  EXPECT_EQ(ArchiveReader(file("all.h5")).shard(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Archive, MergingGrids,
                         testing::Values(Grid{"NoAxes", "", charging_section},
                                         Grid{"OneAxis", number_axis, charging_section},
                                         Grid{"ThreeAxes", words_axis + noise_axis + number_axis,
                                              charging_section + gap_section + every_observable()},
                                         // More than is held at a time.
                                         Grid{"Blocks", number_axis,
                                              "charging: {t_max: 2.0, samples: 180000}\n"}),
                         [](const auto& parameter) { return parameter.param.name; });

TEST_F(Merging, EqualResultsMayOverlap) {
  const auto sweep = sweep_with(number_axis, 2);
  const auto unset_tau = [](double sign) {
    return [sign](PointRecord& record) {
      record.charging.figures.tau[0] =
          std::copysign(std::numeric_limits<double>::quiet_NaN(), sign);
      record.wall_seconds = 17 + sign;
    };
  };
  make_part(file("a.h5"), sweep, {0, 1, 2}, unset_tau(1));
  make_part(file("b.h5"), sweep, {1, 2, 3}, unset_tau(-1));
  EXPECT_EQ(merge({"a.h5", "b.h5"}).done, 4);
  EXPECT_THAT(read_raw(file("all.h5"), "wall_seconds").numbers, ElementsAre(18, 18, 18, 16));
}

TEST_F(Merging, OtherNumbersAreRefused) {
  const auto sweep = sweep_with(noise_axis + number_axis, 2);
  make_part(file("a.h5"), sweep, {4, 5, 6});
  make_part(file("b.h5"), sweep, {7});
  const auto refusal_with = [&](const Change& change) {
    make_part(file("c.h5"), sweep, {5, 8}, [&](PointRecord& record) {
      if (record.index == 5) {
        change(record);
      }
    });
    const auto message = refusal({"a.h5", "b.h5", "c.h5"});
    std::filesystem::remove(file("c.h5"));
    return message;
  };
  const auto point_of = [&](const std::string& numbers) {
    return "the point noise=cavity, N=2 is done in " + file("a.h5") + " and in " + file("c.h5") +
           " with different numbers: " + numbers + "; accepted: parts that agree";
  };
  EXPECT_EQ(refusal_with([](PointRecord& r) { r.charging.figures.battery_energy_max = 0.1; }),
            point_of("battery_energy_max is 5025 and 0.1"));
  EXPECT_EQ(refusal_with([](PointRecord& r) { r.charging.figures.tau[1] += 1e-12; }),
            point_of("tau[permutation_invariant] is 5005 and 5005.000000000001"));
  EXPECT_EQ(
      refusal_with([](PointRecord& r) { r.charging.trajectory.of("photon_number")[1] = -0.0; }),
      point_of("photon_number[1] is 5035 and -0"));
  EXPECT_EQ(refusal_with([](PointRecord& r) { r.charging.trajectory.ergotropy[2][1] = unset; }),
            point_of("ergotropy[dicke_subspace, 1] is 5045 and nan"));
  EXPECT_EQ(refusal_with([](PointRecord& r) { r.charging.diagnostics.unknowns += 1; }),
            point_of("point_unknowns is 3000000005 and 3000000006"));
}

TEST_F(Merging, DoneCountsBeforeFailedAndFailedBeforePending) {
  const auto sweep = sweep_with(number_axis, 0);
  for (const char* name : {"a.h5", "b.h5"}) {
    create_archive(file(name), sweep);
  }
  const auto set = [&](const std::string& name, const std::vector<SlotStatus>& status,
                       const std::vector<std::int32_t>& attempts) {
    ArchiveWriter writer(MPI_COMM_WORLD, file(name), sweep);
    const std::vector<std::int64_t> points = {0, 1, 2, 3};
    writer.write_attempts(points, attempts);
    for (const std::int64_t point : points) {
      if (status[point] == done) {
        writer.write(std::vector{record_of(sweep, point)});
      } else {
        writer.mark(point, status[point]);
      }
    }
    writer.close();
  };
  set("a.h5", {failed, failed, pending, pending}, {5, 1, 2, 3});
  set("b.h5", {done, pending, pending, failed}, {1, 0, 1, 1});
  FailuresLog a(file("a.h5"));
  FailuresLog b(file("b.h5"));
  a.append(0, "N=1", "not there");
  a.append(1, "N=2", "first");
  a.append(1, "N=2", "again");
  a.append(2, "N=3", "of an earlier run");
  a.append(3, "N=4", "of an earlier run");
  b.append(3, "N=4", "out of memory");
  b.append(77, "N=78", "of no point of the grid");

  for (const std::vector<std::string>& parts :
       {std::vector<std::string>{"a.h5", "b.h5"}, {"b.h5", "a.h5"}}) {
    const auto counts = merge(parts);
    EXPECT_EQ(counts.done, 1);
    EXPECT_EQ(counts.failed, 2);
    EXPECT_EQ(counts.pending(), 1);
    const ArchiveReader all(file("all.h5"));
    EXPECT_THAT(all.status(), ElementsAre(done, failed, pending, failed));
    EXPECT_THAT(all.attempts(), ElementsAre(1, 1, 2, 3));
    EXPECT_THAT(FailuresLog(file("all.h5")).lines(),
                ElementsAre(Pair(1, HasSubstr("again")), Pair(3, HasSubstr("out of memory"))));
    std::filesystem::remove(file("all.h5"));
  }
}

/// Archives of older programs have the values of linspace with their rounding errors.
TEST_F(Merging, AxisValuesOfAnOlderArchiveAreThoseOfTheNewOne) {
  const Sweep now =
      sweep_with("  - {name: kappa, linspace: {from: 0, to: 0.15, count: 5}}\n", 2, {"fock_dim=3"});
  const Sweep then =
      Sweep::from_text(now.text(), "example.yaml", now.overrides(), SweepEdition::format_3);
  const auto kappa = [](const Sweep& sweep) {
    return to_text(sweep.axes().front().parameters.front().values[3]);
  };
  EXPECT_EQ(kappa(now), "0.1125");
  EXPECT_EQ(kappa(then), "0.11249999999999999");

  make_part(file("old.h5"), then, {0, 1, 3});
  EXPECT_EQ(kappa(ArchiveReader(file("old.h5")).sweep()), kappa(then));
  make_part(file("new.h5"), now, {2, 4});
  EXPECT_EQ(kappa(ArchiveReader(file("new.h5")).sweep()), kappa(now));
  for (const auto& [first, second] :
       {std::pair("old.h5", "new.h5"), std::pair("new.h5", "old.h5")}) {
    EXPECT_EQ(merge({first, second}).done, 5);
    EXPECT_EQ(kappa(ArchiveReader(file("all.h5")).sweep()),
              kappa(ArchiveReader(file(first)).sweep()));
    std::filesystem::remove(file("all.h5"));
  }
}

TEST_F(Merging, PartsMustBeDifferentArchivesOfOneSweep) {
  const auto sweep = sweep_with(number_axis, 0);
  make_part(file("a.h5"), sweep, {0});
  std::filesystem::create_symlink(file("a.h5"), file("link.h5"));
  make_part(file("other.h5"), sweep_with(number_axis, 0, {"g=0.5", "m=2"}), {1});
  std::ofstream(file("text.h5")) << "no archive";
  EXPECT_EQ(refusal({"a.h5", "a.h5"}), file("a.h5") + " is given twice; accepted: every part once");
  EXPECT_EQ(refusal({"a.h5", "link.h5"}), file("a.h5") + " and " + file("link.h5") +
                                              " are the same file; accepted: every part once");
  EXPECT_EQ(refusal({"a.h5", "other.h5"}), file("other.h5") + " belongs to another sweep than " +
                                               file("a.h5") +
                                               ": g, m differ; accepted: parts of one sweep");
  EXPECT_THAT(refusal({"a.h5", "text.h5"}), HasSubstr("text.h5 is not an HDF5 file"));
  EXPECT_THAT(refusal({"a.h5", "none.h5"}), HasSubstr("none.h5 does not exist"));

  const std::string names =
      "accepted: a name for the merged archive, new or that of an earlier merge";
  std::filesystem::create_symlink("nowhere", file("all.h5"));
  EXPECT_EQ(refusal({"a.h5"}), file("all.h5") + " is a link to nothing; " + names);
  std::filesystem::remove(file("all.h5"));
  std::filesystem::create_symlink(file("a.h5"), file("all.h5"));
  EXPECT_EQ(refusal({"a.h5"}), file("all.h5") + " is one of the parts; " + names);
}

TEST_F(Merging, AnEarlierMergeIsAddedTo) {
  const auto sweep = sweep_with(number_axis, 0);
  make_part(file("a.h5"), sweep, {0});
  make_part(file("b.h5"), sweep, {1, 2});
  EXPECT_EQ(merge({"a.h5"}).done, 1);
  const auto first = std::filesystem::last_write_time(file("all.h5"));
  EXPECT_EQ(merge({"a.h5"}).done, 1);
  EXPECT_EQ(std::filesystem::last_write_time(file("all.h5")), first) << "there was nothing to add";

  EXPECT_EQ(merge({"b.h5"}).done, 3);
  EXPECT_THAT(ArchiveReader(file("all.h5")).status(), ElementsAre(done, done, done, pending));
  make_part(file("c.h5"), sweep, {0},
            [](PointRecord& record) { record.charging.figures.battery_energy_max = 7.0; });
  EXPECT_THAT(refusal({"c.h5"}), HasSubstr("with different numbers: battery_energy_max"));
  EXPECT_THAT(ArchiveReader(file("all.h5")).status(), ElementsAre(done, done, done, pending));
}

TEST_F(Merging, WhatIsNoEarlierMergeIsNotReplaced) {
  const auto sweep = sweep_with(number_axis, 0);
  make_part(file("a.h5"), sweep, {0});
  create_archive(file("all.h5"), sweep, Shard{2, 4});
  EXPECT_EQ(
      refusal({"a.h5"}),
      file("all.h5") +
          " is the archive of shard 2/4; accepted: a name for the merged archive, new or that "
          "of an earlier merge");
  std::filesystem::remove(file("all.h5"));
  std::ofstream(file("all.h5")) << "no archive";
  EXPECT_THAT(refusal({"a.h5"}), HasSubstr("all.h5 is not an HDF5 file"));
  std::filesystem::remove(file("all.h5"));
  create_archive(file("all.h5"), sweep);
  const ArchiveLock run(file("all.h5"), 1);
  EXPECT_THROW(merge_archives(file("all.h5"), {file("a.h5")}), EnvironmentError);
}

TEST_F(Merging, ShardsAreReadBackAsSuch) {
  const auto sweep = sweep_with(number_axis, 0);
  create_archive(file("a.h5"), sweep, Shard{2, 4});
  EXPECT_EQ(ArchiveReader(file("a.h5")).shard(), (Shard{2, 4}));
  EXPECT_EQ(merge({"a.h5"}).pending(), 4);
  EXPECT_EQ(ArchiveReader(file("all.h5")).shard(), std::nullopt);
}

}  // namespace
}  // namespace qbsweep::test
