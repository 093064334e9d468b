#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>

#include "archive_file.hpp"
#include "metadata_checksums.hpp"
#include "posix_file.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

namespace {

/// Of processor time. Opening takes some milliseconds, however many points there are.
constexpr rlim_t seconds_for_metadata = 3;

herr_t read_attribute(hid_t object, const char* name, const H5A_info_t*, void*) {
  const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  const hid_t space = H5Aget_space(attribute);
  if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    if (H5Sget_simple_extent_npoints(space) == 1) {
      H5Aread(attribute, type, static_cast<void*>(&text));
      H5free_memory(text);
    }
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attribute);
  return 0;
}

herr_t open_object(hid_t file, const char* name, const H5L_info_t*, void*) {
  const hid_t object = H5Oopen(file, name, H5P_DEFAULT);
  if (H5Iget_type(object) == H5I_DATASET) {
    H5Sclose(H5Dget_space(object));
    H5Tclose(H5Dget_type(object));
  }
  H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, read_attribute, nullptr);
  H5Oclose(object);
  return 0;
}

/// In the child.
[[noreturn]] void do_apart(const std::function<bool()>& work) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU}) {
    std::signal(signal, SIG_DFL);
  }
  const struct rlimit no_core = {0, 0};
  const struct rlimit time = {seconds_for_metadata, seconds_for_metadata};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setrlimit(RLIMIT_CPU, &time);
  bool answer = false;
  try {
    answer = work();
  } catch (...) {
    answer = false;
  }
  ::_exit(answer ? 0 : 1);
}

}  // namespace

bool ask_apart(const std::string& path, const std::function<bool()>& work) {
  const pid_t child = ::fork();
  if (child < 0) {
    fail_system("start a process to look at", path, errno);
  }
  if (child == 0) {
    do_apart(work);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      fail_system("look at", path, errno);
    }
  }
  if (WIFSIGNALED(status)) {
    throw DamagedArchive(fmt::format("{} is damaged: HDF5 {} it", path,
                                     WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL
                                         ? "does not come to an end with"
                                         : "crashes over"));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void try_metadata(const std::string& path) {
  // What cannot be read is found, and told, by the caller.
  static_cast<void>(ask_apart(path, [&path] {
    const hdf5::File file = open_for_reading(path);
    H5Aiterate2(file.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, read_attribute, nullptr);
    H5Literate(file.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, open_object, nullptr);
    return true;
  }));
}

}  // namespace qbsweep
