// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Commands.h"
#include "cluster/connection/ClusterConnection.h"

namespace wk::ctl {

/// One `get`: finds the kind, lists it once, prints it and ends the program.
class GetCommand : public QObject
{
    Q_OBJECT
public:
    GetCommand(platform::ResolvedContext context, Arguments arguments);
    void start();

private:
    void onKinds();
    void open(const cluster::ResourceKind& kind);
    void onFreshness();
    void printTable();
    void printNames(std::vector<table::RowPtr> rows) const;
    void fetchDocument();
    void printDocument(const QByteArray& json);
    void fail(const Error& error);
    void finish(int code);

    Arguments m_arguments;
    QString m_kindWord;
    QString m_name;
    QString m_space; ///< empty: all
    cluster::ClusterConnection m_connection;
    std::shared_ptr<cluster::LiveTable> m_table;
    bool m_finished = false;
};

/// What `get` and `watch` were asked for: KIND, KIND NAME or KIND/NAME.
struct Target
{
    QString kind;
    QString name;
};
[[nodiscard]] Result<Target> targetOf(const Arguments& arguments);

/// The connection that `arguments` describe; `once`: a list without a watch.
[[nodiscard]] cluster::ClusterConnection::Options connectionOptions(const Arguments& arguments, const QString& name,
                                                                    bool once);

/// 20 of "v1.20.2"; 0 where the server did not say.
[[nodiscard]] int serverMinor(const cluster::ClusterConnection& connection);

/// One line of JSON on standard error.
void printStats(const cluster::ClusterConnection& connection, qsizetype objects, double syncedSeconds);

} // namespace wk::ctl
