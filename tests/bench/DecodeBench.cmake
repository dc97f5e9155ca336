# SPDX-License-Identifier: GPL-3.0-or-later
add_executable(bench_decode bench_decode.cpp)
target_link_libraries(bench_decode PRIVATE watchkeeper_flags watchkeeper::cluster)
watchkeeper_use_pch(bench_decode KIND net)
set_target_properties(bench_decode PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
