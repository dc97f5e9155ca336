// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "store/Address.h"
#include "store/Rows.h"
#include "store/SqlError.h"

#include <QtCore/QObject>
#include <QtCore/QSocketNotifier>

#include <functional>
#include <memory>
#include <optional>

struct pg_conn;

namespace wk::store {

/// One connection to one server, driven by its thread's event loop; nothing here waits. One statement at a time.
///
/// libpq's rules (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS, libpq-async.html):
/// the socket may be another one after every PQconnectPoll; writability is asked for only while PQflush says that
/// something is left; an answer is complete with the NULL after its results; a notifier goes before its socket.
class Connection : public QObject
{
    Q_OBJECT
public:
    struct Events
    {
        std::function<void(Error)> lost; ///< an open connection broke; the statement under way is not answered
        std::function<void(QByteArray channel, QByteArray payload)> notified;
    };
    /// Why it could not be opened.
    struct Refusal
    {
        Error error;
        bool wantsPassword = false; ///< the server asked for one and there was none
        bool inTls = false;         ///< it broke off in the TLS handshake
    };
    using Opened = std::function<void(std::optional<Refusal>)>;
    using Answer = std::function<void(Result<Rows>)>;

    Connection(Clock& clock, Events events, QObject* parent = nullptr);
    ~Connection() override;

    /// Connects; `opened` is called once, never before this returns. `host` has its numeric address.
    void open(const Address& address, const Address::Host& host, const QByteArray& password, qint64 limitMs,
              Opened opened);
    /// Sends a statement; only while none is under way. With parameters the extended protocol (one statement), without
    /// (`nullptr`) the simple one (several). Never answered where the connection breaks: Events::lost instead.
    void send(const QByteArray& sql, const Parameters* parameters, Answer answer);
    [[nodiscard]] bool isBusy() const { return bool(m_answer); }
    [[nodiscard]] const Subject& subject() const { return m_subject; }

private:
    struct NotifierDeleter
    {
        void operator()(QSocketNotifier* notifier) const;
    };
    using Notifier = std::unique_ptr<QSocketNotifier, NotifierDeleter>;
    struct ConnectionDeleter
    {
        void operator()(pg_conn* connection) const;
    };

    [[nodiscard]] Notifier watch(QSocketNotifier::Type type, void (Connection::*slot)());
    void poll();
    void refuse(const QString& message);
    void finishOpening(std::optional<Refusal> refusal);
    void onReadable();
    void onWritable();
    void flush();
    void takeResults();
    void takeNotices();
    void answer();
    void breakOff();
    static void onNotice(void* self, const pg_result* notice);

    Clock& m_clock;
    Events m_events;
    Subject m_subject;
    std::unique_ptr<pg_conn, ConnectionDeleter> m_connection;
    Notifier m_read; ///< after m_connection: gone before its socket
    Notifier m_write;
    Opened m_opened;
    Answer m_answer;
    std::shared_ptr<pg_result> m_result;
    std::shared_ptr<void> m_limit;
    QByteArray m_farewellState; ///< what the server said before it closed the connection
    QString m_farewell;
    bool m_inTls = false;
};

} // namespace wk::store
