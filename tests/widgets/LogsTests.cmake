# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_logs)
  watchkeeper_test(NAME log_panel PCH gui SOURCES test_log_panel.cpp ../logs/SessionBench.h ../logs/LogScript.h ../cluster/ScriptedTransport.h
    LINKS watchkeeper::widgets_logs)
  target_include_directories(test_log_panel PRIVATE ../logs ../cluster)
endif()
