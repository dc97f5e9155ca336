# SPDX-License-Identifier: GPL-3.0-or-later
watchkeeper_test(NAME kubeconfig PCH net SOURCES test_kubeconfig.cpp LINKS watchkeeper::platform)
watchkeeper_test(NAME kubeconfig_files PCH net SOURCES test_kubeconfig_files.cpp LINKS watchkeeper::platform)
watchkeeper_test(NAME exec PCH net SOURCES test_exec.cpp LINKS watchkeeper::platform)
