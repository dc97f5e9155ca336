# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME overview_model PCH net SOURCES test_overview_model.cpp LINKS watchkeeper::cluster)
watchkeeper_test(NAME object_yaml PCH net SOURCES test_object_yaml.cpp LINKS watchkeeper::cluster)
