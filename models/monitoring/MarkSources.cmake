# SPDX-License-Identifier: GPL-3.0-or-later
# What happened beside the figures, for charts.
target_sources(watchkeeper_monitoring PRIVATE
  AlertMarks.cpp AlertMarks.h PastAlerts.cpp PastAlerts.h RolloutMarks.cpp RolloutMarks.h)
