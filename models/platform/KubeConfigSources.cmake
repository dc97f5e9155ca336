# SPDX-License-Identifier: GPL-3.0-or-later
list(APPEND platform_sources
  ExecCredential.cpp ExecCredential.h ExecEnvironment.cpp ExecEnvironment.h
  KubeConfig.cpp KubeConfigData.h KubeConfigRead.cpp KubeConfigSet.cpp KubeConfigSet.h KubeConfigTree.cpp KubeConfigTree.h
  FileWatcher.cpp FileWatcher.h KubeConfigWords.h ProcessEnd.cpp ProcessEnd.h)
