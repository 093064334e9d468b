#pragma once
// The reference trajectories of tests/reference (see the README there).
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep::testing {

struct Reference {
  BatteryParameters battery;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;

  [[nodiscard]] double t_max() const { return rows.back().front(); }
};

inline Reference read_reference(const std::string& name) {
  const std::string path = std::string(QBSWEEP_REFERENCE_DIR) + "/" + name + ".json";
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error("no reference file " + path);
  }
  const nlohmann::json json = nlohmann::json::parse(file);
  Reference reference;
  BatteryParameters& battery = reference.battery;
  battery.interaction =
      json.at("interaction") == "dicke" ? Interaction::dicke : Interaction::tavis_cummings;
  battery.coupling_scaling =
      json.at("coupling_scaling") == "sqrt_n" ? CouplingScaling::sqrt_n : CouplingScaling::bare;
  battery.charger = json.at("charger") == "fock" ? Charger::fock : Charger::coherent;
  battery.N = json.at("N");
  battery.m = json.at("m");
  battery.fock_dim = json.at("fock_dim");
  battery.g = json.at("g");
  battery.omega_0 = json.at("omega_0");
  battery.omega_c = json.at("omega_c");
  battery.kappa = json.at("kappa");
  battery.gamma_down = json.at("gamma_down");
  battery.gamma_phi = json.at("gamma_phi");
  reference.columns = json.at("columns").get<std::vector<std::string>>();
  reference.rows = json.at("rows").get<std::vector<std::vector<double>>>();
  return reference;
}

}  // namespace qbsweep::testing
