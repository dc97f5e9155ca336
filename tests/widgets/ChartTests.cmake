# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test_library(NAME chart_examples PCH gui SOURCES ChartExamples.cpp ChartExamples.h LINKS watchkeeper::widgets_charts)
foreach(name chart chart_marks)
  watchkeeper_test(NAME ${name} PCH gui SOURCES test_${name}.cpp ChartBench.h LINKS watchkeeper::chart_examples)
endforeach()

# Draws charts in their states, light and dark: chart_gallery DIRECTORY. Not installed.
watchkeeper_program(NAME chart_gallery PCH gui SOURCES gallery/charts.cpp
  LINKS watchkeeper::chart_examples)
