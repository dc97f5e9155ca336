# SPDX-License-Identifier: GPL-3.0-or-later
# What Alertmanagers say, put together; silences as values. Sends nothing that changes anything.
target_sources(watchkeeper_monitoring PRIVATE
  Acknowledgements.cpp Acknowledgements.h AlertBook.cpp AlertBook.h AlertSource.cpp AlertSource.h AlertTally.cpp AlertTally.h FindAlertmanager.cpp FindAlertmanager.h AlertmanagerClient.cpp AlertmanagerClient.h AlertmanagerFacts.cpp AlertmanagerFacts.h
  GoPattern.cpp GoPattern.h GoTranslator.cpp GoTranslator.h JsonMembers.h MatcherText.cpp MatcherText.h ServicePods.cpp ServicePods.h Silence.cpp Silence.h)
