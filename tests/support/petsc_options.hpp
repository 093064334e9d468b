#pragma once
// Options of PETSc for the length of a test.
#include <petscsys.h>

#include <string>
#include <utility>
#include <vector>

namespace qbsweep::testing {

/// Options in PETSc's database for as long as this lives. Errors are then not printed either: tests
/// provoke some.
class PetscOptionsScope {
 public:
  explicit PetscOptionsScope(std::vector<std::pair<std::string, std::string>> options = {})
      : options_(std::move(options)) {
    PetscPushErrorHandler(&PetscReturnErrorHandler, nullptr);
    for (const auto& [name, value] : options_) {
      PetscOptionsSetValue(nullptr, name.c_str(), value.c_str());
    }
  }
  ~PetscOptionsScope() {
    for (const auto& [name, value] : options_) {
      PetscOptionsClearValue(nullptr, name.c_str());
    }
    PetscPopErrorHandler();
  }
  PetscOptionsScope(const PetscOptionsScope&) = delete;
  PetscOptionsScope& operator=(const PetscOptionsScope&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> options_;
};

}  // namespace qbsweep::testing
