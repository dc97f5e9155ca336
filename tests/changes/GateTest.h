// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../store/StoreTest.h"
#include "changes/desk/Requests.h"
#include "changes/execution/Gate.h"
#include "changes/execution/StoreLedger.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QMessageAuthenticationCode>
#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>

namespace wk::test {

/// An action on a deployment of namespace "shop".
inline changes::Step scaleStep(const QString& name, int replicas, const QString& cluster = QStringLiteral("blue"))
{
    changes::Step step;
    step.name = QStringLiteral("scale");
    step.target.cluster = cluster;
    step.target.group = QStringLiteral("apps");
    step.target.version = QStringLiteral("v1");
    step.target.kind = QStringLiteral("Deployment");
    step.target.resource = QStringLiteral("deployments");
    step.target.space = QStringLiteral("shop");
    step.target.name = name;
    step.parameters = {{QStringLiteral("replicas"), replicas}};
    return step;
}

inline changes::Step checkStep(const QString& check, const QString& name, const QJsonObject& parameters = {})
{
    changes::Step step = scaleStep(name, 1);
    step.type = changes::Step::Type::Check;
    step.name = check;
    step.parameters = parameters;
    return step;
}

inline changes::Plan planOf(const QList<changes::Step>& steps)
{
    const auto plan = changes::Plan::make(QStringLiteral("shop"), QStringLiteral("Scale the shop"), steps);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().error().detail));
    return *plan;
}

inline changes::RequestFields formOf(const QString& title)
{
    changes::RequestFields fields;
    fields.title = title;
    fields.what = QStringLiteral("More replicas.");
    fields.why = QStringLiteral("More customers.");
    fields.impact = QStringLiteral("None is expected.");
    fields.rollbackPlan = QStringLiteral("Scale back.");
    fields.rollbackMinutes = 5;
    fields.testsPassed = {QStringLiteral("unit"), QStringLiteral("load")};
    return fields;
}

/// RFC 6238: SHA-1, 30 s, six digits; `secret` in base32.
inline QString oneTimeCode(const QString& secret, qint64 atSeconds)
{
    QByteArray key;
    quint32 bits = 0;
    int count = 0;
    for (const QChar c : secret) {
        bits = (bits << 5) | quint32(c.isLetter() ? c.unicode() - u'A' : c.unicode() - u'2' + 26);
        if ((count += 5) >= 8) {
            count -= 8;
            key.append(char(bits >> count));
        }
    }
    QByteArray counter(8, '\0');
    for (int i = 0; i < 8; ++i)
        counter[7 - i] = char((atSeconds / 30) >> (8 * i));
    const QByteArray mac = QMessageAuthenticationCode::hash(counter, key, QCryptographicHash::Sha1);
    const int at = mac.back() & 15;
    quint32 number = 0;
    for (int i = 0; i < 4; ++i)
        number = (number << 8) | quint8(mac[at + i]);
    return QStringLiteral("%1").arg((number & 0x7fffffff) % 1'000'000, 6, 10, QLatin1Char('0'));
}

/// Lets the event loop go on until something is so: at once when it is, unlike QTest::qWaitFor(), which sleeps between
/// looks.
template <typename F>
bool until(F&& isSo, int ms = 60'000)
{
    QTimer tick;
    tick.start(20);
    const QDeadlineTimer deadline(ms);
    while (!isSo()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return true;
}

/// The result of a future, as soon as it is there.
template <typename T>
T soon(QFuture<T> future)
{
    if (!until([&] { return future.isFinished(); }))
        qFatal("the future was never fulfilled");
    return future.result();
}

/// One person with a cockpit of their own.
struct Seat
{
    explicit Seat(const store::Address& address, changes::Requests::Options options = {})
        : store(address, quickOptions()), desk(store, std::move(options)), ledger(store)
    {
    }

    [[nodiscard]] bool isCurrent(int ms = 60'000)
    {
        return until([this] { return desk.status().state == changes::DeskStatus::State::Current; }, ms);
    }
    [[nodiscard]] changes::RequestDetail detail(qint64 number)
    {
        const auto found = soon(desk.detail(number));
        if (!found)
            qFatal("%s", words(found).constData());
        return *found;
    }
    [[nodiscard]] const changes::RequestSummary* row(qint64 number) const
    {
        const auto it = std::ranges::find(desk.rows(), number, &changes::RequestSummary::number);
        return it == desk.rows().end() ? nullptr : &*it;
    }
    [[nodiscard]] bool waitsFor(qint64 number, changes::Waiting::Why why) const
    {
        return std::ranges::any_of(desk.waitingForMe(), [&](const changes::Waiting& waiting) {
            return waiting.number == number && waiting.why == why;
        });
    }
    /// Files and submits.
    [[nodiscard]] qint64 propose(const QString& title, const changes::Plan& plan)
    {
        const auto number = soon(desk.create(formOf(title), plan));
        if (!number)
            qFatal("%s", words(number).constData());
        if (const auto done = soon(desk.submit(*number, 1, plan.sha256())); !done)
            qFatal("%s", words(done).constData());
        return *number;
    }
    [[nodiscard]] Result<qint64> approve(qint64 number, const QString& code = {})
    {
        const auto seen = detail(number);
        return soon(desk.approve(number, seen.summary.revision, seen.summary.sha256, QStringLiteral("Fine."), code));
    }

    store::Store store;
    changes::Requests desk;
    changes::StoreLedger ledger;
};

/// A store of a team: olga and otto (operators), tina (tech lead), sam (security), oscar (operations), vera (viewer).
class Team
{
public:
    [[nodiscard]] Result<void> start(const QByteArray& settings = {})
    {
        // What was answered is on the disk: these servers are stopped without notice.
        return server.start("synchronous_commit = on\n" + settings);
    }
    /// A new database with the same people; cluster "blue" is of class development where `develops`.
    [[nodiscard]] Result<void> renew(bool develops = false)
    {
        const auto made = server.freshDatabase();
        if (!made)
            return fail(made.error());
        database = *made;
        for (const auto& [person, role] :
             std::initializer_list<std::pair<const char*, const char*>>{{"olga", "operator"},
                                                                        {"otto", "operator"},
                                                                        {"tina", "tech-lead"},
                                                                        {"sam", "security"},
                                                                        {"oscar", "operations"},
                                                                        {"vera", "viewer"}})
            if (const auto added = server.addPerson(database, QLatin1String(person), {QLatin1String(role)},
                                                    QLatin1String(person) + QStringLiteral("-secret"));
                !added)
                return added;
        if (develops)
            return asRoot("SELECT watchkeeper.set_cluster('shop', 'blue', 'development')");
        return {};
    }
    [[nodiscard]] store::Address at(const char* person) const
    {
        return server.address(QLatin1String(person), database);
    }
    /// As superuser, without regard to any rule.
    [[nodiscard]] Result<void> asRoot(const QByteArray& sql)
    {
        auto session = server.session(QStringLiteral("postgres"), database);
        const auto done = session.script(sql);
        return done ? Result<void>() : fail(done.error());
    }
    /// As if the executor had given no sign of life for 30 s.
    [[nodiscard]] Result<void> killLeases()
    {
        return asRoot("UPDATE watchkeeper.execution SET lease_until = clock_timestamp() - interval '1 second' "
                      "WHERE ended_at IS NULL");
    }
    [[nodiscard]] QString value(const QByteArray& sql)
    {
        auto session = server.session(QStringLiteral("postgres"), database);
        const auto rows = session.run(sql, {});
        return rows ? rows->text(0, 0) : QString::fromUtf8(words(rows));
    }

    PostgresServer server;
    QString database;
};

} // namespace wk::test
