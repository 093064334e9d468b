#include "qbsweep/archive/checkpoint_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <span>
#include <utility>

#include "checkpoint_names.hpp"
#include "column_pieces.hpp"
#include "file_seal.hpp"
#include "format.hpp"
#include "hdf5_attribute.hpp"
#include "hdf5_handle.hpp"
#include "metadata_checksums.hpp"
#include "parallel_file.hpp"
#include "posix_file.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {

namespace {

using Numbers = std::map<std::string, std::vector<double>>;

constexpr int first_rank = 0;
constexpr const char* format_name = "qbsweep-checkpoint";
/// 1 has no seal, else they are the same.
constexpr std::int32_t format_version = 2;
constexpr std::int32_t version_without_seal = 1;
constexpr const char* identity_attribute = "identity";
constexpr const char* numbers_group = "numbers";
constexpr const char* arrays_group = "arrays";

std::string dataset_name(const char* group, const std::string& name) {
  return fmt::format("{}/{}", group, name);
}

/// Takes the disk space of the first `bytes` of a file: no write into them can meet a full disk.
/// HDF5 must not be the one to meet it, for a file that it cannot close makes it crash at the end
/// of the program.
void take_room(const std::string& path, off_t bytes, int flags) {
  const FileDescriptor file = open_file(path, O_RDWR | flags);
  if (const int error = ::posix_fallocate(file.get(), 0, bytes); error != 0) {
    throw EnvironmentError(fmt::format("cannot write {}: {} are needed: {}", path,
                                       size_text(static_cast<double>(bytes)),
                                       system_reason(error)));
  }
}

off_t size_of_file(const std::string& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) != 0) {
    fail_system("read", path, errno);
  }
  return found.st_size;
}

hdf5::PropertyList access_without_locks(const std::string& path) {
  const hdf5::Doing opening{"open", "", path};
  hdf5::PropertyList access(H5Pcreate(H5P_FILE_ACCESS), opening);
  hdf5::checked(H5Pset_file_locking(access.get(), 0, 1), opening);
  return access;
}

/// A dataset of doubles whose place in the file is fixed from now on.
hdf5::Dataset create_dataset(const hdf5::File& file, const std::string& name,
                             std::span<const hsize_t> shape, const std::string& path) {
  const hdf5::Doing creating{"create dataset", name, path};
  const hdf5::Dataspace space(
      H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), creating);
  const hdf5::PropertyList properties(H5Pcreate(H5P_DATASET_CREATE), creating);
  hdf5::checked(H5Pset_layout(properties.get(), H5D_CONTIGUOUS), creating);
  hdf5::checked(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY), creating);
  hdf5::checked(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), creating);
  return {H5Dcreate2(file.get(), name.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT,
                     properties.get(), H5P_DEFAULT),
          creating};
}

hdf5::Group create_group(const hdf5::File& file, const char* name, const std::string& path) {
  return {H5Gcreate2(file.get(), name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
          {"create group", name, path}};
}

/// Opens a file that was saved for `identity`. On one rank.
/// \throws EnvironmentError if it is none, or damaged
hdf5::File open_saved(const std::string& path, const std::string& identity) {
  hdf5::silence();
  const auto access = access_without_locks(path);
  hdf5::File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), {"open", "", path});
  const auto version = hdf5::read_number(file.get(), format::version_attribute, path);
  if (hdf5::read_long_text(file.get(), format::name_attribute, path) != format_name ||
      (version != format_version && version != version_without_seal) ||
      hdf5::read_long_text(file.get(), identity_attribute, path) != identity) {
    throw EnvironmentError(fmt::format("{} is no checkpoint of this computation", path));
  }
  return file;
}

hdf5::Dataset open_dataset(const hdf5::File& file, const std::string& name,
                           const std::string& path) {
  return {H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), {"open dataset", name, path}};
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

/// \throws EnvironmentError or InputError if the file is not what was saved
void check_file(const std::string& path) {
  const Seal seal = check_seal(path);
  if (seal == Seal::broken) {
    throw EnvironmentError(fmt::format("{} is damaged", path));
  }
  if (seal == Seal::none) {
    try_metadata(path);  // HDF5 may not survive what it meets
    const auto access = access_without_locks(path);
    const hdf5::File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), {"open", "", path});
    if (hdf5::read_number(file.get(), format::version_attribute, path) != version_without_seal) {
      throw EnvironmentError(fmt::format("{} is damaged: its seal is gone", path));
    }
  }
}

Numbers read_numbers(const std::string& path, const std::string& identity) {
  const hdf5::File file = open_saved(path, identity);
  const hdf5::Doing reading{"read", numbers_group, path};
  const hdf5::Group group(H5Gopen2(file.get(), numbers_group, H5P_DEFAULT), reading);
  std::vector<std::string> names;
  hdf5::checked(
      H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect_name, &names),
      reading);
  Numbers numbers;
  for (const std::string& name : names) {
    const auto dataset = open_dataset(file, dataset_name(numbers_group, name), path);
    const auto shape = hdf5::shape_of(dataset, reading);
    std::vector<double> values(shape.empty() ? 1 : shape.front());
    hdf5::checked(
        H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        reading);
    numbers.emplace(name, std::move(values));
  }
  return numbers;
}

/// Calls move(in memory, in file, data) for each piece of `part`, its dataspaces selected.
template <typename Move>
void move_pieces(const hdf5::Dataset& dataset, const ArrayColumns& part, const hdf5::Doing& doing,
                 const Move& move) {
  const hdf5::Dataspace in_file(H5Dget_space(dataset.get()), doing);
  for (const ColumnPiece& piece : pieces_of(part)) {
    const std::array<hsize_t, 2> count = {static_cast<hsize_t>(piece.rows),
                                          static_cast<hsize_t>(piece.columns)};
    const std::array<hsize_t, 2> start = {static_cast<hsize_t>(piece.row),
                                          static_cast<hsize_t>(part.first + piece.column)};
    hdf5::checked(H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, start.data(), nullptr,
                                      count.data(), nullptr),
                  doing);
    const std::array<hsize_t, 2> held = {count[0], static_cast<hsize_t>(part.row_stride)};
    const std::array<hsize_t, 2> origin = {0, 0};
    const hdf5::Dataspace in_memory(H5Screate_simple(2, held.data(), nullptr), doing);
    hdf5::checked(H5Sselect_hyperslab(in_memory.get(), H5S_SELECT_SET, origin.data(), nullptr,
                                      count.data(), nullptr),
                  doing);
    move(in_memory.get(), in_file.get(), part.data + piece.row * part.row_stride + piece.column);
  }
}

void write_columns(const hdf5::File& file, const ArrayColumns& part, const std::string& path) {
  const std::string name = dataset_name(arrays_group, part.name);
  const hdf5::Doing writing{"write", name, path};
  const auto dataset = open_dataset(file, name, path);
  move_pieces(dataset, part, writing, [&](hid_t in_memory, hid_t in_file, const double* data) {
    hdf5::checked(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, in_memory, in_file, H5P_DEFAULT, data),
                  writing);
  });
}

}  // namespace

Numbers read_checkpoint_numbers(const std::string& path, const std::string& identity) {
  hdf5::silence();
  try {
    // Not the whole file, which may be large: whoever resumes from it reads that.
    try_metadata(path);
    std::string whole;
    {
      const auto access = access_without_locks(path);
      const hdf5::File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()),
                            {"open", "", path});
      whole = hdf5::read_long_text(file.get(), identity_attribute, path);
    }
    return whole.starts_with(identity) ? read_numbers(path, whole) : Numbers{};
  } catch (const std::exception&) {
    return {};  // a checkpoint that cannot be read is none
  }
}

CheckpointFile::CheckpointFile(MPI_Comm comm, std::string path, std::string identity)
    : comm_(comm),
      path_(std::move(path)),
      temporary_(path_ + checkpoint_suffix_while_written),
      identity_(std::move(identity)) {}

void CheckpointFile::lay_out(const Checkpoint& checkpoint) const {
  // Where there is not enough room is found out here: HDF5 does not survive that it cannot close a
  // file.
  off_t enough = off_t{1} << 16;
  for (const auto& [name, values] : checkpoint.numbers) {
    enough += static_cast<off_t>(values.size() * sizeof(double) + 1024);
  }
  for (const ArrayColumns& array : checkpoint.arrays) {
    enough += array.rows * array.columns * static_cast<off_t>(sizeof(double)) + 1024;
  }
  take_room(temporary_, enough, O_CREAT);

  const hdf5::Doing creating{"create", "", temporary_};
  const auto access = access_without_locks(temporary_);
  hdf5::File file(H5Fcreate(temporary_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()),
                  creating);
  hdf5::write_long_text(file.get(), format::name_attribute, format_name, temporary_);
  hdf5::write_number(file.get(), format::version_attribute, format_version, temporary_);
  hdf5::write_long_text(file.get(), identity_attribute, identity_, temporary_);
  create_group(file, numbers_group, temporary_);
  create_group(file, arrays_group, temporary_);
  for (const auto& [name, values] : checkpoint.numbers) {
    const std::array<hsize_t, 1> shape = {values.size()};
    const auto dataset = create_dataset(file, dataset_name(numbers_group, name), shape, temporary_);
    hdf5::checked(
        H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        {"write", name, temporary_});
  }
  for (const ArrayColumns& array : checkpoint.arrays) {
    const std::array<hsize_t, 2> shape = {static_cast<hsize_t>(array.rows),
                                          static_cast<hsize_t>(array.columns)};
    create_dataset(file, dataset_name(arrays_group, array.name), shape, temporary_);
  }
  file.close({"close", "", temporary_});
  take_room(temporary_, size_of_file(temporary_), 0);
}

/// Fills the arrays of the temporary file.
void CheckpointFile::write_arrays(const std::vector<ArrayColumns>& arrays) const {
  hdf5::File file;
  try {
    collectively(comm_, [&] { file = hdf5::open_for_writing(comm_, temporary_); });
  } catch (const EnvironmentError&) {
    file.release();  // not everybody has it, and closing is collective
    throw;
  }
  std::string error;
  try {
    for (const ArrayColumns& array : arrays) {
      write_columns(file, array, temporary_);
    }
    // The machine of each rank holds what it wrote in its own memory.
    sync_file(open_file(temporary_, O_RDWR), temporary_);
  } catch (const std::exception& caught) {
    error = caught.what();  // told after the collective close
  }
  collectively(comm_, [&] {
    file.close({"close", "", temporary_});
    if (!error.empty()) {
      throw EnvironmentError(error);
    }
  });
}

/// Gives the temporary file its name for good. On one rank.
void CheckpointFile::publish() const {
  seal_file(temporary_);
  sync_file(open_file(temporary_, O_RDWR), temporary_);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail_system("replace", path_, errno);
  }
  sync_folder_of(path_);
}

void CheckpointFile::save(const Checkpoint& checkpoint) {
  hdf5::silence();
  const bool first = Communicator::rank_of(comm_) == first_rank;
  try {
    collectively(comm_, [&] {
      if (first) {
        lay_out(checkpoint);
      }
    });
    write_arrays(checkpoint.arrays);
    collectively(comm_, [&] {
      if (first) {
        publish();
      }
    });
  } catch (const EnvironmentError&) {
    if (first) {
      ::unlink(temporary_.c_str());
    }
    throw;
  }
}

Numbers CheckpointFile::load_numbers() {
  Numbers numbers;
  if (Communicator::rank_of(comm_) == first_rank) {
    try {
      hdf5::silence();
      check_file(path_);
      numbers = read_numbers(path_, identity_);
    } catch (const std::exception&) {
      numbers.clear();  // a checkpoint that cannot be read is none
    }
  }
  broadcast(comm_, first_rank, "share the numbers of a checkpoint", numbers);
  return numbers;
}

void CheckpointFile::load_array(const ArrayColumns& part) {
  collectively(comm_, [&] {
    const hdf5::File file = open_saved(path_, identity_);
    const std::string name = dataset_name(arrays_group, part.name);
    const hdf5::Doing reading{"read", name, path_};
    const auto dataset = open_dataset(file, name, path_);
    const std::vector<hsize_t> shape = hdf5::shape_of(dataset, reading);
    const std::vector<hsize_t> wanted = {static_cast<hsize_t>(part.rows),
                                         static_cast<hsize_t>(part.columns)};
    if (shape != wanted) {
      throw EnvironmentError(fmt::format("cannot read {} of {}: it has another shape than {} x {}",
                                         name, path_, part.rows, part.columns));
    }
    move_pieces(dataset, part, reading, [&](hid_t in_memory, hid_t in_file, double* data) {
      hdf5::checked(
          H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, in_memory, in_file, H5P_DEFAULT, data),
          reading);
    });
  });
}

void CheckpointFile::discard() {
  collectively(comm_, [&] {
    if (Communicator::rank_of(comm_) == first_rank) {
      remove_if_there(path_);
      remove_if_there(temporary_);
    }
  });
}

}  // namespace qbsweep
