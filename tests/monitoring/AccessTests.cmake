# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME monitoring_access PCH net SOURCES test_monitoring_access.cpp MonitoringBench.h Platforms.h LINKS watchkeeper::monitoring watchkeeper_net_support)
