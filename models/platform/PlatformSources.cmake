# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND platform_sources
  Metric.h
  Platform.h Platform.cpp
  PlatformLoader.h PlatformLoader.cpp
  PlatformProblem.h
  PlatformReadAccess.cpp PlatformReadMetrics.cpp PlatformReadOperated.cpp PlatformReadPeople.cpp PlatformReadTargets.cpp PlatformReadWork.cpp
  PlatformSchema.h PlatformSchema.cpp
  PlatformValues.h PlatformValues.cpp
  PlatformWords.h
  PlatformWork.h
  ServerAccess.h
  YamlReader.h YamlReader.cpp YamlReport.cpp
  YamlTree.h YamlTree.cpp
  ${CMAKE_SOURCE_DIR}/resources/platforms/platforms.qrc)
