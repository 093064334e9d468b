# cmake -D PROGRAM=qbsweep_reference -D PAGE=... -D FILE=... -P WriteReferencePage.cmake
# Writes a page of docs/; the one that is there stays if the program fails.
execute_process(COMMAND "${PROGRAM}" "${PAGE}" OUTPUT_FILE "${FILE}.new" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  file(REMOVE "${FILE}.new")
  message(FATAL_ERROR "${PROGRAM} ${PAGE} ended with ${code}")
endif()
file(RENAME "${FILE}.new" "${FILE}")
