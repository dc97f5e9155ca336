// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "store/Session.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>

#include <optional>

namespace wk::store {

/// One file of resources/schema, "0003_people.sql".
struct Migration
{
    int version = 0;
    QString name;
    QByteArray sql;
    QByteArray sha256; ///< of the file's bytes, lower-case hex
};

/// The schema that this program brings along, oldest first.
[[nodiscard]] QList<Migration> builtinMigrations();
/// The newest version among them.
[[nodiscard]] int newestSchema();

/// What is wrong with a database of schema `found` for a program that wants `wanted`; nothing where they agree.
[[nodiscard]] std::optional<Error> schemaFault(int found, int wanted, const QString& server);

struct Migrated
{
    int from = 0;
    int to = 0;
};

/// Takes from everybody the right to make something in the schema "public", which they have up to PostgreSQL 14: for a
/// database that was made this instant.
[[nodiscard]] Result<void> closePublic(Session& session);

/// Brings a database to the newest version: under an advisory lock, so that two do not do it at once; each file in a
/// transaction of its own together with the row that says so, so that what is interrupted can be begun again. Fails
/// where the database is newer, or where a file that was applied is not the one that this program knows; or where
/// everybody may make functions in the schema "public": what runs here runs with an administrator's rights.
/// Waits: not on the GUI thread.
[[nodiscard]] Result<Migrated> migrate(Session& session, const QList<Migration>& migrations = builtinMigrations());

} // namespace wk::store
