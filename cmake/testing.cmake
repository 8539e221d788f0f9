# SPDX-License-Identifier: AGPL-3.0-or-later
# What ctest sets for every test, whoever starts it and from whichever folder: libomp's leaks
# at exit are not ours, and threads that wait should not take the core from those that work.
# Where dynamic storage of threads lies the leak checker of clang 14 guesses from what stands
# before it, and where that happens to look like a size it reads where nothing is.
# A program with a fault ends with 23, since 1 is what plenum says where an outcome is not good.
file(WRITE ${CMAKE_BINARY_DIR}/test-environment.cmake
  "set(ENV{LSAN_OPTIONS} \"suppressions=${CMAKE_SOURCE_DIR}/tools/lsan.supp:print_suppressions=0:intercept_tls_get_addr=0:exitcode=23\")\n"
  "set(ENV{OMP_WAIT_POLICY} passive)\n")
set_property(DIRECTORY PROPERTY TEST_INCLUDE_FILES ${CMAKE_BINARY_DIR}/test-environment.cmake)
# The tests of this folder run whole programs: tools/merge-tests takes them from fewer trees, and
# with sanitizers those that can are told to do less of the same.
function(pl_tests_of_programs)
  get_property(all DIRECTORY PROPERTY TESTS)
  set_property(TEST ${all} PROPERTY LABELS program)
  if(PL_SANITIZE)
    set_property(TEST ${all} APPEND PROPERTY ENVIRONMENT PLENUM_FEW=1)
  endif()
endfunction()
if(NOT PL_TESTS OR PL_FUZZ)
  return()
endif()

# tools.*: tests of the sources, the same in every build folder.
function(pl_tool_test name)
  add_test(NAME tools.${name} COMMAND ${ARGN})
  set_tests_properties(tools.${name} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()

set(tools ${CMAKE_SOURCE_DIR}/tools)
pl_tool_test(rooms ${tools}/check-rooms ${CMAKE_SOURCE_DIR})
pl_tool_test(spdx ${tools}/check-spdx ${CMAKE_SOURCE_DIR})
pl_tool_test(format ${tools}/check-format ${CMAKE_SOURCE_DIR})

# clang-tidy reads the flags of this build, so only clang's will do. One processor each, so that
# ctest can put other tests beside it.
if(CMAKE_C_COMPILER_ID STREQUAL "Clang" AND PL_OPENMP)
  foreach(folder src/base src/num src/model src/plan src/rounds src/vote src/work src/explain src/report src/io
      src/lab src/app src/store src/server src/export src/cli tests/conformance tests/property tests/cli tests/import tests/explain tests/scenario tests/vote tests/digest bench)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
    if(sources)
      string(REGEX REPLACE "^src/" "" name ${folder})
      string(REPLACE "/" "." name ${name})
      pl_tool_test(tidy.${name} ${tools}/check-tidy ${CMAKE_BINARY_DIR} ${sources})
      set_tests_properties(tools.tidy.${name} PROPERTIES ENVIRONMENT PLENUM_JOBS=1)
    endif()
  endforeach()
endif()
