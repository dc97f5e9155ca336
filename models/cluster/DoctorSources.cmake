# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND cluster_sources
  ApiClient.cpp ApiClient.h ApiIdentity.cpp ApiIdentity.h ApiStatus.cpp
  Doctor.cpp Doctor.h DoctorAccess.cpp DoctorAccess.h DoctorProbe.cpp DoctorProbe.h)
