# SPDX-License-Identifier: GPL-3.0-or-later
# bench_table [ROWS]: one JSON line about the table engine and its view.
add_executable(bench_table bench_table.cpp "${CMAKE_SOURCE_DIR}/tests/table/TableFixture.h")
target_link_libraries(bench_table PRIVATE watchkeeper_flags watchkeeper::widgets_common)
watchkeeper_use_pch(bench_table KIND gui)
set_target_properties(bench_table PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
