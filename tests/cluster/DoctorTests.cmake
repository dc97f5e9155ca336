# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME api_client PCH net SOURCES test_api_client.cpp LINKS watchkeeper::cluster watchkeeper_net_support)
watchkeeper_test(NAME doctor PCH net SOURCES test_doctor.cpp LINKS watchkeeper::cluster watchkeeper_net_support)
