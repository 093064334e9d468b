# Language level, the default build type, warnings and sanitizers.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug or RelWithDebInfo" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(QBSWEEP_WARNINGS_AS_ERRORS "turn compiler warnings into errors" OFF)
option(QBSWEEP_SANITIZE "build with the address and undefined-behaviour sanitizers" OFF)

add_library(qbsweep_build_settings INTERFACE)
target_compile_options(qbsweep_build_settings INTERFACE -Wall -Wextra -Wshadow -Wconversion
                                                        -Wno-sign-conversion -Wnon-virtual-dtor)
if(QBSWEEP_WARNINGS_AS_ERRORS)
  target_compile_options(qbsweep_build_settings INTERFACE -Werror)
endif()
if(QBSWEEP_SANITIZE)
  target_compile_options(qbsweep_build_settings INTERFACE -fsanitize=address,undefined
                                                          -fno-sanitize-recover=all
                                                          -fno-omit-frame-pointer)
  target_link_options(qbsweep_build_settings INTERFACE -fsanitize=address,undefined)
endif()
