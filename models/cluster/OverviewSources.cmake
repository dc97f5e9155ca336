# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND cluster_sources ObjectYaml.cpp ObjectYaml.h)
