// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/runners/SqlRunner.h"
#include "store/Connection.h"
#include "store/HostLookup.h"

namespace wk::changes {

struct SqlTexts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::SqlRunner)
};

/// One connection to one database: finds it, gets in, runs statements one after the other. After the first failure it
/// does nothing more. Destroying it closes the connection; the server rolls an open transaction back.
class SqlSession : public QObject
{
public:
    /// `lost`: the connection broke or fell silent; else the server refused.
    using Failed = std::function<void(Error error, bool lost)>;
    using Then = std::function<void(const store::Rows& rows)>;

    static constexpr qint64 connectMs = 10'000; ///< for each host

    /// `means` outlive it.
    SqlSession(const SqlRunner::Means& means, const Target& database, Failed failed, QObject* parent);

    void open(std::function<void()> opened);
    /// One statement; no answer within `limitMs` counts as a lost connection.
    void run(const QByteArray& sql, const store::Parameters& parameters, qint64 limitMs, Then then);

private:
    void tryNextHost();
    void skipStandby();
    void onRefused(const store::Connection::Refusal& refusal);
    void giveUp(Error error, bool lost);

    const SqlRunner::Means& m_means;
    const Target m_database;
    Failed m_failed;
    std::function<void()> m_opened;
    store::HostLookup m_lookup;
    store::Address m_address;
    QList<store::Address::Host> m_hosts;
    qsizetype m_host = -1;
    QByteArray m_password;
    bool m_passwordAsked = false;
    std::optional<Error> m_refused; ///< the first host's
    std::unique_ptr<store::Connection> m_connection;
    std::shared_ptr<void> m_limit;
};

} // namespace wk::changes
