# SPDX-License-Identifier: GPL-3.0-or-later
# bench_search [NAMES]: types into the palette's search among so many names and prints one JSON line about what each key took.
add_executable(bench_search bench_search.cpp)
target_link_libraries(bench_search PRIVATE watchkeeper_flags watchkeeper::search)
watchkeeper_use_pch(bench_search KIND core)
set_target_properties(bench_search PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
