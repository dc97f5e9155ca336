# SPDX-License-Identifier: GPL-3.0-or-later
# Why there is no data, and what a real server does that goes wrong.
watchkeeper_test(NAME data_probe PCH net SOURCES test_data_probe.cpp MonitoringBench.h
  LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper_net_support watchkeeper::support)
add_dependencies(test_data_probe watchkeeperctl)
watchkeeper_test(NAME prometheus_faults PCH net SOURCES test_prometheus_faults.cpp MonitoringBench.h NativeHistogram.h
  PromtoolWords.h LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper_net_support watchkeeper::support)
watchkeeper_test(NAME alertmanager_cluster PCH net SOURCES test_alertmanager_cluster.cpp AlertmanagerBench.h AmtoolRows.h Tools.h
  LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper::support)
watchkeeper_test(NAME alert_pods PCH net SOURCES test_alert_pods.cpp LINKS watchkeeper::monitoring watchkeeper_net_support)
