# SPDX-License-Identifier: AGPL-3.0-or-later
# What ctest sets for every test, whoever starts it and from whichever folder.
file(WRITE ${CMAKE_BINARY_DIR}/test-environment.cmake
  "set(ENV{LSAN_OPTIONS} \"suppressions=${CMAKE_SOURCE_DIR}/tools/lsan.supp:print_suppressions=0\")\n")
set_property(DIRECTORY PROPERTY TEST_INCLUDE_FILES ${CMAKE_BINARY_DIR}/test-environment.cmake)

add_test(NAME tools.rooms COMMAND ${CMAKE_SOURCE_DIR}/tools/check-rooms ${CMAKE_SOURCE_DIR})
