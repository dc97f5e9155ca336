# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND cluster_sources
  ClusterView.cpp ClusterView.h
  HealthTally.cpp HealthTally.h
  ClusterTarget.h
  KindCatalog.cpp KindCatalog.h
  KindTallies.cpp KindTallies.h
  ObjectYaml.cpp ObjectYaml.h
  ObjectSummary.cpp ObjectSummary.h SummaryParts.h SummaryAccess.cpp SummaryNetwork.cpp SummaryWorkloads.cpp
  Overview.cpp Overview.h
  SpaceSource.cpp SpaceSource.h)
