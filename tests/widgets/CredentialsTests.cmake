# SPDX-License-Identifier: GPL-3.0-or-later
if(TARGET watchkeeper::widgets_credentials)
  watchkeeper_test(NAME credentials_panel PCH gui SOURCES test_credentials_panel.cpp ../secrets/ScriptedKeychain.h
    LINKS watchkeeper::widgets_credentials)
endif()
