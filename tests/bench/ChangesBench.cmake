# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_changes bench_changes.cpp)
target_link_libraries(bench_changes PRIVATE watchkeeper_flags watchkeeper::changes watchkeeper::support_postgres)
watchkeeper_use_pch(bench_changes KIND net)
set_target_properties(bench_changes PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
