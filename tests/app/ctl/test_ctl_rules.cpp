// SPDX-License-Identifier: GPL-3.0-or-later
// What changes have to keep to, from a terminal: windows, policies, templates that the store keeps; breaking the glass
// and its review; the record, exported and checked without the store.
#include "CtlStage.h"

#include "../../store/OneTimeCode.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

using namespace wk::test;
using namespace Qt::StringLiterals;

class TestCtlRules : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void windows();
    void policies();
    void keptTemplates();
    void brokenGlass();
    void records();
    void exportedAndChecked();

private:
    [[nodiscard]] Ran change(const QString& person, const QStringList& words, const QByteArray& input = {})
    {
        return m_stage.ctl(person, QStringList{u"change"_s} + words, input);
    }
    /// The number of a request of anna's that scales api-gateway; `more`: beside the form.
    [[nodiscard]] QString filed(const QStringList& more);

    CtlStage m_stage;
};

void TestCtlRules::initTestCase()
{
    const auto started = m_stage.startStore();
    if (!started && started.error().kind == wk::Error::Kind::NotFound)
        QSKIP(qPrintable(started.error().text()));
    QVERIFY2(started, started ? "" : qPrintable(started.error().text() + started.error().detail));
    QVERIFY(m_stage.superuser().script("GRANT watchkeeper_admin TO olga"));
}

QString TestCtlRules::filed(const QStringList& more)
{
    const Ran ran =
        change(u"anna"_s, QStringList{u"new"_s, u"--platform"_s, u"streamgate"_s, u"--no-pin"_s, u"-o"_s, u"json"_s} +
                              formWords() + more);
    if (ran.code != 0)
        qWarning("%s", (ran.out + ran.err).constData());
    return QString::number(CtlStage::json(ran).value("number"_L1).toInteger());
}

void TestCtlRules::windows()
{
    const QStringList freeze{u"windows"_s, u"add"_s,  u"freeze"_s, u"Final"_s,      u"--from"_s,
                             u"-1h"_s,     u"--to"_s, u"+2h"_s,    u"--platform"_s, u"shop"_s};
    const Ran refused = change(u"anna"_s, freeze);
    COMPARE_RAN(refused, 1);
    VERIFY_SAYS(refused, u"for an admin, and anna is none"_s);
    COMPARE_RAN(change(u"olga"_s, freeze + QStringList{u"--reason"_s, u"the final"_s}), 0);
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"add"_s, u"maintenance"_s, u"Night"_s, u"--days"_s, u"mon,thu"_s,
                                   u"--from"_s, u"22:00"_s, u"--to"_s, u"02:00"_s, u"--zone"_s, u"Europe/Berlin"_s}),
                0);
    const Ran listed = change(u"vera"_s, {u"windows"_s});
    VERIFY_SAYS(listed, u"1 +freeze +yes +shop .*Final +the final"_s);
    VERIFY_SAYS(listed, u"2 +maintenance .*mon,thu, 22:00 to 02:00 Europe/Berlin +Night"_s);
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"change"_s, u"2"_s, u"--days"_s, u"fri"_s}), 1); // no reason
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"change"_s, u"2"_s, u"--days"_s, u"fri"_s, u"--reason"_s,
                                   u"Thursdays are busy"_s}),
                0);
    const Ran changed = change(u"vera"_s, {u"windows"_s});
    VERIFY_SAYS(changed, u"3 +maintenance .*fri, 22:00 to 02:00 Europe/Berlin +Night +Thursdays are busy"_s);
    QVERIFY(!changed.out.contains("mon,thu"));
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"end"_s, u"1"_s, u"--reason"_s, u"the final is over"_s}), 0);
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"end"_s, u"3"_s, u"--reason"_s, u"not needed"_s}), 0);
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"end"_s, u"3"_s, u"--reason"_s, u"not needed"_s}), 1);
    COMPARE_RAN(change(u"olga"_s, {u"windows"_s, u"add"_s, u"freeze"_s, u"No end"_s, u"--from"_s, u"+1h"_s}), 1);
    const Ran record = m_stage.ctl(u"vera"_s, {u"audit"_s, u"list"_s, u"--action"_s, u"window."_s});
    VERIFY_SAYS(record, u"the final is over"_s);
}

void TestCtlRules::policies()
{
    const Ran shown = change(u"vera"_s, {u"policy"_s});
    COMPARE_RAN(shown, 0);
    VERIFY_SAYS(shown, u"approvals.high=tech-lead,security,operations"_s);
    const QStringList set{u"policy"_s,
                          u"set"_s,
                          u"shop"_s,
                          u"approvals.medium=tech-lead|operations,security"_s,
                          u"glass_hours=2"_s,
                          u"--reason"_s,
                          u"fewer people at night"_s};
    COMPARE_RAN(change(u"bob"_s, set), 1);
    COMPARE_RAN(change(u"olga"_s, set), 0);
    const Ran own = change(u"vera"_s, {u"policy"_s, u"shop"_s});
    VERIFY_SAYS(own, u"version 1 \\(current\\), by olga"_s);
    VERIFY_SAYS(own, u"fewer people at night"_s);
    VERIFY_SAYS(own, u"approvals.medium=tech-lead\\|operations,security"_s);
    VERIFY_SAYS(own, u"glass_hours=2"_s);
    const Ran lax = change(
        u"olga"_s, {u"policy"_s, u"set"_s, u"shop"_s, u"approvals.high=operator"_s, u"--reason"_s, u"quicker"_s});
    COMPARE_RAN(lax, 1);
    VERIFY_SAYS(lax, u"approvals.high"_s);
}

void TestCtlRules::keptTemplates()
{
    m_stage.setClass(u"streamgate"_s, u"production"_s, u"production"_s);
    const QStringList keep{u"templates"_s,          u"keep"_s,       u"scale the gateway"_s, u"--template"_s,
                           u"horizontal-scaling"_s, u"--platform"_s, u"streamgate"_s,        u"workload=api-gateway"_s};
    COMPARE_RAN(change(u"vera"_s, keep), 1); // a viewer writes none
    COMPARE_RAN(change(u"anna"_s, keep), 0);
    const QStringList approve{u"templates"_s, u"approve"_s, u"scale the gateway"_s, u"1"_s};
    COMPARE_RAN(change(u"anna"_s, approve), 1); // nobody approves what they wrote
    const QStringList use{u"--template"_s, u"scale the gateway"_s, u"replicas=6"_s, u"rollout=120"_s, u"--submit"_s};
    COMPARE_RAN(change(u"anna"_s, QStringList{u"new"_s, u"--platform"_s, u"streamgate"_s} + formWords() + use), 1);
    COMPARE_RAN(change(u"bob"_s, approve), 0);
    VERIFY_SAYS(change(u"vera"_s, {u"templates"_s}), u"scale the gateway +1 +streamgate +medium +no +anna +bob"_s);
    COMPARE_RAN(change(u"olga"_s, approve), 0);
    VERIFY_SAYS(change(u"vera"_s, {u"templates"_s}), u"scale the gateway +1 +streamgate +medium +yes"_s);
    const QString number = filed(use);
    VERIFY_SAYS(change(u"vera"_s, {u"show"_s, number}), u"is approved"_s); // nobody was asked
    QStringList beyond = use;
    beyond.replaceInStrings(u"replicas=6"_s, u"replicas=100000"_s);
    COMPARE_RAN(change(u"anna"_s, QStringList{u"new"_s, u"--platform"_s, u"streamgate"_s} + formWords() + beyond), 1);
    COMPARE_RAN(change(u"anna"_s, {u"cancel"_s, number, u"--reason"_s, u"only a test"_s}), 0);
}

void TestCtlRules::brokenGlass()
{
    const auto enrolling = m_stage.begin(u"anna"_s, {u"change"_s, u"enroll"_s});
    QByteArray said;
    QVERIFY(
        QTest::qWaitFor([&] { return (said += enrolling->readAllStandardOutput()).contains("otpauth://"); }, 30'000));
    const QByteArray secret = fromBase32(QString::fromLatin1(said.left(said.indexOf('\n'))));
    const qint64 step = QDateTime::currentSecsSinceEpoch() / 30;
    enrolling->write(oneTimeCode(secret, step).toLatin1() + '\n');
    QVERIFY(QTest::qWaitFor([&] { return enrolling->state() == QProcess::NotRunning; }, 30'000));

    const QString number =
        filed({u"--template"_s, u"horizontal-scaling"_s, u"workload=api-gateway"_s, u"replicas=7"_s});
    const QStringList glass{u"break-glass"_s, number,     u"--reason"_s, u"everything is down"_s,
                            u"--incident"_s,  u"INC-7"_s, u"--code"_s,   u"-"_s};
    const QByteArray code = oneTimeCode(secret, step + 1).toLatin1() + '\n';
    const Ran wrong = change(u"anna"_s, glass + QStringList{u"--cluster"_s, u"staging"_s}, code);
    COMPARE_RAN(wrong, 1);
    VERIFY_SAYS(wrong, u"not the name of the cluster"_s);
    const Ran broken = change(u"anna"_s, glass + QStringList{u"--cluster"_s, u"production"_s}, code);
    COMPARE_RAN(broken, 0);
    VERIFY_SAYS(broken, u"told to everybody, and somebody else has to review it within 24 hours"_s);
    VERIFY_SAYS(change(u"vera"_s, {u"list"_s}), u"Owed: 1 reviews of broken glass"_s);
    VERIFY_SAYS(m_stage.ctl(u"vera"_s, {u"store"_s, u"status"_s}), u"1 reviews of broken glass"_s);
    VERIFY_SAYS(change(u"vera"_s, {u"review"_s}), number + u" .*anna +INC-7 +everything is down"_s);
    const QStringList review{u"review"_s, number, u"accepted"_s, u"--comment"_s, u"it was right"_s};
    COMPARE_RAN(change(u"anna"_s, review), 1); // not by who broke it
    COMPARE_RAN(change(u"bob"_s, {u"review"_s, number, u"maybe"_s}), 2);
    COMPARE_RAN(change(u"bob"_s, review), 0);
    VERIFY_SAYS(change(u"vera"_s, {u"review"_s}), u"No review is owed"_s);
}

void TestCtlRules::records()
{
    const Ran made = change(u"anna"_s, QStringList{u"record"_s, u"--platform"_s, u"streamgate"_s, u"--title"_s,
                                                   u"[api] - restarted by hand"_s, u"--type"_s, u"infrastructure"_s} +
                                           formWords());
    COMPARE_RAN(made, 0);
    VERIFY_SAYS(made, u"is draft"_s);
    COMPARE_RAN(change(u"anna"_s, {u"record"_s, u"--title"_s, u"[api] - somewhere"_s}), 2);
}

void TestCtlRules::exportedAndChecked()
{
    const Ran exported = m_stage.ctl(u"vera"_s, {u"audit"_s, u"export"_s});
    COMPARE_RAN(exported, 0);
    const QStringList verify{u"audit"_s, u"verify"_s, u"--file"_s};
    const Ran whole = m_stage.ctl(u"vera"_s, verify + QStringList{m_stage.file(u"audit.jsonl"_s, exported.out)});
    COMPARE_RAN(whole, 0);
    VERIFY_SAYS(whole, u"The export is whole: %1 rows"_s.arg(exported.out.count('\n')));
    auto lines = exported.out.trimmed().split('\n');
    QVERIFY(lines.size() > 10);
    for (qsizetype i = 0; i < lines.size(); ++i)
        QCOMPARE(QJsonDocument::fromJson(lines[i]).object().value("seq"_L1).toInteger(), qint64(i) + 1);
    COMPARE_RAN(m_stage.ctl(u"vera"_s, verify + QStringList{u"-"_s}, lines.mid(3).join('\n') + '\n'), 0);

    auto changed = lines;
    changed[4].replace("\"action\":\"", "\"action\":\"x");
    const auto broken = [&](const QList<QByteArray>& text, const QString& sentence) {
        const Ran ran = m_stage.ctl(u"vera"_s, verify + QStringList{u"-"_s}, text.join('\n') + '\n');
        COMPARE_RAN(ran, 1);
        VERIFY_SAYS(ran, sentence);
    };
    broken(changed, u"row 5 says another \"action\" than what was hashed"_s);
    changed = lines;
    changed[5].replace(R"(\"person\": \")", R"(\"person\": \"x)");
    QVERIFY(changed[5] != lines[5]);
    broken(changed, u"row 6 is not what was hashed"_s);
    changed = lines;
    changed.removeAt(6);
    broken(changed, u"row 8 does not come after row 6"_s);
    broken({"nonsense"}, u"line 1 is no row"_s);
}

QTEST_GUILESS_MAIN(TestCtlRules)
#include "test_ctl_rules.moc"
