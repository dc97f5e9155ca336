# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_cluster)
  watchkeeper_test(NAME cluster_panel PCH gui SOURCES test_cluster_panel.cpp FakeCluster.h LINKS watchkeeper::widgets_cluster)
endif()
