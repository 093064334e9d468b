#pragma once
/// \file
/// What the master does alone, and how the other ranks hear of its errors.

#include <cstdint>
#include <exception>
#include <string>

#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

/// What only the master does while the others sleep, and what becomes of its errors.
class MasterAlone {
 public:
  explicit MasterAlone(const Communicator& comm) : comm_(comm) {}

  /// Collective. If `action` throws, every rank throws an error of the same kind and text.
  template <typename Action>
  void act(const Action& action) const {
    Outcome outcome = Outcome::fine;
    std::string error;
    if (comm_.rank() == master_rank) {
      try {
        action();
      } catch (const InputError& caught) {
        outcome = Outcome::bad_input;
        error = caught.what();
      } catch (const std::exception& caught) {
        outcome = Outcome::environment;
        error = caught.what();
      }
    }
    broadcast(comm_.get(), master_rank, "wait for the master", outcome, error);
    switch (outcome) {
      case Outcome::fine:
        break;
      case Outcome::bad_input:
        throw InputError(error);
      case Outcome::environment:
        throw EnvironmentError(error);
    }
  }

 private:
  enum class Outcome : std::int8_t { fine, bad_input, environment };
  const Communicator& comm_;
};

}  // namespace qbsweep
