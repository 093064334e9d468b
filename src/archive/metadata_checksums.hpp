#pragma once
/// \file
/// Checksums of what an archive says of itself, which its root keeps from its creation on.
///
/// `sweep_checksum` is that of the format version, the sweep file, its overrides and the shard: of
/// all that tells which point a slot belongs to. `metadata_checksum` is that of the other
/// attributes of the root, and of name, type, shape, place in the file, dimensions, attributes and,
/// for coordinates, values of every dataset that the program made. What other programs add is not
/// part of it.

#include <cstdint>
#include <functional>
#include <string>

#include "hdf5_handle.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Of the open file as it is. \throws LibraryError
[[nodiscard]] std::uint32_t sweep_checksum(const hdf5::File& file, const std::string& path);
[[nodiscard]] std::uint32_t metadata_checksum(const hdf5::File& file, const std::string& path,
                                              const Sweep& sweep, std::int32_t version);

/// Writes both, once everything else is there. \throws LibraryError
void write_checksums(const hdf5::File& file, const std::string& path, const Sweep& sweep);

/// \throws InputError if the file's `sweep_checksum` is missing or not that of the file
void require_sound_sweep(const hdf5::File& file, const std::string& path);

/// Whether the file's `metadata_checksum` is that of the file. Looked at apart.
[[nodiscard]] bool has_sound_metadata(const std::string& path, const Sweep& sweep,
                                      std::int32_t version);

/// Has `work` done in a process of its own, with a limit of processor time: HDF5 goes round in
/// circles, or crashes, over some damaged files. \return its answer; false if it throws
/// \throws DamagedArchive if the process does not come to an end by itself
[[nodiscard]] bool ask_apart(const std::string& path, const std::function<bool()>& work);

/// Opens an archive, its datasets and all attributes apart, as reading it will do.
/// \throws DamagedArchive as ask_apart
void try_metadata(const std::string& path);

}  // namespace qbsweep
