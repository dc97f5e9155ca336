// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/SqlSession.h"

#include "store/Store.h"

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

/// The same error about a database of the platform: the store's sentences speak of the store, so PostgreSQL's own words
/// take their place.
Error aboutDatabase(Error error, const Target& database)
{
    const QString state = store::sqlState(error);
    const QString line = error.detail.section(u'\n', 0, 0);
    const QString message = state.isEmpty() ? line : line.sliced(line.indexOf(u':') + 1).trimmed();
    error.sentence = SqlTexts::tr("On %1: %2.").arg(database.words(), message.isEmpty() ? error.sentence : message);
    error.remedy.clear();
    if (error.kind == Error::Kind::Unauthorized)
        error.remedy = SqlTexts::tr("Keep the right password for this database in the keychain.");
    // What it does not understand today, or not in a transaction that only reads, it will not tomorrow either.
    const bool lasting = state.startsWith("42"_L1) || state.startsWith("25"_L1) || state.startsWith("0A"_L1);
    if (lasting && error.kind != Error::Kind::Forbidden)
        error.kind = Error::Kind::BadInput;
    return error;
}

} // namespace

SqlSession::SqlSession(const SqlRunner::Means& means, const Target& database, Failed failed, QObject* parent)
    : QObject(parent), m_means(means), m_database(database), m_failed(std::move(failed))
{
}

void SqlSession::open(std::function<void()> opened)
{
    m_opened = std::move(opened);
    whenDone(m_means.address(m_database), this, [this](const Result<store::Address>& address) {
        if (!address) {
            giveUp(address.error(), false);
            return;
        }
        m_address = *address;
        m_password = m_address.password();
        m_lookup.start(m_address.hosts(), [this](const Result<QList<store::Address::Host>>& hosts) {
            if (!hosts) {
                giveUp(hosts.error(), true);
                return;
            }
            m_hosts = *hosts;
            tryNextHost();
        });
    });
}

void SqlSession::tryNextHost()
{
    if (++m_host >= m_hosts.size()) {
        giveUp(*m_refused, true);
        return;
    }
    m_connection = std::make_unique<store::Connection>(
        m_means.clock, store::Connection::Events{[this](Error error) { giveUp(std::move(error), true); },
                                                 [](const QByteArray&, const QByteArray&) {}});
    m_connection->open(m_address, m_hosts.at(m_host), m_password, connectMs,
                       [this](const std::optional<store::Connection::Refusal>& refusal) {
                           if (refusal)
                               onRefused(*refusal);
                           else if (m_address.allowsReadOnly())
                               std::exchange(m_opened, nullptr)();
                           else
                               skipStandby();
                       });
}

/// Of several hosts one is meant that takes changes; what a standby says may be old.
void SqlSession::skipStandby()
{
    run("SELECT pg_catalog.pg_is_in_recovery()", {}, connectMs, [this](const store::Rows& rows) {
        if (rows.boolean(0, 0))
            onRefused({{Error::Kind::Server,
                        {},
                        SqlTexts::tr("%1 is a standby, which takes no changes").arg(m_connection->subject().server),
                        {}},
                       false,
                       false});
        else
            std::exchange(m_opened, nullptr)();
    });
}

void SqlSession::onRefused(const store::Connection::Refusal& refusal)
{
    m_connection.release()->deleteLater(); // this is one of its calls
    if (refusal.wantsPassword && !std::exchange(m_passwordAsked, true)) {
        whenDone(m_means.secrets.read(m_address.text()), this,
                 [this, error = refusal.error](const Result<std::optional<QByteArray>>& password) {
                     if (!password || !*password) {
                         giveUp(password ? error : password.error(), false);
                         return;
                     }
                     m_password = **password;
                     --m_host; // the same once more
                     tryNextHost();
                 });
        return;
    }
    if (refusal.error.kind == Error::Kind::Unauthorized) {
        giveUp(refusal.error, false); // the other hosts are the same database
        return;
    }
    if (!m_refused)
        m_refused = refusal.error;
    tryNextHost();
}

void SqlSession::run(const QByteArray& sql, const store::Parameters& parameters, qint64 limitMs, Then then)
{
    m_limit = m_means.clock.after(
        this, limitMs, [this, limitMs] { giveUp(store::timeoutError(limitMs, m_connection->subject()), true); });
    m_connection->send(sql, &parameters, [this, then = std::move(then)](const Result<store::Rows>& rows) {
        m_limit.reset();
        if (rows)
            then(*rows);
        else
            giveUp(rows.error(), false);
    });
}

void SqlSession::giveUp(Error error, bool lost)
{
    m_limit.reset();
    if (m_connection)
        m_connection.release()->deleteLater();
    if (const auto failed = std::exchange(m_failed, nullptr))
        failed(aboutDatabase(std::move(error), m_database), lost);
}

} // namespace wk::changes
