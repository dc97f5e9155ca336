# SPDX-License-Identifier: GPL-3.0-or-later
# For whoever asks by hand: what can be written, answers as tables; where objectives and targets stand.
target_sources(watchkeeper_monitoring PRIVATE
  AnswerRows.cpp AnswerRows.h DataFindings.cpp DataFindings.h DataProbe.cpp DataProbe.h ObjectiveFeed.cpp ObjectiveFeed.h ObjectiveWords.cpp ObjectiveWords.h PromqlSpot.cpp PromqlSpot.h
  SeriesLookup.cpp SeriesLookup.h ServerNames.cpp ServerNames.h SloLine.cpp SloLine.h)
