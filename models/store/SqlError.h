// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Error.h"

#include <QtCore/QByteArray>

struct pg_result;

namespace wk::store {

/// Whom and what an error is about, for its sentence.
struct Subject
{
    QString server;
    QString person;
    QString database;
};

/// A refusal by the database: kind, sentence and remedy by its SQLSTATE; the detail begins with that. `message` and
/// `hint` are the server's own words, which for our own errors (WK…) are the sentence and the remedy.
/// States: https://www.postgresql.org/docs/15/errcodes-appendix.html
[[nodiscard]] Error sqlError(const QByteArray& state, const QString& message, const QString& hint,
                             const Subject& subject);
/// The same from an answer of the server.
[[nodiscard]] Error sqlError(const pg_result* result, const Subject& subject);

/// Why libpq could not connect. `message` is libpq's, with PQERRORS_VERBOSE, which puts the SQLSTATE into it: libpq has
/// no function for that, and its words are in the language of the server or of this machine.
[[nodiscard]] Error connectError(const QString& message, const Subject& subject);

/// A connection that broke. `state` and `message` as the server's farewell, empty where it said none.
[[nodiscard]] Error lostError(const QByteArray& state, const QString& message, const Subject& subject);
[[nodiscard]] Error outcomeUnknownError(const Error& lost);
/// A server that takes no changes where one was wanted that does.
[[nodiscard]] Error readOnlyError(bool isStandby, const Subject& subject);
[[nodiscard]] Error timeoutError(qint64 ms, const Subject& subject);

/// True where trying again by itself may help: the network, a server that is restarting, read-only, full or crowded.
[[nodiscard]] bool isPassing(const Error& error);

} // namespace wk::store
