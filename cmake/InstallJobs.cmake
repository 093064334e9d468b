# Run while installing: `jobs`, `program`, `share`: writes the Slurm scripts of the folder `jobs` into share/jobs,
# with the paths of what is installed in the place of those of a checkout.
foreach(name slurm-sweep slurm-array)
  file(READ "${jobs}/${name}.sbatch" script)
  foreach(setting "qbsweep='${share}'  # where qbsweep is installed" "program='${program}'")
    string(REGEX REPLACE "=.*" "" variable "${setting}")
    if(NOT script MATCHES "\n${variable}=")
      message(FATAL_ERROR "${jobs}/${name}.sbatch has no line ${variable}=...")
    endif()
    string(REGEX REPLACE "\n${variable}=[^\n]*" "\n${setting}" script "${script}")
  endforeach()
  file(WRITE "$ENV{DESTDIR}${share}/jobs/${name}.sbatch" "${script}")
  message(STATUS "Installing: $ENV{DESTDIR}${share}/jobs/${name}.sbatch")
endforeach()
