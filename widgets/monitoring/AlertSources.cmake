# SPDX-License-Identifier: GPL-3.0-or-later
# Alerts, silences, who has seen what.
target_sources(watchkeeper_widgets_monitoring PRIVATE
  AcknowledgeDialog.cpp AcknowledgeDialog.h AlertContent.cpp AlertContent.h AlertDetail.cpp AlertDetail.h AlertRows.cpp AlertRows.h
  AlertsPage.cpp AlertsPage.h AlertsPageActs.cpp SilenceDialog.cpp SilenceDialog.h SilenceDoor.h)
