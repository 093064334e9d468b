# Run as a script: writes OUTPUT from VERSION and the git revision of SOURCE_DIR, only if it changed.
set(REVISION "unknown")
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} -C "${SOURCE_DIR}" describe --always --dirty --abbrev=12
                  OUTPUT_VARIABLE found ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE
                  RESULT_VARIABLE failed)
  if(NOT failed)
    set(REVISION "${found}")
  endif()
endif()
set(content "#pragma once\n// Generated at build time.\n#define QBSWEEP_VERSION \"${VERSION}\"\n#define QBSWEEP_GIT_REVISION \"${REVISION}\"\n")
set(previous "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" previous)
endif()
if(NOT previous STREQUAL content)
  file(WRITE "${OUTPUT}" "${content}")
endif()
