# SPDX-License-Identifier: GPL-3.0-or-later
# Whether services answer: plan and book without a network, the probes against scripted servers.
watchkeeper_test(NAME monitoring_probes PCH net SOURCES test_monitoring_probes.cpp Platforms.h LINKS watchkeeper::monitoring)
foreach(name asked spoken)
  watchkeeper_test(NAME monitoring_probes_${name} PCH net SOURCES test_monitoring_probes_${name}.cpp ProbeBench.h
    LINKS watchkeeper::monitoring watchkeeper_net_support)
endforeach()
watchkeeper_test(NAME monitoring_probes_real PCH net SOURCES test_monitoring_probes_real.cpp ProbeBench.h
  LINKS watchkeeper::monitoring watchkeeper_net_support watchkeeper::support_postgres)
watchkeeper_test(NAME monitoring_tables PCH net SOURCES test_monitoring_tables.cpp MonitoringBench.h Platforms.h
  LINKS watchkeeper::monitoring watchkeeper_net_support)
watchkeeper_test(NAME health_ctl PCH net SOURCES test_health_ctl.cpp ProbeBench.h Promtool.h LINKS watchkeeper::monitoring watchkeeper_net_support watchkeeper::support)
add_dependencies(test_health_ctl watchkeeperctl)
