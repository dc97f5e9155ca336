# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME chart PCH gui SOURCES test_chart.cpp ChartExamples.cpp ChartExamples.h LINKS watchkeeper::widgets_charts)

# Draws charts in their states, light and dark: chart_gallery DIRECTORY. Not installed.
watchkeeper_program(NAME chart_gallery PCH gui SOURCES gallery/charts.cpp ChartExamples.cpp ChartExamples.h
  LINKS watchkeeper::widgets_charts)
