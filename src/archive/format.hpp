#pragma once
/// \file
/// How an archive says what it is: its root attributes.

#include <cstdint>

namespace qbsweep::format {

inline constexpr const char* name = "qbsweep-archive";
/// Of the layout. Archives of `oldest` to `version` are read and continued with the datasets that
/// they have (layout::Field::since); new ones are of `version`.
///   1  charging runs only
///   2  charging runs, steady states, ground states: each has its datasets only where the sweep has
///      it
///   3  the progress of points
///   4  datasets of what a sweep asks for may be added without another version; checksums
///   5  quench energies at the largest powers
inline constexpr std::int32_t version = 5;
inline constexpr std::int32_t oldest = 2;
/// Sweep files of earlier archives are read as SweepEdition::format_3.
inline constexpr std::int32_t first_with_current_edition = 4;

inline constexpr const char* name_attribute = "format";
inline constexpr const char* version_attribute = "format_version";
inline constexpr const char* sweep_file_attribute = "sweep_file";
inline constexpr const char* sweep_overrides_attribute = "sweep_overrides";
inline constexpr const char* identity_attribute = "sweep_meaning_hash";
inline constexpr const char* sweep_checksum_attribute = "sweep_checksum";
inline constexpr const char* metadata_checksum_attribute = "metadata_checksum";
/// Whether archives of a version have checksums.
inline constexpr std::int32_t first_with_checksums = 4;
/// "2/4"; only where the archive is for a shard of its sweep.
inline constexpr const char* shard_attribute = "shard";

}  // namespace qbsweep::format
