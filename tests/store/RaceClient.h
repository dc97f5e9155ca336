// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "StoreScript.h"

#include <mutex>
#include <random>

namespace wk::test {

/// The leases that all clients know, so that one tries another's token now and then.
class Leases
{
public:
    void add(qint64 execution, const QString& token)
    {
        const std::lock_guard lock(m_mutex);
        m_tokens[execution] = token;
    }
    [[nodiscard]] QString token(qint64 execution) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_tokens.find(execution);
        return found == m_tokens.end() ? QString() : found->second;
    }

private:
    mutable std::mutex m_mutex;
    std::map<qint64, QString> m_tokens;
};

/// One of many who work on the same few requests without agreeing with the others: mostly what the state of a request
/// calls for, sometimes anything, sometimes with what was true a while ago. On a thread of its own.
class RaceClient
{
public:
    struct Setup
    {
        QString person;
        QByteArray secret; ///< of one-time codes
        unsigned seed = 0;
    };

    RaceClient(PostgresServer& server, QString database, Leases& leases, Setup setup)
        : m_server(server), m_database(std::move(database)), m_leases(leases), m_setup(std::move(setup)),
          m_random(m_setup.seed)
    {
    }

    /// One deed.
    void step();

    /// How often each answer was given: "" for done, else the SQLSTATE.
    [[nodiscard]] const std::map<QString, int>& answers() const { return m_answers; }
    /// Answers that nobody should get, in words.
    [[nodiscard]] const QStringList& surprises() const { return m_surprises; }

private:
    struct Seen
    {
        QString number, revision, sha256, state, title;
    };

    std::optional<store::Rows> ask(const QByteArray& sql, const store::Parameters& parameters = {});
    int roll(int below) { return std::uniform_int_distribution(0, below - 1)(m_random); }
    QString deedFor(const QString& state);
    void create();
    void act(const QString& deed, const Seen& seen);
    void carryOut(const Seen& seen);
    void lease(const std::optional<store::Rows>& given);
    [[nodiscard]] QString code() const;

    PostgresServer& m_server;
    QString m_database;
    Leases& m_leases;
    Setup m_setup;
    std::mt19937 m_random;
    std::unique_ptr<store::Session> m_session;
    std::optional<Seen> m_stale;
    std::map<QString, int> m_answers;
    QStringList m_surprises;
};

} // namespace wk::test
