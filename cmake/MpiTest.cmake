# qbsweep_add_mpi_test(name target n...): a test `mpi.<name>.np<n>` of the target for every rank count.
set(QBSWEEP_TEST_ENVIRONMENT
  "OPENBLAS_NUM_THREADS=1;OMP_NUM_THREADS=1;OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1;OMPI_MCA_rmaps_base_oversubscribe=1")

function(qbsweep_add_mpi_test name target)
  foreach(ranks ${ARGN})
    add_test(NAME mpi.${name}.np${ranks}
             COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${ranks} $<TARGET_FILE:${target}>)
    set_tests_properties(mpi.${name}.np${ranks} PROPERTIES
      LABELS mpi PROCESSORS ${ranks} TIMEOUT 1200 ENVIRONMENT "${QBSWEEP_TEST_ENVIRONMENT}")
  endforeach()
endfunction()
