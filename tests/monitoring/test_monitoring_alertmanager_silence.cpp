// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/AlertmanagerFacts.h"
#include "monitoring/alerts/GoPattern.h"

#include <QtTest/QTest>

using namespace wk;
using namespace wk::monitoring;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 now = 1'795'295'953'123; ///< 2026-11-21T21:19:13.123Z
constexpr qint64 hour = 3'600'000;

Silence good()
{
    Silence out;
    out.matchers = {{u"alertname"_s, u"DiskFull"_s}, {u"node"_s, u"n[2-4]"_s, true, false}};
    out.startsAt = now;
    out.endsAt = now + hour;
    out.createdBy = u"anna"_s;
    out.comment = u"moving \"it\""_s;
    return out;
}

ManagedAlert alert(const QString& node, const QStringList& silencedBy = {})
{
    ManagedAlert out;
    out.labels = {{u"alertname"_s, u"DiskFull"_s}, {u"node"_s, node}};
    out.silencedBy = silencedBy;
    return out;
}

} // namespace

/// Silences as values: what they cover, and what would be sent.
class TestMonitoringAlertmanagerSilence : public QObject
{
    Q_OBJECT

private slots:
    void matching_data();
    void matching();
    void patterns_data();
    void patterns();
    void refusedPatterns_data();
    void refusedPatterns();
    void tooManySteps();
    void bodyAndPaths();
    void checks();
    void extended();
    void states();
    void preview();
};

void TestMonitoringAlertmanagerSilence::matching_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isRegex");
    QTest::addColumn<bool>("isEqual");
    QTest::addColumn<QString>("label"); ///< null: none of that name
    QTest::addColumn<bool>("holds");
    const auto row = [](const char* value, bool isRegex, bool isEqual, const QString& label, bool holds) {
        QTest::addRow("%s%s%s of %s", isEqual ? "" : "!", isRegex ? "~" : "=", value,
                      label.isNull() ? "nothing" : qPrintable(label))
            << QString::fromUtf8(value) << isRegex << isEqual << label << holds;
    };
    row("n1", false, true, u"n1"_s, true);
    row("n1", false, true, u"n11"_s, false);
    row("n1", false, false, u"n1"_s, false);
    row("n1", false, false, {}, true);
    row("", false, true, {}, true);
    row("", false, false, {}, false);
    row("n1", true, true, u"n11"_s, false);
    row("n1", true, true, u"xn1"_s, false);
    row("n1|n2", true, true, u"n2"_s, true);
    row("n1|n2", true, true, u"n1x"_s, false);
    row("n.*", true, false, u"n1"_s, false);
    row("n.*", true, false, {}, true);
    row(".*", true, true, {}, true);
    row(".+", true, true, {}, false);
    row("", true, true, {}, true);
}

void TestMonitoringAlertmanagerSilence::matching()
{
    QFETCH(QString, value);
    QFETCH(bool, isRegex);
    QFETCH(bool, isEqual);
    QFETCH(QString, label);
    QFETCH(bool, holds);
    Silence silence;
    silence.matchers = {{u"node"_s, value, isRegex, isEqual}};
    QCOMPARE(silence.matches(label.isNull() ? Labels{{u"a"_s, u"b"_s}} : Labels{{u"node"_s, label}}).value(), holds);
}

void TestMonitoringAlertmanagerSilence::patterns_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("holds");
    const auto row = [](const char* pattern, const char* text, bool holds) {
        QTest::newRow(pattern) << QString::fromUtf8(text) << holds;
    };
    // What PCRE by itself would read otherwise.
    row("a$", "a\n", false);
    row("(?m)a$\n^b", "a\nb", true);
    row("a.b", "a\nb", false);
    row("(?s)a.b", "a\nb", true);
    row("(?s:a.)b.", "a\nb\n", false);
    row("a\\sb",
        "a\x0b"
        "b",
        false);
    row("a[\\s]b",
        "a\x0b"
        "b",
        false);
    row("\\v", "\n", false);
    row("\\x41\\x{e9}\\101\\02",
        "A\xc3\xa9"
        "A\x02",
        true);
    row("(?i)straße|K", "k", true);
    row("(?i:ab)c", "ABc", true);
    row("(?i:ab)C", "ABc", false);
    row("(?i)a(?-i)b", "AB", false);
    row("(?U)a+", "aaa", true);
    row("(?P<name>a)(?<other>b)", "ab", true);
    row("a{,2}", "a{,2}", true);
    row("a{2}{", "aa{", true);
    row("[[:alpha:]-]+", "a-b", true);
    row("[[a]", "[", true);
    row("[]a]+", "]a", true);
    row("[^\\D]", "7", true);
    row("[\\W]", "a", false);
    row("\\Qa.b\\E+", "a.bb", true);
    row("\\pL\\p{Greek}\\PN", "xαy", true);
    row("\\_\\-", "_-", true);
    row("a)|(b", "ax", true); // ^(?:a)|(b)$
    row("b)|(a", "ab", false);
    row("a)|(?:xb", "xb", true);
    row("#a b(?:)", "#a b", true);
    row(".", "😀", true);
    row("\\bfoo\\b", "foo", true);
    row("^*a", "a", true);
}

void TestMonitoringAlertmanagerSilence::patterns()
{
    QFETCH(QString, text);
    QFETCH(bool, holds);
    const auto pattern = anchoredGoPattern(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY2(pattern, qPrintable(pattern ? QString() : pattern.error().text()));
    QCOMPARE(pattern->match(text).hasMatch(), holds);
}

void TestMonitoringAlertmanagerSilence::refusedPatterns_data()
{
    QTest::addColumn<bool>("none");
    for (const char* pattern :
         {"(?=a)",        "(?!a)", "(?<=a)",      "(?<!a)", "(?>a)",   "(?#a)",     "(?x)a",     "(?-)",
          "(a)\\1",       "a**",   "a++",         "a?+",    "*a",      "a|*",       "(*ACCEPT)", "a{1001}",
          "a{3,2}",       "(a",    "a)",          "[a",     "[b-a]",   "[[:odd:]]", "\\p{L&}",   "\\p{Xan}",
          "\\p{Nothing}", "\\Z",   "\\G",         "\\K",    "\\h",     "\\R",       "\\X",       "\\C",
          "\\q",          "\\x4",  "\\x{110000}", "\\",     "(?P<>a)", "(?P=a)",    "(?R)",      "(?|a)"})
        QTest::newRow(pattern) << true;
}

void TestMonitoringAlertmanagerSilence::refusedPatterns()
{
    const QString text = QString::fromUtf8(QTest::currentDataTag());
    const auto pattern = anchoredGoPattern(text);
    QVERIFY(!pattern);
    QCOMPARE(pattern.error().kind, Error::Kind::BadInput);
    QVERIFY(
        pattern.error().sentence.startsWith(u"Alertmanager does not take “%1” as a regular expression: "_s.arg(text)));
}

void TestMonitoringAlertmanagerSilence::tooManySteps()
{
    const auto set = MatcherSet::of({{u"a"_s, u"(?:(?:x|xx|xxx)+)+[^x]"_s, true}, {u"b"_s, u"c"_s}});
    QVERIFY(set);
    const QString many(300, u'x');
    const auto hard = set->matches({{u"a"_s, many}, {u"b"_s, u"c"_s}});
    QVERIFY(!hard);
    QCOMPARE(hard.error().kind, Error::Kind::Unsupported);
    // It does not matter where another matcher says no.
    QVERIFY(!set->matches({{u"a"_s, many}}).value());
    ManagedAlert one;
    one.labels = {{u"a"_s, many}, {u"b"_s, u"c"_s}};
    const auto preview = previewSilence({{u"a"_s, u"(?:(?:x|xx|xxx)+)+[^x]"_s, true}}, {one});
    QCOMPARE(preview->undecided.size(), 1U);
    QVERIFY(!preview->why.isEmpty());
}

void TestMonitoringAlertmanagerSilence::bodyAndPaths()
{
    Silence silence = good();
    const QByteArray tail =
        R"("matchers":[{"isEqual":true,"isRegex":false,"name":"alertname","value":"DiskFull"},{"isEqual":false,"isRegex":true,"name":"node","value":"n[2-4]"}],"startsAt":"2026-11-21T21:19:13.123Z"})";
    const QByteArray head = R"({"comment":"moving \"it\"","createdBy":"anna","endsAt":"2026-11-21T22:19:13.123Z",)";
    QCOMPARE(silenceBody(silence), head + tail);
    silence.id = u"7d78"_s;
    QCOMPARE(silenceBody(silence), head + R"("id":"7d78",)" + tail);
    QCOMPARE(silencesPath(), "/api/v2/silences");
    QCOMPARE(silencePath(u"a/../b"_s), "/api/v2/silence/a%2F..%2Fb");
}

void TestMonitoringAlertmanagerSilence::checks()
{
    QVERIFY(checkSilence(good(), now));
    const auto said = [](auto change) {
        Silence silence = good();
        change(silence);
        const auto result = checkSilence(silence, now);
        return result ? QString() : result.error().sentence;
    };
    QCOMPARE(said([](Silence& s) { s.matchers.clear(); }), u"A silence needs at least one matcher."_s);
    QVERIFY(said([](Silence& s) {
                s.matchers = {{u"a"_s, u".*"_s, true}, {u"b"_s, u"c"_s, false, false}};
            }).startsWith("Every matcher of the silence also matches an absent label"_L1));
    QCOMPARE(said([](Silence& s) { s.matchers = {{u"a b"_s, u"c"_s}}; }), u"“a b” is no name of a label."_s);
    QVERIFY(said([](Silence& s) { s.matchers = {{u"a"_s, u"("_s, true}}; }).contains("regular expression"_L1));
    QCOMPARE(said([](Silence& s) { s.endsAt = s.startsAt; }), u"The silence has to end after it starts."_s);
    QCOMPARE(said([](Silence& s) {
                 s.startsAt = now - 2 * hour;
                 s.endsAt = now - hour;
             }),
             u"The end of the silence has passed already."_s);
    QCOMPARE(said([](Silence& s) { s.createdBy = u" "_s; }), u"A silence needs the name of who makes it."_s);
    QCOMPARE(said([](Silence& s) { s.comment.clear(); }), u"A silence needs its reason."_s);
}

void TestMonitoringAlertmanagerSilence::extended()
{
    Silence silence = good();
    silence.id = u"7d78"_s;
    silence.state = Silence::State::Active;
    const Silence longer = extendedSilence(silence, now + 5 * hour, now + hour / 2);
    QCOMPARE(longer.id, silence.id);
    QCOMPARE(longer.startsAt, silence.startsAt); // else it would be another one
    QCOMPARE(longer.endsAt, now + 5 * hour);
    const Silence again = extendedSilence(silence, now + 5 * hour, now + 2 * hour);
    QVERIFY(again.id.isEmpty());
    QCOMPARE(again.startsAt, now + 2 * hour);
    QVERIFY(again.matchers == silence.matchers);
    silence.state = Silence::State::Expired; // somebody ended it early
    silence.endsAt = now + hour;
    QVERIFY(extendedSilence(silence, now + 5 * hour, now + 1).id.isEmpty());
}

void TestMonitoringAlertmanagerSilence::states()
{
    const Silence silence = good();
    QCOMPARE(silence.stateAt(now - 1), Silence::State::Pending);
    QCOMPARE(silence.stateAt(now), Silence::State::Active);
    QCOMPARE(silence.stateAt(now + hour), Silence::State::Active);
    QCOMPARE(silence.stateAt(now + hour + 1), Silence::State::Expired);
}

void TestMonitoringAlertmanagerSilence::preview()
{
    const std::vector<ManagedAlert> alerts{alert(u"n1"_s), alert(u"n2"_s, {u"other"_s}), alert(u"n3"_s, {u"self"_s}),
                                           alert(u"n9"_s)};
    const auto covered = previewSilence({{u"node"_s, u"n[2-4]"_s, true}}, alerts, u"self"_s);
    QVERIFY(covered);
    QCOMPARE(covered->covered, (std::vector<std::size_t>{1, 2}));
    QCOMPARE(covered->alreadySilenced, (std::vector<std::size_t>{1}));
    QVERIFY(covered->undecided.empty());
    QVERIFY(!previewSilence({{u"node"_s, u"(?=a)"_s, true}}, alerts));
}

QTEST_GUILESS_MAIN(TestMonitoringAlertmanagerSilence)
#include "test_monitoring_alertmanager_silence.moc"
