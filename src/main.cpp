#include "qbsweep/app/program.hpp"

int main(int argc, char** argv) {
  return qbsweep::run_program(argc, argv);
}
