# SPDX-License-Identifier: AGPL-3.0-or-later
# The member app: web/ is built by Vite and carried inside the program. A build without Node, or
# without the npm packages of web/ (tools/install brings both), carries none, and
# `plenum serve` says so at /app/.
if(NOT TARGET pl_server_objects)
  return()
endif()
string(COMPARE EQUAL "${CMAKE_BUILD_TYPE}" "Release" release)
option(PL_APP "Carry the member app inside the program" ${release})

# tools/install brings a node of its own where there is none, or one that is too old.
find_program(PL_NODE node PATHS ${CMAKE_SOURCE_DIR}/build/node/node_modules/.bin NO_DEFAULT_PATH)
find_program(PL_NODE node)
set(web ${CMAKE_SOURCE_DIR}/web)
set(vite ${web}/node_modules/vite/bin/vite.js)
set(built ${CMAKE_BINARY_DIR}/web)
set(app ${CMAKE_BINARY_DIR}/app_files.c)
set(embed ${CMAKE_COMMAND} -D FOLDER=${built} -D FILES=* -D NAME=app_files -D COUNT=n
  -D TYPE=pl_app_file -D HEADER=server/app_files.h -D OUT=${app} -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)

if(PL_APP AND PL_NODE AND EXISTS ${vite})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/po/*.po ${web}/tools/*.mjs
    ${CMAKE_SOURCE_DIR}/examples/village/*.csv ${CMAKE_SOURCE_DIR}/examples/island/*.csv
    ${CMAKE_SOURCE_DIR}/examples/valley/*.csv)
  add_custom_command(OUTPUT ${app}
    COMMAND ${PL_NODE} ${vite} build --outDir ${built} --emptyOutDir --logLevel warn
    COMMAND ${embed}
    WORKING_DIRECTORY ${web}
    DEPENDS ${sources} ${web}/index.html ${web}/vite.config.mjs ${web}/package-lock.json
            ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Building the member app" VERBATIM)
else()
  if(PL_APP)
    message(STATUS "The member app is left out: tools/install check brings the Node and the npm "
                   "packages that it is built with")
  endif()
  set(built ${CMAKE_BINARY_DIR}/no-web)
  list(TRANSFORM embed REPLACE "^FOLDER=.*" "FOLDER=${built}")
  add_custom_command(OUTPUT ${app} COMMAND ${embed}
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
endif()
target_sources(pl_server_objects PRIVATE ${app})
