# SPDX-License-Identifier: GPL-3.0-or-later
foreach(subject list watch silence history)
  watchkeeper_test(NAME reflector_${subject} PCH net LINKS watchkeeper::cluster
    SOURCES test_reflector_${subject}.cpp ReflectorFixture.h FakeRenderer.h ScriptedTransport.h)
endforeach()
watchkeeper_test(NAME discovery PCH net SOURCES test_discovery.cpp ScriptedTransport.h LINKS watchkeeper::cluster)
foreach(subject state tables)
  watchkeeper_test(NAME connection_${subject} PCH net LINKS watchkeeper::cluster
    SOURCES test_connection_${subject}.cpp ConnectionFixture.h ScriptedTransport.h)
endforeach()
watchkeeper_test(NAME overdue_rows SOURCES test_overdue_rows.cpp LINKS watchkeeper::cluster)
