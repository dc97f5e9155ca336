# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME monitoring_alertmanager PCH net SOURCES test_monitoring_alertmanager.cpp AlertmanagerBench.h
  LINKS watchkeeper::monitoring watchkeeper_net_support)
foreach(subject silence book)
  watchkeeper_test(NAME monitoring_alertmanager_${subject} PCH net SOURCES test_monitoring_alertmanager_${subject}.cpp LINKS watchkeeper::monitoring)
endforeach()
# A real one, where Debian's package prometheus-alertmanager is.
watchkeeper_test(NAME monitoring_alertmanager_real PCH net
  SOURCES test_monitoring_alertmanager_real.cpp AlertmanagerBench.h AmtoolRows.h Tools.h
  LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper::support)
watchkeeper_test(NAME alert_source PCH net SOURCES test_alert_source.cpp LINKS watchkeeper::monitoring watchkeeper_net_support)
watchkeeper_test(NAME silences_carried_out PCH net
  SOURCES test_silences_carried_out.cpp Tools.h
  LINKS watchkeeper::real_monitoring watchkeeper::changes watchkeeper::monitoring watchkeeper::support watchkeeper_net_support)
