# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_overview)
  watchkeeper_test(NAME overview_panel PCH gui SOURCES test_overview_panel.cpp FakeCluster.h LINKS watchkeeper::widgets_overview)
endif()
