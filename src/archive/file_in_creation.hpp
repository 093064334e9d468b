#pragma once
/// \file
/// A file that appears under its name whole or not at all.

#include <string>

#include "posix_file.hpp"

namespace qbsweep {

/// Holds the temporary name `path`.creating: empty at first, filled by the owner of this object
/// under path(), and removed again unless publish() is reached. A leftover of a killed process is
/// replaced; one that another process is filling at the moment is not touched.
class FileInCreation {
 public:
  enum class Name {
    free,     ///< no file of this name may be there
    replaced  ///< one that is there is replaced as a whole
  };

  /// \throws EnvironmentError if `target` is there already and is not to be replaced, its folder
  ///         cannot take a file, or another process is creating it
  explicit FileInCreation(std::string target, Name name = Name::free);
  FileInCreation(const FileInCreation&) = delete;
  FileInCreation& operator=(const FileInCreation&) = delete;
  FileInCreation(FileInCreation&&) = delete;
  FileInCreation& operator=(FileInCreation&&) = delete;
  ~FileInCreation();

  [[nodiscard]] const std::string& path() const { return path_; }

  /// \throws EnvironmentError if the file cannot grow to so many bytes
  void check_room_for(double bytes) const;

  /// Syncs the file and gives it its final name.
  void publish();

 private:
  /// Opens and locks the temporary file; false if it was a leftover or got removed meanwhile.
  bool acquire();

  std::string target_;
  std::string path_;
  Name name_;
  FileDescriptor file_;
  bool published_ = false;
};

}  // namespace qbsweep
