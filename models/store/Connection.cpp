// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Connection.h"

#include <QtCore/QLoggingCategory>

#include <libpq-fe.h>

namespace wk::store {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(log, "watchkeeper.store", QtWarningMsg)

QString messageOf(const pg_conn* connection) { return QString::fromUtf8(PQerrorMessage(connection)); }

} // namespace

void Connection::NotifierDeleter::operator()(QSocketNotifier* notifier) const
{
    // Off at once, for its socket may be closed next; deleted later, for this may run inside its own signal.
    notifier->setEnabled(false);
    notifier->deleteLater();
}

void Connection::ConnectionDeleter::operator()(pg_conn* connection) const { PQfinish(connection); }

Connection::Connection(Clock& clock, Events events, QObject* parent)
    : QObject(parent), m_clock(clock), m_events(std::move(events))
{
}

Connection::~Connection() = default;

Connection::Notifier Connection::watch(QSocketNotifier::Type type, void (Connection::*slot)())
{
    Notifier notifier(new QSocketNotifier(PQsocket(m_connection.get()), type));
    connect(notifier.get(), &QSocketNotifier::activated, this, slot);
    return notifier;
}

void Connection::open(const Address& address, const Address::Host& host, const QByteArray& password, qint64 limitMs,
                      Opened opened)
{
    m_subject = {host.text(), address.user(), address.database()};
    m_opened = std::move(opened);
    const auto options = address.connectOptions(host, password);
    std::vector<const char*> keywords, values;
    for (const auto& [keyword, value] : options) {
        keywords.push_back(keyword.constData());
        values.push_back(value.constData());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    m_connection.reset(PQconnectStartParams(keywords.data(), values.data(), 0));
    // libpq itself does not look at connect_timeout when it is polled.
    m_limit = m_clock.after(this, limitMs, [this, limitMs] {
        finishOpening(Refusal{timeoutError(limitMs, m_subject), false, false});
    });
    if (PQstatus(m_connection.get()) == CONNECTION_BAD) {
        QMetaObject::invokeMethod(
            this, [this] { refuse(messageOf(m_connection.get())); }, Qt::QueuedConnection);
        return;
    }
    PQsetErrorVerbosity(m_connection.get(), PQERRORS_VERBOSE); // puts the SQLSTATE into the message
    PQsetNoticeReceiver(m_connection.get(), &Connection::onNotice, this);
    m_write = watch(QSocketNotifier::Write, &Connection::poll);
}

void Connection::poll()
{
    m_inTls = m_inTls || PQstatus(m_connection.get()) == CONNECTION_SSL_STARTUP;
    m_read.reset();
    m_write.reset();
    const auto status = PQconnectPoll(m_connection.get());
    m_inTls = PQstatus(m_connection.get()) == CONNECTION_SSL_STARTUP ||
              (m_inTls && PQstatus(m_connection.get()) == CONNECTION_BAD);
    switch (status) {
    case PGRES_POLLING_READING: m_read = watch(QSocketNotifier::Read, &Connection::poll); break;
    case PGRES_POLLING_WRITING: m_write = watch(QSocketNotifier::Write, &Connection::poll); break;
    case PGRES_POLLING_OK:
        PQsetErrorVerbosity(m_connection.get(), PQERRORS_DEFAULT);
        PQsetnonblocking(m_connection.get(), 1);
        m_read = watch(QSocketNotifier::Read, &Connection::onReadable);
        finishOpening({});
        break;
    default: refuse(messageOf(m_connection.get()));
    }
}

void Connection::refuse(const QString& message)
{
    const bool wantsPassword = PQconnectionNeedsPassword(m_connection.get()) == 1;
    Error error = connectError(message, m_subject);
    if (wantsPassword) {
        error = sqlError("28P01", message.trimmed(), {}, m_subject);
        error.sentence = tr("The store at %1 asks for the password of “%2”, and none is known.")
                             .arg(m_subject.server, m_subject.person);
    }
    finishOpening(Refusal{std::move(error), wantsPassword, m_inTls});
}

void Connection::finishOpening(std::optional<Refusal> refusal)
{
    m_limit.reset();
    if (refusal) {
        m_read.reset();
        m_write.reset();
        m_connection.reset();
    }
    if (const Opened opened = std::exchange(m_opened, {}))
        opened(std::move(refusal)); // may delete this
}

void Connection::send(const QByteArray& sql, const Parameters* parameters, Answer answer)
{
    Q_ASSERT(!m_answer);
    m_answer = std::move(answer);
    m_result.reset();
    int sent = 0;
    if (parameters) {
        std::vector<const char*> values;
        for (const Value& value : *parameters)
            values.push_back(value.isNull() ? nullptr : value.utf8().constData());
        sent = PQsendQueryParams(m_connection.get(), sql.constData(), int(values.size()), nullptr, values.data(),
                                 nullptr, nullptr, 0);
    } else {
        sent = PQsendQuery(m_connection.get(), sql.constData());
    }
    if (sent == 1)
        flush();
    else
        QMetaObject::invokeMethod(this, &Connection::breakOff, Qt::QueuedConnection);
}

void Connection::flush()
{
    const int left = PQflush(m_connection.get());
    if (left == 1 && !m_write)
        m_write = watch(QSocketNotifier::Write, &Connection::onWritable);
    else if (left == 0)
        m_write.reset(); // left on, it would fire without end
    else if (left < 0)
        QMetaObject::invokeMethod(this, &Connection::breakOff, Qt::QueuedConnection);
}

void Connection::onWritable() { flush(); }

void Connection::onReadable()
{
    if (PQconsumeInput(m_connection.get()) == 0) {
        takeNotices();
        breakOff();
        return;
    }
    if (m_write)
        flush();
    takeNotices();
    takeResults(); // last: an answer may delete this
}

void Connection::takeNotices()
{
    while (const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notice{PQnotifies(m_connection.get()), PQfreemem})
        m_events.notified(notice->relname, notice->extra);
}

void Connection::takeResults()
{
    while (m_answer && PQisBusy(m_connection.get()) == 0) {
        std::shared_ptr<pg_result> result(PQgetResult(m_connection.get()), PQclear);
        if (!result) {
            // A result without the end of its statement proves nothing: the commit comes between them.
            if (PQstatus(m_connection.get()) == CONNECTION_OK)
                answer();
            else
                breakOff();
            return;
        }
        const auto status = PQresultStatus(result.get());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            breakOff(); // nobody asks for one, and it would have no end
            return;
        }
        // Of a script, the last result or the first error.
        if (!m_result || PQresultStatus(m_result.get()) != PGRES_FATAL_ERROR)
            m_result = std::move(result);
    }
}

void Connection::answer()
{
    const Answer answer = std::exchange(m_answer, {});
    const auto result = std::exchange(m_result, {});
    if (!result)
        answer(Rows());
    else if (const auto status = PQresultStatus(result.get());
             status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR)
        answer(fail(sqlError(result.get(), m_subject)));
    else
        answer(Rows(result));
}

void Connection::breakOff()
{
    if (!m_connection)
        return;
    if (m_farewellState.isEmpty() && m_result && PQresultStatus(m_result.get()) == PGRES_FATAL_ERROR) {
        m_farewellState = PQresultErrorField(m_result.get(), PG_DIAG_SQLSTATE);
        m_farewell = QString::fromUtf8(PQresultErrorField(m_result.get(), PG_DIAG_MESSAGE_PRIMARY));
    }
    Error error =
        lostError(m_farewellState, m_farewell.isEmpty() ? messageOf(m_connection.get()) : m_farewell, m_subject);
    m_read.reset();
    m_write.reset();
    m_connection.reset();
    m_answer = {};
    m_events.lost(std::move(error)); // may delete this
}

void Connection::onNotice(void* self, const pg_result* notice)
{
    auto* connection = static_cast<Connection*>(self);
    const QByteArray severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    const QString message = QString::fromUtf8(PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY));
    if (severity == "FATAL" || severity == "PANIC") {
        connection->m_farewellState = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
        connection->m_farewell = message;
    } else {
        qCDebug(log).noquote() << severity << message;
    }
}

} // namespace wk::store
