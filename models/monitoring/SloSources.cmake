# SPDX-License-Identifier: GPL-3.0-or-later
# What figures mean: metrics by the words of documents, PromQL compared, rules, SLOs, KPIs, dashboards. No network.
set(monitoring_slo_sources
  AlertRules.cpp AlertRules.h Burn.cpp Burn.h DashboardPlan.cpp DashboardPlan.h Kpi.cpp Kpi.h MetricCatalog.cpp MetricCatalog.h MetricExample.cpp MetricExample.h
  MetricQuery.cpp MetricQuery.h MetricUnits.cpp MetricUnits.h Promql.h PromqlLexer.cpp PromqlLexer.h PromqlNormal.cpp
  PromqlParser.cpp PromqlWords.cpp PromqlWords.h QueryRemarks.cpp QueryRemarks.h RuleCoverage.cpp RuleCoverage.h RuleFile.cpp RuleFile.h RuleTests.cpp RuleTests.h SloBudget.cpp SloBudget.h SloReport.cpp SloReport.h SloRules.cpp
  SloRules.h SloSpec.cpp SloSpec.h
  ${CMAKE_SOURCE_DIR}/resources/metrics/metrics.qrc)
