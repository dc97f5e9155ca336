# SPDX-License-Identifier: GPL-3.0-or-later
# Questions by hand; what was promised, and what is kept of it.
target_sources(watchkeeper_widgets_monitoring PRIVATE
  BudgetBar.cpp BudgetBar.h BudgetChart.cpp BudgetChart.h ObjectiveDetail.cpp ObjectiveDetail.h ObjectiveTable.cpp ObjectiveTable.h
  ObjectivesPage.cpp ObjectivesPage.h ExplorePage.cpp ExplorePage.h QueryAnswer.cpp QueryAnswer.h QueryEdit.cpp QueryEdit.h QueryHistory.cpp QueryHistory.h
  QueryNotes.cpp QueryNotes.h)
