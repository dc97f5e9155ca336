# SPDX-License-Identifier: GPL-3.0-or-later
# Whether services answer, and what a server's rules watch.
target_sources(watchkeeper_widgets_monitoring PRIVATE
  HealthPage.cpp HealthPage.h ProbeContent.cpp ProbeStrip.cpp ProbeStrip.h RuleContent.cpp RulesPage.cpp RulesPage.h
  TableWithDetail.cpp TableWithDetail.h)
