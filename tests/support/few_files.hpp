#pragma once
/// \file
/// A process that can open no file.

#include <sys/resource.h>

namespace qbsweep::testing {

/// As long as it lives, and only if `wanted`, this process cannot open any file beyond those that
/// are open, which other ranks take for a machine that they do not share.
class FewFiles {
 public:
  explicit FewFiles(bool wanted) {
    getrlimit(RLIMIT_NOFILE, &before_);
    if (wanted) {
      const rlimit none = {0, before_.rlim_max};
      setrlimit(RLIMIT_NOFILE, &none);
    }
  }
  FewFiles(const FewFiles&) = delete;
  FewFiles& operator=(const FewFiles&) = delete;
  ~FewFiles() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

}  // namespace qbsweep::testing
