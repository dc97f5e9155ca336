# SPDX-License-Identifier: GPL-3.0-or-later
# bench_overview [MINUTES]: one JSON line about what an open overview costs the servers that it asks.
if(TARGET watchkeeper::support AND TARGET watchkeeper::monitoring)
  find_package(Qt6 REQUIRED COMPONENTS Test)
  add_executable(bench_overview bench_overview.cpp)
  target_link_libraries(bench_overview PRIVATE watchkeeper_flags watchkeeper::monitoring watchkeeper::real_monitoring)
  target_compile_definitions(bench_overview PRIVATE SOURCE_ROOT="${CMAKE_SOURCE_DIR}")
  watchkeeper_use_pch(bench_overview KIND net)
  set_target_properties(bench_overview PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
endif()
