// What is written into slots is read back, in archives of every shape.
#include <gmock/gmock.h>
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "archive_example.hpp"

namespace qbsweep::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using enum SlotStatus;

struct Shape {
  const char* name;
  std::string axes;
  int samples;
};

class ArchiveOfShape : public testing::TestWithParam<Shape> {};

TEST_P(ArchiveOfShape, WrittenSlotsAreReadBack) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_with(GetParam().axes, GetParam().samples);
  create_archive(path, sweep);

  // A run from the second slot to the last but one, so that it begins and ends within rows.
  std::vector<PointRecord> records;
  for (std::int64_t i = sweep.size() > 2 ? 1 : 0; i < std::max<std::int64_t>(1, sweep.size() - 1);
       ++i) {
    records.push_back(record_of(sweep, i));
  }
  ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
  writer.write(records);
  writer.close();

  for (const auto& [name, first] : slot_of(records.front())) {
    const auto raw = read_raw(path, name);
    for (const auto& record : records) {
      EXPECT_EQ(raw.slot(record.index, sweep.size()), slot_of(record).at(name))
          << name << " of point " << record.index;
    }
  }
  const auto status = ArchiveReader(path).status();
  EXPECT_EQ(std::count(status.begin(), status.end(), done), records.size());
  EXPECT_EQ(std::count(status.begin(), status.end(), pending),
            static_cast<std::ptrdiff_t>(status.size() - records.size()));
}

INSTANTIATE_TEST_SUITE_P(
    Archive, ArchiveOfShape,
    testing::Values(Shape{"NoAxes", "", 3}, Shape{"NoAxesNoSamples", "", 0},
                    Shape{"OneAxis", number_axis, 3}, Shape{"Words", words_axis, 0},
                    Shape{"Zipped", noise_axis + number_axis, 2},
                    Shape{"ThreeAxes", words_axis + noise_axis + number_axis, 4}),
    [](const auto& shape) { return shape.param.name; });

TEST(Archive, WhatIsStoredOfTheBattery) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_of(number_axis, charging_section + storage_section);
  create_archive(path, sweep);
  const PointRecord record = record_of(sweep, 2);
  ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
  writer.write(std::vector{record});
  writer.close();
  const auto slot = [&](const char* dataset) {
    return read_raw(path, dataset).slot(2, sweep.size());
  };
  const auto& storage = record.charging.storage;
  const auto joined = [](const PerDefinition<std::vector<double>>& parts) {
    std::vector<double> all;
    for (const auto& part : parts) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  };
  EXPECT_EQ(slot("storage_time"), storage.time);
  EXPECT_EQ(slot("storage_battery_energy"), joined(storage.battery_energy));
  EXPECT_EQ(slot("storage_ergotropy"), joined(storage.ergotropy));
  EXPECT_EQ(slot("storage_half_life"),
            std::vector(storage.half_life.begin(), storage.half_life.end()));
}

TEST(Archive, SteadyStatesAndGroundStates) {
  const Folder folder;
  for (const std::string& sections :
       {charging_section + gap_section + every_observable(), gap_section}) {
    const auto path = folder.file("a.h5");
    const auto sweep = sweep_of(start_axis + number_axis, sections);
    create_archive(path, sweep);
    std::vector<PointRecord> records;
    for (std::int64_t i = 1; i < sweep.size() - 1; ++i) {
      records.push_back(record_of(sweep, i));
    }
    ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
    writer.write(records);
    writer.close();

    for (const auto& [name, unused] : steady_slot_of(records.front())) {
      const auto raw = read_raw(path, name);
      for (const auto& record : records) {
        EXPECT_EQ(raw.slot(record.index, sweep.size()), steady_slot_of(record).at(name))
            << name << " of point " << record.index;
      }
    }
    std::ptrdiff_t first = 0;         // of the observable among those at tau
    std::ptrdiff_t first_steady = 0;  // and of a steady state
    for (const Observable* const observable : sweep.observables()) {
      const std::string name(observable->name);
      const std::ptrdiff_t size = observable->size(sweep.observable_sizes());
      for (const auto& record : records) {
        const auto slot = [&](const std::string& dataset) {
          return read_raw(path, dataset).slot(record.index, sweep.size());
        };
        EXPECT_EQ(slot(name), record.charging.trajectory.of(name)) << name;
        if (!observable->since_begin) {
          const auto of_steady = record.steady.observables.begin() + first_steady;
          EXPECT_EQ(slot("steady_" + name), std::vector(of_steady, of_steady + size)) << name;
        }
        std::vector<double> at_tau;
        for (const auto& of_definition : record.charging.figures.observables_at_tau) {
          at_tau.insert(at_tau.end(), of_definition.begin() + first,
                        of_definition.begin() + first + size);
        }
        EXPECT_EQ(slot(name + "_at_tau"), at_tau) << name;
      }
      first += size;
      first_steady += observable->since_begin ? 0 : size;
    }
    for (const auto& [name, unused] : ground_slot_of(GroundState())) {
      const auto raw = read_raw(path, name);
      for (const auto& record : records) {
        const auto slot = raw.slot(record.index, sweep.size());
        if (record.ground) {
          EXPECT_EQ(slot, ground_slot_of(*record.ground).at(name)) << name;
        } else {  // the charged cavities
          EXPECT_TRUE(name == "ground_state_parity" ? slot[0] == 0 : std::isnan(slot[0])) << name;
        }
      }
    }
    EXPECT_EQ(std::count_if(records.begin(), records.end(),
                            [](const auto& record) { return record.ground.has_value(); }),
              3);
    std::filesystem::remove(path);
  }
}

TEST(Archive, ColumnsOfSteadyStates) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_of(number_axis, gap_section);
  create_archive(path, sweep);
  const auto columns = ArchiveReader(path).scalar_columns();
  std::vector<std::string> names;
  for (const auto& column : columns) {
    names.push_back(column.name);
    EXPECT_EQ(column.integer,
              column.name == "steady_multiplicity" || column.name == "steady_method" ||
                  column.name == "steady_fock_dim" || column.name == "steady_unknowns" ||
                  column.name == "steady_operator_applications" || column.name == "attempts")
        << column.name;
  }
  EXPECT_THAT(names,
              ElementsAre("steady_battery_energy", "steady_photon_number", "steady_total_energy",
                          "steady_ergotropy_global", "steady_ergotropy_permutation_invariant",
                          "steady_ergotropy_dicke_subspace", "steady_error", "steady_residual",
                          "steady_multiplicity", "liouvillian_gap", "steady_method",
                          "steady_fock_dim", "steady_unknowns", "steady_fock_tail",
                          "steady_truncation_error", "steady_operator_applications", "point_g",
                          "point_omega_c", "point_m", "wall_seconds", "progress", "attempts"));
}

TEST(Archive, FailedAndRetriedPoints) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_with(number_axis, 0);
  create_archive(path, sweep);
  ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
  writer.write_attempts(std::vector<std::int64_t>{0, 2, 3}, std::vector<std::int32_t>{1, 2, 3});
  writer.mark(2, SlotStatus::failed);
  writer.mark(3, SlotStatus::failed);
  writer.write(std::vector{record_of(sweep, 3), record_of(sweep, 0)});

  // A reader comes while the writer is at work.
  const ArchiveReader reader(path);
  EXPECT_THAT(reader.status(), ElementsAre(done, pending, failed, done));
  EXPECT_THAT(reader.attempts(), ElementsAre(1, 0, 2, 3));
  EXPECT_THAT(reader.wall_seconds(), ElementsAre(0.5, testing::IsNan(), testing::IsNan(), 3.5));
  writer.write(std::vector{record_of(sweep, 1)});
  EXPECT_THAT(reader.status(), ElementsAre(done, done, failed, done));
  writer.close();
}

TEST(Archive, ProgressOfPoints) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_with(number_axis, 0);
  create_archive(path, sweep);
  ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
  writer.write_progress(1, 0.25, 2.5);
  writer.write_progress(2, 0.5, 3.5);
  const ArchiveReader reader(path);
  EXPECT_THAT(reader.progress(), ElementsAre(testing::IsNan(), 0.25, 0.5, testing::IsNan()));
  writer.write(std::vector{record_of(sweep, 2), record_of(sweep, 3)});
  EXPECT_THAT(reader.progress(), ElementsAre(testing::IsNan(), 0.25, 1, 1));
  EXPECT_THAT(reader.status(), ElementsAre(pending, pending, done, done));
  EXPECT_THROW(writer.write_progress(4, 0.5, 1.0), std::out_of_range);
  writer.close();
}

TEST(Archive, ScalarColumnsComeInOrder) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_with(number_axis, 2);
  create_archive(path, sweep);
  {
    ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
    writer.write(std::vector{record_of(sweep, 1)});
    writer.close();
  }
  const auto columns = ArchiveReader(path).scalar_columns();
  ASSERT_EQ(columns.size(), 10 * 3 + 7 + 6 + 8);
  EXPECT_EQ(columns[0].name, "ergotropy_max_global");
  EXPECT_EQ(columns[1].name, "ergotropy_max_permutation_invariant");
  EXPECT_EQ(columns[2].name, "ergotropy_max_dicke_subspace");
  EXPECT_EQ(columns[3].name, "tau_global");
  EXPECT_THAT(columns[4].values,
              ElementsAre(testing::IsNan(), 1005, testing::IsNan(), testing::IsNan()));
  EXPECT_FALSE(columns[4].integer);
  EXPECT_EQ(columns.back().name, "attempts");
  EXPECT_TRUE(columns.back().integer);
  const auto unknowns = std::find_if(columns.begin(), columns.end(), [](const auto& column) {
    return column.name == "point_unknowns";
  });
  ASSERT_NE(unknowns, columns.end());
  EXPECT_TRUE(unknowns->integer);
  EXPECT_THAT(unknowns->values, ElementsAre(0, 3'000'000'001, 0, 0));
  const auto& reductions = *std::next(unknowns);
  EXPECT_EQ(reductions.name, "reductions");
  EXPECT_TRUE(reductions.integer);
  EXPECT_THAT(reductions.values, ElementsAre(0, 2, 0, 0));
}

TEST(Archive, AbandonedWritersLoseNothing) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_with(number_axis, 0);
  create_archive(path, sweep);
  {
    ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
    writer.write(std::vector{record_of(sweep, 1)});
  }
  EXPECT_THAT(ArchiveReader(path).status(), ElementsAre(pending, done, pending, pending));
}

TEST(Archive, SlotsOutsideTheGridAreRefused) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  const auto sweep = sweep_with(number_axis, 3);
  create_archive(path, sweep);
  ArchiveWriter writer(MPI_COMM_WORLD, path, sweep);
  EXPECT_THROW(writer.mark(4, SlotStatus::failed), std::out_of_range);
  EXPECT_THROW(writer.mark(-1, SlotStatus::failed), std::out_of_range);
  auto record = record_of(sweep, 3);
  record.index = 4;
  EXPECT_THROW(writer.write(std::vector{record}), std::out_of_range);
  record.index = 3;
  record.charging.trajectory.of("photon_number").pop_back();
  EXPECT_THAT(message_of<std::logic_error>([&] { writer.write(std::vector{record}); }),
              HasSubstr("photon_number"));
  EXPECT_THAT(ArchiveReader(path).status(), ElementsAre(pending, pending, pending, pending));
  writer.close();
}

TEST(Archive, WriterRefusesTheArchiveOfAnotherGrid) {
  const Folder folder;
  const auto path = folder.file("a.h5");
  create_archive(path, sweep_with(number_axis, 0));
  const auto other = sweep_with(words_axis, 0);
  EXPECT_THAT(
      message_of<InputError>([&] { const ArchiveWriter writer(MPI_COMM_WORLD, path, other); }),
      HasSubstr("dataset status has the shape (4), but its sweep needs (2)"));
  EXPECT_THAT(message_of<EnvironmentError>([&] {
                const ArchiveWriter writer(MPI_COMM_WORLD, folder.file("none.h5"), other);
              }),
              HasSubstr("none.h5"));
}

}  // namespace
}  // namespace qbsweep::test
