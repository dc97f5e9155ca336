// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/CommandLine.h"
#include "watchkeeper/shell/Settings.h"
#include "watchkeeper/shell/SettingsTableStates.h"
#include "watchkeeper/shell/StatusLine.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;

/// What a start is told, what it remembers, and what it says of it.
class TestSettings : public QObject
{
    Q_OBJECT
private slots:
    void commandLine();
    void settingsKeepTheirTypes();
    void tableStatesSurvive();
    void expiryInWords();
};

void TestSettings::commandLine()
{
    const auto line =
        parseCommandLine({u"--kubeconfig"_s, u"f"_s, u"--context"_s, u"c"_s, u"--panel"_s, u"cluster"_s,
                          u"--platform-dir"_s, u"a"_s, u"--platform-dir"_s, u"b"_s, u"--bench"_s, u"5"_s});
    QVERIFY(line);
    QCOMPARE(line->context, u"c"_s);
    QCOMPARE(line->platformDirs, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(line->benchSeconds, 5);
    for (const QStringList& wrong : {QStringList{u"--nonsense"_s},
                                     {u"--bench"_s, u"x"_s},
                                     {u"--bench"_s, u"0"_s},
                                     {u"--panel"_s, u"cost"_s},
                                     {u"stray"_s}}) {
        const auto bad = parseCommandLine(wrong);
        QVERIFY2(!bad, qPrintable(wrong.join(u' ')));
        QVERIFY(!bad.error().sentence.isEmpty());
    }
}

void TestSettings::settingsKeepTheirTypes()
{
    QTemporaryDir dir;
    {
        const auto settings = Settings::inDirectory(dir.path());
        for (const Settings::Key key : Settings::keys())
            QCOMPARE(settings->get(key), Settings::defaultOf(key));
        QSignalSpy spy(settings.get(), &Settings::changed);
        settings->set(Settings::Key::Compact, true);
        settings->set(Settings::Key::Compact, true);
        QCOMPARE(spy.size(), 1);
        settings->set(Settings::Key::KubeconfigFiles, QStringList{u"/a b"_s, u"/c"_s});
        settings->set(Settings::Key::PlatformBindings, QVariantMap{{u"p/c"_s, QStringList{u"o"_s, u"x"_s}}});
    }
    const auto again = Settings::inDirectory(dir.path());
    QCOMPARE(again->get(Settings::Key::Compact).toBool(), true);
    QCOMPARE(again->get(Settings::Key::KubeconfigFiles).toStringList(), (QStringList{u"/a b"_s, u"/c"_s}));
    QCOMPARE(again->get(Settings::Key::PlatformBindings).toMap().value(u"p/c"_s).toStringList(),
             (QStringList{u"o"_s, u"x"_s}));
    again->reset(Settings::Key::Compact);
    QCOMPARE(again->get(Settings::Key::Compact).toBool(), false);
    again->setForThisRun(Settings::Key::ChangeStore, u"postgresql://ann@db/x"_s);
    QCOMPARE(again->get(Settings::Key::ChangeStore).toString(), u"postgresql://ann@db/x"_s);
    QCOMPARE(Settings::inDirectory(dir.path())->get(Settings::Key::ChangeStore).toString(), QString());
    again->set(Settings::Key::ChangeStore, QString());
    QCOMPARE(again->get(Settings::Key::ChangeStore).toString(), QString());
}

void TestSettings::tableStatesSurvive()
{
    QTemporaryDir dir;
    const auto settings = Settings::inDirectory(dir.path());
    SettingsTableStates states(*settings);
    QVERIFY(states.load(u"pods"_s).isEmpty());
    states.save(u"pods"_s, {{u"filter"_s, u"is:trouble"_s}});
    states.save(u"nodes"_s, {{u"filter"_s, u"x"_s}});
    QCOMPARE(states.load(u"pods"_s).value(u"filter"_s).toString(), u"is:trouble"_s);
}

void TestSettings::expiryInWords()
{
    QCOMPARE(StatusLine::expiryText(0, 1000), QString());
    QVERIFY(StatusLine::expiryText(7'200'000, 0).startsWith(u"Credential expires in"));
    QVERIFY(StatusLine::expiryText(1, 7'200'000).startsWith(u"Credential expired"));
}

QTEST_MAIN(TestSettings)
#include "test_settings.moc"
