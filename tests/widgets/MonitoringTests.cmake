# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_monitoring)
  watchkeeper_test(NAME dashboard_view PCH gui SOURCES test_dashboard_view.cpp ../monitoring/MonitoringBench.h
                   LINKS watchkeeper::chart_examples watchkeeper::widgets_monitoring watchkeeper_net_support)
  watchkeeper_test(NAME panel_faults PCH gui SOURCES test_panel_faults.cpp ../monitoring/MonitoringBench.h
                   LINKS watchkeeper::chart_examples watchkeeper::widgets_monitoring watchkeeper_net_support)
  watchkeeper_test(NAME monitoring_pages PCH gui SOURCES test_monitoring_pages.cpp LINKS watchkeeper::widgets_monitoring)
  watchkeeper_test(NAME alerts_page PCH gui SOURCES test_alerts_page.cpp
                   LINKS watchkeeper::real_monitoring watchkeeper::widgets_monitoring watchkeeper::support)
  watchkeeper_test(NAME watch_pages PCH gui SOURCES test_watch_pages.cpp ../monitoring/MonitoringBench.h ../monitoring/Platforms.h
                   LINKS watchkeeper::real_monitoring watchkeeper::widgets_monitoring watchkeeper_net_support watchkeeper::support)
endif()
