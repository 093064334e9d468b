#pragma once
/// \file
/// What the master does or knows alone, and how the other ranks hear of it.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"

namespace qbsweep {

/// Texts and numbers from the master to all. Every member is collective.
class Broadcast {
 public:
  explicit Broadcast(const Communicator& comm) : comm_(comm) {}

  template <typename T>
  void numbers(std::vector<T>& values) const {
    auto size = static_cast<std::int64_t>(values.size());
    bytes(&size, sizeof size);
    values.resize(size);
    bytes(values.data(), size * static_cast<std::int64_t>(sizeof(T)));
  }
  void text(std::string& value) const {
    std::vector<char> characters(value.begin(), value.end());
    numbers(characters);
    value.assign(characters.begin(), characters.end());
  }
  void number(std::int64_t& value) const { bytes(&value, sizeof value); }

 private:
  void bytes(void* data, std::int64_t size) const {
    constexpr std::int64_t at_once = 1 << 30;
    auto* begin = static_cast<char*>(data);
    for (std::int64_t sent = 0; sent < size; sent += at_once) {
      check_mpi(MPI_Bcast(begin + sent, static_cast<int>(std::min(at_once, size - sent)), MPI_BYTE,
                          master_rank, comm_.get()),
                "tell all ranks about the sweep");
    }
  }
  const Communicator& comm_;
};

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
    barrier_asleep(comm_.get(), "wait for the master");  // a broadcast would spin
    const Broadcast from_master(comm_);
    auto code = static_cast<std::int64_t>(outcome);
    from_master.number(code);
    from_master.text(error);
    switch (static_cast<Outcome>(code)) {
      case Outcome::fine:
        break;
      case Outcome::bad_input:
        throw InputError(error);
      case Outcome::environment:
        throw EnvironmentError(error);
    }
  }

 private:
  enum class Outcome : std::int64_t { fine, bad_input, environment };
  const Communicator& comm_;
};

}  // namespace qbsweep
