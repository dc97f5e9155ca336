# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_monitoring)
  watchkeeper_test(NAME explore_page PCH gui SOURCES test_explore_page.cpp ../monitoring/MonitoringBench.h ../monitoring/Platforms.h
                   LINKS watchkeeper::widgets_monitoring watchkeeper_net_support)
endif()
