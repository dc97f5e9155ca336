# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND cluster_sources
  ApiClient.cpp ApiClient.h ApiClientParts.h ApiFlights.cpp ApiIdentity.cpp ApiIdentity.h ApiStatus.cpp
  Doctor.cpp Doctor.h DoctorAccess.cpp DoctorAccess.h DoctorParts.h DoctorProbe.cpp DoctorProbe.h
  DoctorReach.cpp DoctorTrust.cpp)
