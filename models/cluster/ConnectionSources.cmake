# SPDX-License-Identifier: GPL-3.0-or-later
# Discovery, list+watch and the connection that runs them.
list(APPEND cluster_sources
  ClusterConnection.cpp
  ConnectionWorker.cpp ConnectionWorker.h
  Discovery.cpp Discovery.h DiscoveryParse.cpp
  Heartbeat.cpp Heartbeat.h
  LiveTable.cpp
  MonitoredTransport.cpp MonitoredTransport.h
  ObjectRedaction.cpp ObjectRedaction.h
  OverdueRows.cpp OverdueRows.h
  Reflector.cpp Reflector.h ReflectorList.cpp ReflectorParts.h ReflectorWatch.cpp
  ObjectVersion.h
  ReflectorFeed.cpp ReflectorFeed.h ReflectorFeedFreshness.cpp ReflectorFeedPart.h ReflectorFeedRows.cpp
  RowStore.cpp RowStore.h
  RowStorePending.cpp RowStorePending.h
  Usage.cpp Usage.h)
