# SPDX-License-Identifier: GPL-3.0-or-later
# A platform's few figures that are always in view, asked of all platforms of a server at once.
target_sources(watchkeeper_monitoring PRIVATE
  Pulse.cpp Pulse.h PulseBoard.cpp PulseBoard.h PulseJudge.cpp PulseJudge.h PulsePlan.cpp PulsePlan.h QueryBundle.cpp QueryBundle.h)
