# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME overview_model PCH net SOURCES test_overview_model.cpp LINKS watchkeeper::cluster)
foreach(subject yaml relations history certificates)
  watchkeeper_test(NAME object_${subject} PCH net SOURCES test_object_${subject}.cpp LINKS watchkeeper::cluster)
endforeach()
# What a detail tells of the fleet's objects, as its servers tell them.
watchkeeper_test(NAME object_fleet PCH net SOURCES test_object_fleet.cpp
  LINKS watchkeeper::cluster watchkeeper::fleet watchkeeper::platform Qt6::Network)
