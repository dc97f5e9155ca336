# SPDX-License-Identifier: GPL-3.0-or-later
# Whether services answer: what can be asked, asked in turn, and what came of it.
set(monitoring_probe_sources
  Probe.h ProbeBook.cpp ProbeBook.h ProbeHttp.cpp ProbeParts.h ProbePlan.cpp ProbePlan.h ProbeRunner.cpp ProbeRunner.h
  ProbeSocket.cpp HealthStrip.cpp HealthStrip.h ProbeSource.cpp ProbeSource.h ProbeStart.cpp ProbeTable.cpp ProbeTable.h
  # Tables of these and of a server's rules.
  CoverTable.cpp CoverTable.h RuleFeed.cpp RuleFeed.h RuleTable.cpp RuleTable.h SnapshotTable.cpp SnapshotTable.h)
