# SPDX-License-Identifier: GPL-3.0-or-later
# What figures mean: no server, and promtool only where it is.
foreach(subject promql metrics slo slo_report coverage)
  watchkeeper_test(NAME ${subject} PCH net SOURCES test_${subject}.cpp Platforms.h Promtool.h LINKS watchkeeper::monitoring)
endforeach()
watchkeeper_test(NAME rules PCH net TIMEOUT 900 SOURCES test_rules.cpp Platforms.h Promtool.h LINKS watchkeeper::monitoring)
watchkeeper_test(NAME platform_ctl PCH net SOURCES test_platform_ctl.cpp Promtool.h LINKS watchkeeper::support)
add_dependencies(test_platform_ctl watchkeeperctl)
watchkeeper_test(NAME rules_real PCH net SOURCES test_rules_real.cpp Platforms.h
  LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper::support)
