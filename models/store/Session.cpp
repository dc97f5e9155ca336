// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Session.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>

#include <libpq-fe.h>
#include <poll.h>

namespace wk::store {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::store::Session)
};

constexpr int TickMs = 100; // how soon a stop is noticed

bool isSet(const std::atomic<bool>* stop) { return stop && *stop; }

std::unexpected<Error> calledOff()
{
    return fail(Error::Kind::Cancelled, Texts::tr("Waiting for the store was called off."));
}

/// As PQconnectdbParams, with a limit and with the SQLSTATE in the message, which can be asked for only once it began.
pg_conn* connectVerbosely(const std::vector<const char*>& keywords, const std::vector<const char*>& values,
                          qint64 limitMs, const std::atomic<bool>* stop)
{
    const QDeadlineTimer limit(limitMs);
    pg_conn* connection = PQconnectStartParams(keywords.data(), values.data(), 0);
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    auto next = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while ((next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) && !limit.hasExpired() && !isSet(stop)) {
        pollfd wait{PQsocket(connection), short(next == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        if (poll(&wait, 1, int(std::min<qint64>(limit.remainingTime(), TickMs))) > 0)
            next = PQconnectPoll(connection);
    }
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    return connection;
}

} // namespace

void Session::Deleter::operator()(pg_conn* connection) const { PQfinish(connection); }

Result<Session> Session::open(const Address& address, const QByteArray& password, qint64 limitMs,
                              const std::atomic<bool>* stop)
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
        Session session(connectVerbosely(keywords, values, limitMs, stop), subject, stop);
        pg_conn* connection = session.m_connection.get();
        if (PQstatus(connection) == CONNECTION_OK) {
            PQsetNoticeProcessor(
                connection, [](void*, const char*) {}, nullptr);
            auto fit = session.takesChanges(address);
            // What runs over it often has an administrator's rights: nobody's function stands in for the system's own.
            if (const auto path = fit ? session.script("SET search_path = pg_catalog, pg_temp") : Rows(); !path)
                fit = fail(path.error());
            if (fit)
                return session;
            first = first.value_or(fit.error());
            continue;
        }
        if (isSet(stop))
            return calledOff();
        if (first)
            continue;
        // Neither open nor refused: it was still waiting when the time was over.
        first = PQstatus(connection) == CONNECTION_BAD
                    ? connectError(QString::fromUtf8(PQerrorMessage(connection)), subject)
                    : timeoutError(limitMs, subject);
    }
    return fail(*first);
}

Result<void> Session::takesChanges(const Address& address)
{
    if (address.allowsReadOnly())
        return {};
    const auto rows =
        run("SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')::boolean");
    if (!rows)
        return fail(rows.error());
    return rows->boolean(0, 1) ? Result<void>(fail(readOnlyError(rows->boolean(0, 0), m_subject))) : Result<void>();
}

Result<Rows> Session::take(bool sent)
{
    pg_conn* connection = m_connection.get();
    std::shared_ptr<pg_result> last;
    while (sent) {
        while (PQisBusy(connection) != 0) {
            pollfd wait{PQsocket(connection), POLLIN, 0};
            if (poll(&wait, 1, TickMs) > 0 && PQconsumeInput(connection) == 0)
                break; // broken: the next result says how
            if (isSet(m_stop))
                return calledOff();
        }
        std::shared_ptr<pg_result> result(PQgetResult(connection), PQclear);
        if (!result)
            break;
        const bool copies = PQresultStatus(result.get()) == PGRES_COPY_IN ||
                            PQresultStatus(result.get()) == PGRES_COPY_OUT ||
                            PQresultStatus(result.get()) == PGRES_COPY_BOTH;
        last = std::move(result);
        if (copies || PQstatus(connection) != CONNECTION_OK)
            break; // nothing here speaks COPY
    }
    return judge(std::move(last));
}

Result<Rows> Session::judge(std::shared_ptr<pg_result> result)
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
    return take(PQsendQueryParams(m_connection.get(), sql.constData(), int(values.size()), nullptr, values.data(),
                                  nullptr, nullptr, 0) == 1);
}

Result<Rows> Session::script(const QByteArray& sql)
{
    return take(PQsendQuery(m_connection.get(), sql.constData()) == 1);
}

Result<Rows> Session::setPassword(const QString& role, const QByteArray& password)
{
    const std::unique_ptr<char, decltype(&PQfreemem)> verifier(
        PQencryptPasswordConn(m_connection.get(), password.constData(), role.toUtf8().constData(), "scram-sha-256"),
        PQfreemem);
    if (!verifier)
        return fail(Error::Kind::BadInput, Texts::tr("The password cannot be used."),
                    QString::fromUtf8(PQerrorMessage(m_connection.get())));
    // Of letters, digits and "$:+/=" only: nothing to quote.
    return script("ALTER ROLE " + quotedName(role) + " PASSWORD '" + verifier.get() + '\'');
}

QByteArray quotedName(const QString& name)
{
    QByteArray result = name.toUtf8();
    return '"' + result.replace('"', "\"\"") + '"';
}

} // namespace wk::store
