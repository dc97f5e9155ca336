# SPDX-License-Identifier: GPL-3.0-or-later
# bench_logs FILE [LINES]: writes a log as a server sends it, takes it in, and prints one JSON line about that.
add_executable(bench_logs bench_logs.cpp)
target_link_libraries(bench_logs PRIVATE watchkeeper_flags watchkeeper::logs)
watchkeeper_use_pch(bench_logs KIND net)
set_target_properties(bench_logs PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
