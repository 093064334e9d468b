#include "parallel_file.hpp"

namespace qbsweep::hdf5 {

File open_for_writing(MPI_Comm comm, const std::string& path) {
  const Doing opening{"open", "", path};
  const PropertyList access(H5Pcreate(H5P_FILE_ACCESS), opening);
  checked(H5Pset_fapl_mpio(access.get(), comm, MPI_INFO_NULL), opening);
  return {H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), opening};
}

}  // namespace qbsweep::hdf5
