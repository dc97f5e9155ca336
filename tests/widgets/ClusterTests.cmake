# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_cluster)
  foreach(subject panel detail detail_pages usage)
    watchkeeper_test(NAME cluster_${subject} PCH gui LINKS watchkeeper::widgets_cluster
      SOURCES test_cluster_${subject}.cpp ClusterPanelFixture.cpp ClusterPanelFixture.h FakeCluster.h)
  endforeach()
endif()
