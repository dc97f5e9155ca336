# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME pulse PCH net SOURCES test_pulse.cpp MonitoringBench.h Platforms.h LINKS watchkeeper::monitoring watchkeeper_net_support)
watchkeeper_test(NAME alert_tally PCH net SOURCES test_alert_tally.cpp Platforms.h LINKS watchkeeper::monitoring watchkeeper_net_support)
watchkeeper_test(NAME health_strip PCH net SOURCES test_health_strip.cpp LINKS watchkeeper::monitoring)
# On a real server, where Debian's package prometheus is.
watchkeeper_test(NAME pulse_real PCH net SOURCES test_pulse_real.cpp Platforms.h
  LINKS watchkeeper::real_monitoring watchkeeper::monitoring watchkeeper::support)
