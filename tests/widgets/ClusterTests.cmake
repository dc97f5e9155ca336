# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_cluster)
  watchkeeper_test_library(NAME cluster_fixture PCH gui SOURCES ClusterPanelFixture.cpp ClusterPanelFixture.h FakeCluster.h LINKS watchkeeper::widgets_cluster)
  foreach(subject panel detail detail_pages usage)
    watchkeeper_test(NAME cluster_${subject} PCH gui LINKS watchkeeper::cluster_fixture
      SOURCES test_cluster_${subject}.cpp FakeCluster.h)
  endforeach()
endif()
