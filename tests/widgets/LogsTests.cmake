# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_logs)
  foreach(subject log logs)
    watchkeeper_test(NAME ${subject}_panel PCH gui
      SOURCES test_${subject}_panel.cpp ../logs/SessionBench.h ../logs/LogScript.h ../cluster/ScriptedTransport.h
      LINKS watchkeeper::widgets_logs)
    target_include_directories(test_${subject}_panel PRIVATE ../logs ../cluster)
  endforeach()
endif()
