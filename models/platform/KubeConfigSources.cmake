# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND platform_sources ExecCredential.cpp ExecCredential.h ExecEnvironment.cpp ExecEnvironment.h)
