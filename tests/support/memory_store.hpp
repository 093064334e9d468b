#pragma once
/// \file
/// Checkpoints in memory, for tests.

#include <map>
#include <string>
#include <vector>

#include "qbsweep/dynamics/checkpoint.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep::testing {

/// Keeps the last checkpoint of one rank that computes alone.
class MemoryStore : public CheckpointStore {
 public:
  void save(const Checkpoint& checkpoint) override {
    if (full) {
      throw EnvironmentError("no room");
    }
    ++saves;
    numbers_ = checkpoint.numbers;
    arrays_.clear();
    for (const ArrayColumns& array : checkpoint.arrays) {
      std::vector<double>& kept = arrays_[array.name];
      for (std::int64_t row = 0; row < array.rows; ++row) {
        const double* const from = array.data + row * array.row_stride;
        kept.insert(kept.end(), from, from + array.count);
      }
    }
  }
  [[nodiscard]] std::map<std::string, std::vector<double>> load_numbers() override {
    return numbers_;
  }
  void load_array(const ArrayColumns& part) override {
    const std::vector<double>& kept = arrays_.at(part.name);
    if (static_cast<std::int64_t>(kept.size()) != part.rows * part.count) {
      throw EnvironmentError("another shape");
    }
    for (std::int64_t row = 0; row < part.rows; ++row) {
      std::copy_n(kept.data() + row * part.count, part.count, part.data + row * part.row_stride);
    }
  }
  void discard() override {
    numbers_.clear();
    arrays_.clear();
  }
  void lose_array(const std::string& name) { arrays_[name].clear(); }
  [[nodiscard]] bool has_array(const std::string& name) const { return arrays_.count(name) > 0; }

  int saves = 0;
  bool full = false;

 private:
  std::map<std::string, std::vector<double>> numbers_;
  std::map<std::string, std::vector<double>> arrays_;
};

}  // namespace qbsweep::testing
