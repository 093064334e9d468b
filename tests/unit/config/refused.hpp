#pragma once
/// \file
/// Sweep files that are refused, each with what is said of it, as parameters of one test.

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "sweep_texts.hpp"

namespace qbsweep::test {

struct Refused {
  std::string text;
  std::string begin;  ///< of the message: place and key
  std::string rest;   ///< what else it says
};

inline std::ostream& operator<<(std::ostream& out, const Refused& refused) {
  return out << refused.text;
}

class Refusal : public testing::TestWithParam<Refused> {};

}  // namespace qbsweep::test
