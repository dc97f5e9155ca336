# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_overview)
  watchkeeper_test(NAME overview_panel PCH gui SOURCES test_overview_panel.cpp FakeCluster.h LINKS watchkeeper::widgets_overview)
  watchkeeper_test(NAME overview_pulse PCH gui SOURCES test_overview_pulse.cpp ../monitoring/Platforms.h FakeCluster.h LINKS watchkeeper::widgets_overview)
endif()
