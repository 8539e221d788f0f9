# SPDX-License-Identifier: AGPL-3.0-or-later
# cmake -D FOLDER=examples/valley -D FILES=*.csv -D NAME=valley -D TYPE=pl_file_bytes
#       -D HEADER=cli/valley.h -D OUT=valley.c -P embed.cmake
# The files of a folder as bytes of C, for programs that carry them: pl_NAME[] and pl_NAME_COUNT,
# COUNT being "files" unless it is given. Where there is no folder the list is empty.
if(NOT DEFINED COUNT)
  set(COUNT files)
endif()
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/${FILES})
list(SORT files)
list(LENGTH files n)
set(arrays "")
set(list "")
set(k 0)
foreach(name ${files})
  file(READ ${FOLDER}/${name} hex HEX)
  string(LENGTH "${hex}" length)
  math(EXPR length "${length} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "static const unsigned char file_${k}[] = {\n${bytes}\n};\n")
  string(APPEND list "\t{\"${name}\", file_${k}, ${length}},\n")
  math(EXPR k "${k} + 1")
endforeach()
file(WRITE ${OUT} "/* made from ${NAME} by cmake/embed.cmake */
#include \"${HEADER}\"
#include <stddef.h>

${arrays}
const ${TYPE} pl_${NAME}[] = {
${list}\t{NULL, NULL, 0}};
const int32_t pl_${NAME}_${COUNT} = ${n};
")
