# qbsweep_version.hpp, rewritten at build time when the checked-out revision changes.
set(QBSWEEP_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")
add_custom_target(qbsweep_git_revision
  BYPRODUCTS "${QBSWEEP_GENERATED_DIR}/qbsweep_version.hpp"
  COMMAND ${CMAKE_COMMAND}
          -D "SOURCE_DIR=${PROJECT_SOURCE_DIR}"
          -D "OUTPUT=${QBSWEEP_GENERATED_DIR}/qbsweep_version.hpp"
          -D "VERSION=${PROJECT_VERSION}"
          -P "${CMAKE_CURRENT_LIST_DIR}/WriteVersionHeader.cmake"
  COMMENT "Looking up the git revision" VERBATIM)
