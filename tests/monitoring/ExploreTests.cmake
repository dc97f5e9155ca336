# SPDX-License-Identifier: GPL-3.0-or-later
# Questions by hand, objectives and targets: on a scripted server, and on a real one beside promtool.
watchkeeper_test(NAME explore PCH net SOURCES test_explore.cpp MonitoringBench.h Platforms.h
  LINKS watchkeeper::monitoring watchkeeper_net_support)
watchkeeper_test(NAME query_real PCH net SOURCES test_query_real.cpp ExampleHistory.h Platforms.h Promtool.h PromtoolWords.h
  LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper::support)
add_dependencies(test_query_real watchkeeperctl)
