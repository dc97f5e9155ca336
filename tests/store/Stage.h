// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ScriptFile.h"
#include "StoreTest.h"

namespace wk::test {

/// The database that every script begins with: people with their roles, clusters with their classes. There is one,
/// which is put back to its beginning for each script: a database of its own for each would take a second each.
class Stage
{
public:
    /// Who has which role, on every platform. adam is a member of watchkeeper_admin.
    static const std::map<QString, QStringList>& people();

    /// `waysFile`: see readWays().
    explicit Stage(const QString& waysFile) : m_ways(readWays(waysFile)) {}

    [[nodiscard]] Result<void> start(const QByteArray& settings = {});
    [[nodiscard]] PostgresServer& server() { return m_server; }
    /// Its name, once it is as it was in the beginning. Ends the program where that fails.
    [[nodiscard]] QString reset();
    [[nodiscard]] const QStringList* way(const QString& name) const;

private:
    std::map<QString, QStringList> m_ways;
    PostgresServer m_server;
    QString m_database;
    std::unique_ptr<store::Session> m_root;
};

} // namespace wk::test
