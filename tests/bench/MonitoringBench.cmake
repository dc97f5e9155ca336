# SPDX-License-Identifier: GPL-3.0-or-later
# bench_monitoring [ROUNDS]: one JSON line about figures, from the socket to the chart.
if(TARGET watchkeeper::widgets_charts AND TARGET watchkeeper::monitoring)
  add_executable(bench_monitoring bench_monitoring.cpp)
  target_link_libraries(bench_monitoring PRIVATE watchkeeper_flags watchkeeper::widgets_charts watchkeeper::monitoring)
  watchkeeper_use_pch(bench_monitoring KIND gui)
  set_target_properties(bench_monitoring PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
endif()
