# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME alert_marks PCH net SOURCES test_alert_marks.cpp MonitoringBench.h LINKS watchkeeper::monitoring watchkeeper_net_support)
watchkeeper_test(NAME rollout_marks PCH net SOURCES test_rollout_marks.cpp ../widgets/FakeCluster.h LINKS watchkeeper::monitoring)
