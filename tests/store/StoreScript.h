// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Stage.h"

#include <future>
#include <map>

namespace wk::test {

/// What the database said: the SQLSTATE, empty where it did what was asked.
struct Answer
{
    QString state;
    QString words;
    store::Rows rows;
};

/// One fresh database and what people do to it, written down as lines:
///
///     anna: create api:scale@production {"risk":"high"}
///     anna: approve => WK403
///     *: sql UPDATE … => 42501          everybody in turn
///     root: sql UPDATE … WHERE number = {n}
///     anna2: claim                      the same person over another connection
///     tom: approve &                    begins and does not wait for the end
///     tom waits                         until the server lets that one wait for a lock
///     tom ends => WK409                 waits for the end of what began with "&"
///     tom leaves                        drops the connection: what was open on it is rolled back
///     race anna, anna2: claim => WK423  at the same moment: one succeeds, the others are refused
///     after submitted                   the lines of that way
///     state submitted
///     check 1 SELECT count(*) FROM …    what a superuser reads
///     request 2                         what follows is about another request
///
/// Each line has to end with the SQLSTATE after "=>", or without one. {n} {r} {s} are number, revision and hash of the
/// request, {e} {t} the execution and its token, {code} a one-time code of that person ({code+1}: of the next half
/// minute, {code:sara}: of another), {db} the database, {plan} and {fields} the last that were written, {huge} a text
/// of a million letters.
class StoreScript
{
public:
    explicit StoreScript(Stage& stage);
    ~StoreScript();

    [[nodiscard]] const QString& database() const { return m_database; }

    /// Several statements are one transaction unless they say otherwise.
    Answer sql(const QString& person, const QByteArray& statement);
    /// The first column of the first row, as a superuser reads it.
    QString value(const QByteArray& statement);
    /// Drops the connections of everybody but root: what they had open is rolled back.
    void disconnect();

    /// Runs the lines; returns the first that ended otherwise than it should, in words.
    QString run(const QStringList& lines);
    QString after(const QString& way) { return run({QStringLiteral("after ") + way}); }

    /// With the places filled in.
    QByteArray filled(const QString& person, QString text);
    void set(const QString& name, const QString& value) { m_values[name] = value; }

    /// Everything that is stored and everything that guards it, in one hash: equal before and after means unharmed.
    QString fingerprint();

    /// "api:setImage@staging/apps" or parts of it: name, action, cluster, namespace; several with commas between them.
    /// "?confirm" or "?sql@staging" is a check.
    [[nodiscard]] static QByteArray plan(const QString& what, const QString& platform = QStringLiteral("streamgate"));
    [[nodiscard]] static QByteArray fields(const QByteArray& more = "{}");

private:
    struct Line
    {
        QString text, person, verb, rest, expected;
    };

    store::Session& session(const QString& person);
    QString runLine(const QString& line);
    QString act(const Line& line);
    QString judge(const Line& line, const Answer& answer);
    QString race(const QStringList& people, const Line& line);
    QString waitUntilBlocked(const QString& person);
    QString check(const QString& line);
    void switchTo(const QString& request);
    QByteArray statement(const Line& line);
    void remember(const QJsonValue& json);
    /// Sets up one-time codes; the code that confirmed them is used then.
    QString enroll(const QString& person);
    /// Makes the database forget which codes a person has used, so that a test need not wait half a minute.
    QString forgetCodes(const QString& person);
    /// A code of this moment, or of `ahead` steps later.
    [[nodiscard]] QString code(const QString& person, int ahead = 0) const;

    Stage& m_stage;
    QString m_database;
    std::map<QString, std::unique_ptr<store::Session>> m_sessions;
    std::map<QString, std::future<Answer>> m_running;
    std::map<QString, QString> m_values;
    std::map<QString, std::map<QString, QString>> m_kept;
    std::map<QString, QByteArray> m_secrets;
    QString m_current = QStringLiteral("1");
};

} // namespace wk::test
