# SPDX-License-Identifier: GPL-3.0-or-later
foreach(subject usage merged_table)
  watchkeeper_test(NAME ${subject} PCH net SOURCES test_${subject}.cpp LINKS watchkeeper::cluster)
endforeach()
# The sums of the fleet's workloads and nodes, as its servers tell them.
watchkeeper_test(NAME usage_fleet PCH net SOURCES test_usage_fleet.cpp
  LINKS watchkeeper::cluster watchkeeper::fleet watchkeeper::platform Qt6::Network)
