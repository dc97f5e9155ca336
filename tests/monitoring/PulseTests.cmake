# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME pulse PCH net SOURCES test_pulse.cpp MonitoringBench.h Platforms.h LINKS watchkeeper::monitoring watchkeeper_net_support)
# On a real server, where Debian's package prometheus is.
watchkeeper_test(NAME pulse_real PCH net SOURCES test_pulse_real.cpp Platforms.h RealPrometheus.cpp RealPrometheus.h
  LINKS watchkeeper::monitoring watchkeeper::support)
