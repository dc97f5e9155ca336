# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME reflector PCH net SOURCES test_reflector.cpp FakeRenderer.h ScriptedTransport.h LINKS watchkeeper::cluster)
watchkeeper_test(NAME discovery PCH net SOURCES test_discovery.cpp ScriptedTransport.h LINKS watchkeeper::cluster)
watchkeeper_test(NAME connection PCH net SOURCES test_connection.cpp ScriptedTransport.h LINKS watchkeeper::cluster)
watchkeeper_test(NAME overdue_rows SOURCES test_overdue_rows.cpp LINKS watchkeeper::cluster)
