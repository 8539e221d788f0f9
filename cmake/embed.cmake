# SPDX-License-Identifier: AGPL-3.0-or-later
# cmake -D FOLDER=examples/valley -D NAME=valley -D OUT=valley.c -P embed.cmake: the tables of a
# folder as bytes of C, for programs that carry them.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.csv)
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
#include \"cli/valley.h\"

${arrays}
const pl_file_bytes pl_${NAME}[] = {
${list}};
const int32_t pl_${NAME}_files = ${n};
")
