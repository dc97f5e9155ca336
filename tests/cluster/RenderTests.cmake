# SPDX-License-Identifier: GPL-3.0-or-later
# Not a test: compares recordings of a server (record.sh) with what is decoded and with what kubectl prints.
add_executable(render_compare render_compare.cpp)
target_link_libraries(render_compare PRIVATE watchkeeper_flags watchkeeper::cluster)
target_include_directories(render_compare PRIVATE ${PROTOZERO_INCLUDE_DIR})
watchkeeper_use_pch(render_compare KIND net)
set_target_properties(render_compare PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")

foreach(subject bytes kinds cells health table)
  watchkeeper_test(NAME render_${subject} PCH net SOURCES test_render_${subject}.cpp RenderSupport.h LINKS watchkeeper::cluster)
endforeach()
