// SPDX-License-Identifier: GPL-3.0-or-later
#include "AmtoolRows.h"
#include "RealAlertmanager.h"

using namespace wk;
using namespace wk::monitoring;
using namespace wk::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto configuration =
    "route: {receiver: night, group_by: [alertname], routes: [{matchers: ['severity=\"page\"'], receiver: pager}]}\n"
    "receivers: [{name: night}, {name: pager}]\n"
    "inhibit_rules:\n"
    "- {source_matchers: ['alertname=\"NodeDown\"'], target_matchers: ['severity=\"warning\"'], equal: [node]}\n";

} // namespace

/// A real Alertmanager: what it gives is what amtool says, and what we would send it does what we say.
class TestMonitoringAlertmanagerReal : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void alertsAreAmtools();
    void silencesAreAmtools();
    void groupsAndStatus();
    void matchersAreItsOwn_data();
    void matchersAreItsOwn();
    void madeExtendedExpired();

private:
    [[nodiscard]] Alerts alerts(const AlertFilter& filter = {})
    {
        return asked<Alerts>([&](auto then) { return m_client->alerts(filter, then); }).value();
    }
    [[nodiscard]] Silences silences()
    {
        return asked<Silences>([&](auto then) { return m_client->silences({}, then); }).value();
    }
    [[nodiscard]] QJsonArray amtool(const QStringList& arguments) const
    {
        return QJsonDocument::fromJson(m_real.amtool(arguments + QStringList{u"-o"_s, u"json"_s})).array();
    }
    [[nodiscard]] QByteArray send(const QByteArray& verb, const QByteArray& path, const QByteArray& body);

    RealAlertmanager m_real;
    SystemClock m_clock;
    ServerAddress m_address;
    std::unique_ptr<AlertmanagerClient> m_client;
};

void TestMonitoringAlertmanagerReal::initTestCase()
{
    if (const QString why = RealAlertmanager::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY2(m_real.start(configuration), qPrintable(m_real.error()));
    m_address.url = m_real.url();
    m_client = std::make_unique<AlertmanagerClient>(*openWay(m_address, m_clock));
    const auto add = [this](const QStringList& labels) {
        (void)m_real.amtool(QStringList{u"alert"_s, u"add"_s, u"--annotation=summary=It is there"_s} + labels);
    };
    add({u"NodeDown"_s, u"node=n1"_s, u"severity=page"_s});
    add({u"DiskFull"_s, u"node=n1"_s, u"severity=warning"_s});
    add({u"DiskFull"_s, u"node=n2"_s, u"severity=warning"_s});
    add({u"Odd"_s, u"node=Straße 7"_s});
    add({u"Odd"_s, u"path=a.b[c]"_s});
    for (const QStringList& matchers : {QStringList{u"alertname=DiskFull"_s, u"node=~n[2-4]"_s},
                                        QStringList{u"severity!=\"\""_s, u"a!~b|c"_s, u"x=y"_s}})
        QVERIFY(!m_real
                     .amtool(QStringList{u"silence"_s, u"add"_s, u"-a"_s, u"anna"_s, u"-c"_s, u"a \"reason\""_s,
                                         u"-d"_s, u"2h"_s} +
                             matchers)
                     .isEmpty());
    // It works out who is inhibited when it is asked, and routes soon after.
    QVERIFY(QTest::qWaitFor(
        [this] {
            const Alerts all = alerts();
            return all.size() == 5 && std::ranges::none_of(all, [](const ManagedAlert& one) {
                       return one.state == ManagedAlert::State::Unprocessed;
                   });
        },
        30'000));
}

void TestMonitoringAlertmanagerReal::alertsAreAmtools()
{
    const QStringList theirs =
        alertRows(amtool({u"alert"_s, u"query"_s, u"--active"_s, u"--silenced"_s, u"--inhibited"_s}));
    const QStringList ours = alertRows(alerts());
    QCOMPARE(ours, theirs);
    QCOMPARE(ours.filter(u" active "_s).size(), 3);
    QCOMPARE(ours.filter(u" suppressed "_s).size(), 2);
    AlertFilter onlyActive;
    onlyActive.silenced = onlyActive.inhibited = false;
    QCOMPARE(alerts(onlyActive).size(), 3U);
    onlyActive.receiver = u"pager"_s;
    QCOMPARE(alerts(onlyActive).size(), 1U);
}

void TestMonitoringAlertmanagerReal::silencesAreAmtools()
{
    QStringList ours, theirs;
    for (const Silence& one : silences())
        ours << alertRow(one.id, silenceStateName(one.state), matchersText(one.matchers),
                         {one.createdBy, one.comment,
                          QDateTime::fromMSecsSinceEpoch(one.startsAt, Qt::UTC).toString(Qt::ISODateWithMs),
                          QDateTime::fromMSecsSinceEpoch(one.endsAt, Qt::UTC).toString(Qt::ISODateWithMs)});
    for (const QJsonValue& one : amtool({u"silence"_s, u"query"_s})) {
        QStringList matchers;
        for (const QJsonValue& matcher : one["matchers"_L1].toArray())
            matchers << matcher["name"_L1].toString() +
                            (matcher["isEqual"_L1].toBool() ? (matcher["isRegex"_L1].toBool() ? u"=~"_s : u"="_s)
                                                            : (matcher["isRegex"_L1].toBool() ? u"!~"_s : u"!="_s)) +
                            u'"' + matcher["value"_L1].toString() + u'"';
        theirs << alertRow(one["id"_L1].toString(), one["status"_L1]["state"_L1].toString(),
                           u'{' + matchers.join(u',') + u'}',
                           {one["createdBy"_L1].toString(), one["comment"_L1].toString(), one["startsAt"_L1].toString(),
                            one["endsAt"_L1].toString()});
    }
    ours.sort();
    theirs.sort();
    QCOMPARE(ours.size(), 2);
    QCOMPARE(ours, theirs);
}

void TestMonitoringAlertmanagerReal::groupsAndStatus()
{
    const auto groups = asked<Groups>([&](auto then) { return m_client->groups({}, then); });
    QVERIFY(groups);
    QStringList names;
    for (const AlertGroup& one : *groups)
        names << labelsText(one.labels) + one.receiver + QString::number(one.alerts.size());
    names.sort();
    QCOMPARE(names, (QStringList{u"{alertname=\"DiskFull\"}night2"_s, u"{alertname=\"NodeDown\"}pager1"_s,
                                 u"{alertname=\"Odd\"}night2"_s}));
    const auto status = asked<AlertmanagerStatus>([&](auto then) { return m_client->status(then); });
    QVERIFY(status && !status->version.isEmpty());
    QCOMPARE(status->clusterState, u"disabled"_s);
    const auto receivers = asked<QStringList>([&](auto then) { return m_client->receivers(then); });
    QCOMPARE(receivers.value(), (QStringList{u"night"_s, u"pager"_s}));
}

void TestMonitoringAlertmanagerReal::matchersAreItsOwn_data()
{
    QTest::addColumn<QString>("label");
    QTest::addColumn<bool>("isEqual");
    for (const char* pattern : {"n1",
                                "n.",
                                "n",
                                "",
                                ".*",
                                ".+",
                                "n1|n2",
                                "(?i)N1",
                                "n[^1]",
                                "[[:lower:]]\\d",
                                "\\w+",
                                "\\S+ \\d",
                                "Stra.e 7",
                                "Stra\\x{df}e\\s7",
                                "(?i)STRAßE 7",
                                "\\pL+ \\p{Nd}",
                                "n{1}[12]",
                                "n1)|(n2",
                                "\\Qn1\\E",
                                "(?P<x>n)1$",
                                "^n1",
                                "a\\.b\\[c\\]",
                                "a.b[c]",
                                "[\\w.[\\]]+",
                                "n\\061",
                                "(?s).+",
                                "n{,1}",
                                "n1{2",
                                "[]n1[]+",
                                "\\pN",
                                "n1\\z",
                                "(?=n)n1",
                                "n1\\Z",
                                "(n)\\1",
                                "n**",
                                "n++",
                                "(?>n1)",
                                "(n1",
                                "[n",
                                "\\h",
                                "n{1001}",
                                "(?x)n 1",
                                "*",
                                "\\p{Xan}",
                                "[b-a]",
                                "[[:odd:]]",
                                "\\8",
                                "\\_",
                                "n1|",
                                "(|n1)",
                                "\\E",
                                "(?U)n+1",
                                "(?)n1",
                                "(?i-s:N)1",
                                "\\Bn1",
                                "\\bn1\\b"}) {
        for (const char* label : {"node", "path"})
            for (const bool isEqual : {true, false})
                QTest::addRow("%s %s %s", label, isEqual ? "=~" : "!~", pattern) << QString::fromUtf8(label) << isEqual;
    }
}

/// Whatever the expression: it gives the alerts that we say it covers, and refuses what we refuse.
void TestMonitoringAlertmanagerReal::matchersAreItsOwn()
{
    QFETCH(QString, label);
    QFETCH(bool, isEqual);
    const QString tag = QString::fromUtf8(QTest::currentDataTag());
    const LabelMatcher matcher{label, tag.sliced(tag.indexOf(u'~') + 2), true, isEqual};
    const auto theirs =
        asked<Alerts>([&](auto then) { return m_client->alerts({.matchers = {matcher}, .receiver = {}}, then); });
    const Alerts all = alerts();
    const auto preview = previewSilence({matcher}, all);
    const QString said = !theirs ? theirs.error().text() : !preview ? preview.error().text() : QString();
    QVERIFY2(preview.has_value() == theirs.has_value(), qPrintable(said));
    if (!preview) {
        QCOMPARE(theirs.error().kind, Error::Kind::BadInput);
        return;
    }
    Alerts ours;
    for (const std::size_t i : preview->covered)
        ours.push_back(all[i]);
    QCOMPARE(alertRows(ours), alertRows(*theirs));
}

QByteArray TestMonitoringAlertmanagerReal::send(const QByteArray& verb, const QByteArray& path, const QByteArray& body)
{
    auto way = openWay(m_address, m_clock);
    net::Request request;
    request.verb = verb;
    request.path = path;
    request.body = body;
    if (!body.isEmpty())
        request.headers = {{"Content-Type", "application/json"}};
    QByteArray out;
    std::optional<int> status;
    bool over = false;
    net::Handlers handlers;
    handlers.head = [&](const net::ResponseHead& head) { status = head.status; };
    handlers.data = [&](QByteArrayView bytes) { out.append(bytes); };
    handlers.finished = [&](const std::optional<Error>&) { over = true; };
    const auto exchange = way->transport->open(request, std::move(handlers));
    if (!QTest::qWaitFor([&] { return over; }, 30'000) || status != 200)
        return "status " + QByteArray::number(status.value_or(0)) + ": " + out;
    return out;
}

void TestMonitoringAlertmanagerReal::madeExtendedExpired()
{
    Silence silence;
    silence.matchers = {
        {u"alertname"_s, u"Odd"_s}, {u"node"_s, u"(?i)straße.*"_s, true}, {u"path"_s, u"x"_s, false, false}};
    silence.startsAt = m_clock.nowMs();
    silence.endsAt = silence.startsAt + 3'600'000;
    silence.createdBy = u"ben"_s;
    silence.comment = u"the \"street\" is closed\\"_s;
    QVERIFY(checkSilence(silence, silence.startsAt));
    const auto covered = previewSilence(silence.matchers, alerts())->covered;
    QCOMPARE(covered.size(), 1U);
    const QString fingerprint = alerts()[covered.front()].fingerprint;

    const QByteArray answer = send("POST", silencesPath(), silenceBody(silence));
    const auto id = readSilenceId(answer);
    QVERIFY2(id, answer.constData());
    const auto ofId = [&](const QString& wanted) {
        const Silences all = silences();
        const auto found = std::ranges::find(all, wanted, &Silence::id);
        return found == all.end() ? Silence() : *found;
    };
    const Silence made = ofId(*id);
    QVERIFY(made.matchers == silence.matchers);
    QCOMPARE(made.comment, silence.comment);
    QCOMPARE(made.endsAt, silence.endsAt);
    // It covers what the preview said, and amtool sees it.
    QVERIFY(QTest::qWaitFor(
        [&] {
            const Alerts all = alerts();
            const auto one = std::ranges::find(all, fingerprint, &ManagedAlert::fingerprint);
            return one != all.end() && one->silencedBy == QStringList{*id};
        },
        30'000));
    const QJsonArray theirs = amtool({u"silence"_s, u"query"_s, u"alertname=Odd"_s});
    QCOMPARE(theirs.size(), 1);
    QCOMPARE(theirs[0]["id"_L1].toString(), *id);

    const Silence longer = extendedSilence(made, made.endsAt + 3'600'000, m_clock.nowMs());
    QCOMPARE(readSilenceId(send("POST", silencesPath(), silenceBody(longer))).value_or(u"none"_s), *id);
    QCOMPARE(ofId(*id).endsAt, longer.endsAt);

    QCOMPARE(send("DELETE", silencePath(*id), {}), "");
    const Silence over = ofId(*id);
    QCOMPARE(over.state, Silence::State::Expired);
    const Silence again = extendedSilence(over, m_clock.nowMs() + 60'000, m_clock.nowMs());
    const auto other = readSilenceId(send("POST", silencesPath(), silenceBody(again)));
    QVERIFY(other && *other != *id);
    QVERIFY(ofId(*other).matchers == silence.matchers);
}

QTEST_GUILESS_MAIN(TestMonitoringAlertmanagerReal)
#include "test_monitoring_alertmanager_real.moc"
