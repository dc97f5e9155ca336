// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Session.h"

#include <QtCore/QDeadlineTimer>

#include <libpq-fe.h>
#include <poll.h>

namespace wk::store {

namespace {

/// As PQconnectdbParams, with a limit and with the SQLSTATE in the message, which can be asked for only once it began.
pg_conn* connectVerbosely(const std::vector<const char*>& keywords, const std::vector<const char*>& values,
                          qint64 limitMs)
{
    const QDeadlineTimer limit(limitMs);
    pg_conn* connection = PQconnectStartParams(keywords.data(), values.data(), 0);
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    auto next = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
        pollfd wait{PQsocket(connection), short(next == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        if (poll(&wait, 1, int(limit.remainingTime())) == 0)
            break;
        next = PQconnectPoll(connection);
    }
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    return connection;
}

} // namespace

void Session::Deleter::operator()(pg_conn* connection) const { PQfinish(connection); }

Result<Session> Session::open(const Address& address, const QByteArray& password, qint64 limitMs)
{
    std::optional<Error> first;
    for (const Address::Host& host : address.hosts()) {
        const Subject subject{host.text(), address.user(), address.database()};
        auto options = address.connectOptions(host, password.isEmpty() ? address.password() : password);
        std::vector<const char*> keywords, values;
        for (const auto& [keyword, value] : options) {
            keywords.push_back(keyword.constData());
            values.push_back(value.constData());
        }
        keywords.push_back(nullptr);
        values.push_back(nullptr);
        Session session(connectVerbosely(keywords, values, limitMs), subject);
        pg_conn* connection = session.m_connection.get();
        if (PQstatus(connection) == CONNECTION_OK) {
            PQsetNoticeProcessor(
                connection, [](void*, const char*) {}, nullptr);
            return session;
        }
        if (!first)
            first = connectError(QString::fromUtf8(PQerrorMessage(connection)), subject);
    }
    return fail(*first);
}

Result<Rows> Session::take(std::shared_ptr<pg_result> result)
{
    switch (PQresultStatus(result.get())) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY: return Rows(std::move(result));
    default: break;
    }
    if (PQstatus(m_connection.get()) != CONNECTION_OK)
        return fail(lostError({}, QString::fromUtf8(PQerrorMessage(m_connection.get())), m_subject));
    return fail(sqlError(result.get(), m_subject));
}

Result<Rows> Session::run(const QByteArray& sql, const Parameters& parameters)
{
    std::vector<const char*> values;
    for (const Value& value : parameters)
        values.push_back(value.isNull() ? nullptr : value.utf8().constData());
    return take({PQexecParams(m_connection.get(), sql.constData(), int(values.size()), nullptr, values.data(), nullptr,
                              nullptr, 0),
                 PQclear});
}

Result<Rows> Session::script(const QByteArray& sql)
{
    return take({PQexec(m_connection.get(), sql.constData()), PQclear});
}

QByteArray quotedName(const QString& name)
{
    QByteArray result = name.toUtf8();
    return '"' + result.replace('"', "\"\"") + '"';
}

} // namespace wk::store
