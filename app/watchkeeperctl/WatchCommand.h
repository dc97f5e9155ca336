// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Commands.h"
#include "cluster/connection/ClusterConnection.h"

#include <QtCore/QTimer>

namespace wk::ctl {

/// One `watch`: prints the table once, then each change as a line, and every change of freshness on standard error.
class WatchCommand : public QObject
{
    Q_OBJECT
public:
    WatchCommand(platform::ResolvedContext context, Arguments arguments);
    void start();

private:
    void onKinds();
    void onFreshness();
    void onChanged(const table::Batch& batch);
    void printRows(std::vector<table::RowPtr> rows, bool header);
    void end();

    Arguments m_arguments;
    QString m_kindWord;
    QString m_space;
    cluster::ClusterConnection m_connection;
    std::shared_ptr<cluster::LiveTable> m_table;
    std::unordered_map<QString, table::RowPtr> m_known;
    QTimer m_deadline;
    double m_syncedSeconds = 0;
    table::Freshness::State m_lastState = table::Freshness::State::Idle;
    bool m_ended = false;
};

} // namespace wk::ctl
