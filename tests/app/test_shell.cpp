// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/CommandLine.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/shell/Settings.h"
#include "watchkeeper/shell/StatusLine.h"
#include "watchkeeper/shots/Bench.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/charts/TimeRangeBar.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/StateView.h"
#include "widgets/credentials/CredentialsPanel.h"
#include "widgets/monitoring/MonitoringPanel.h"
#include "widgets/monitoring/alerts/AlertsPage.h"
#include "widgets/monitoring/health/HealthPage.h"
#include "widgets/overview/OverviewPanel.h"

#include <QtTest/QtTest>
#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QTreeWidget>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;

namespace {

class FakeNotifier final : public DesktopNotifier
{
public:
    void show(const DesktopNote& note) override { shown << note; }
    void withdraw(const QString&) override {}
    QList<DesktopNote> shown;
};

} // namespace

class TestShell : public QObject
{
    Q_OBJECT
private slots:
    void busyMeterSeesWork();
    void firstStartTeaches();
    void firstWindowFitsTheScreen();
    void keysReachEveryPanel();
    void divisionsSurvive();
    void kubeconfigIsReadAnew();
    void brokenKubeconfigSaysWhere();
    void contextGoesFromUnderTheClusterPanel();
    void changesTellWhyTheyCannotBeOpened();
    void waitingChangesAreCounted();
    void notesLeadToThePanel();
    void tilesLeadToTheirPages();
    void oneTimeRangeForAllPanels();
    void marksLeadToTheirPanels();
    void secretsAreListedForWhatAsks();
    void everyFocusableWidgetHasAName();

private:
    struct Shell
    {
        QTemporaryDir dir;
        std::shared_ptr<FakeNotifier> notifier = std::make_shared<FakeNotifier>();
        SystemClock clock;
        std::unique_ptr<Composition> composition;
        [[nodiscard]] MainWindow& window() { return composition->window(); }
    };
    /// `settings`: a directory that an earlier start has left; empty: its own.
    [[nodiscard]] std::unique_ptr<Shell> start(const QByteArray& kubeconfig = {}, const QString& settings = {});
    static void write(const QString& path, const QByteArray& text);
};

namespace {

/// Nothing listens on port 1; no packet leaves the machine.
const QByteArray oneContext = R"(apiVersion: v1
kind: Config
current-context: lone
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: tester, user: {token: t}}]
contexts: [{name: lone, context: {cluster: c, user: tester}}]
)";

} // namespace

void TestShell::write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

std::unique_ptr<TestShell::Shell> TestShell::start(const QByteArray& kubeconfig, const QString& settings)
{
    auto shell = std::make_unique<Shell>();
    const QString path = shell->dir.filePath(u"kubeconfig"_s);
    if (!kubeconfig.isEmpty())
        write(path, kubeconfig);
    CommandLine line;
    line.kubeconfig = path;
    shell->composition = std::make_unique<Composition>(
        *qApp, line, Settings::inDirectory(settings.isEmpty() ? shell->dir.path() : settings), nullptr, shell->notifier,
        std::make_unique<secrets::Credentials>(std::make_unique<secrets::MemoryStore>(),
                                               secrets::CredentialLedger(shell->dir.filePath(u"credentials.json"_s)),
                                               u"watchkeeper"_s, shell->clock));
    QSignalSpy ready(shell->composition.get(), &Composition::ready);
    shell->composition->start();
    if (!ready.wait(10'000))
        qWarning("the shell did not become ready");
    if (!QTest::qWaitForWindowActive(&shell->window()))
        qWarning("the window did not become active");
    return shell;
}

void TestShell::busyMeterSeesWork()
{
    BusyMeter meter;
    auto* application = static_cast<MeasuredApplication*>(qApp);
    application->setMeter(&meter);
    const auto detach = qScopeGuard([application] { application->setMeter(nullptr); });
    meter.restart();
    // 80 ms of work in one go, between two waits. This test itself runs inside no delivery, so the loop's are
    // outermost.
    QEventLoop loop;
    QTimer::singleShot(20, this, [&] {
        QElapsedTimer spent;
        spent.start();
        while (spent.elapsed() < 80) {
        }
        QTimer::singleShot(20, &loop, &QEventLoop::quit);
    });
    // Another thread's events are none of the meter's business.
    QThread other;
    QObject worker;
    worker.moveToThread(&other);
    other.start();
    QMetaObject::invokeMethod(&worker, [] { QThread::msleep(60); });
    loop.exec();
    other.quit();
    other.wait();
    QVERIFY2(meter.longestMs() >= 79, qPrintable(QString::number(meter.longestMs())));
    QVERIFY2(meter.share() > 0.05 && meter.share() <= 1, qPrintable(QString::number(meter.share())));
}

void TestShell::firstStartTeaches()
{
    const auto shell = start("apiVersion: v1\nkind: Config\n");
    auto* state = shell->window().findChild<widgets::StateView*>(u"overviewState"_s);
    QVERIFY(state && state->isVisible());
    QCOMPARE(state->title(), u"No cluster is known yet"_s);
    QVERIFY2(state->text().contains(shell->dir.path()), qPrintable(state->text()));
}

void TestShell::firstWindowFitsTheScreen()
{
    const auto shell = start();
    const QSize room = shell->window().screen()->availableSize();
    const QSize least = shell->window().minimumSize();
    QCOMPARE(shell->window().size(), QSize(1440, 900).boundedTo(room).expandedTo(least));
}

void TestShell::keysReachEveryPanel()
{
    const auto shell = start(oneContext);
    MainWindow& window = shell->window();
    QCOMPARE(window.currentPanel(), u"overview"_s);
    QVERIFY2(!window.findChild<QWidget*>(u"settingsPanel"_s), "a panel was made before anybody opened it");
    QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(window.currentPanel(), u"cluster"_s);
    QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
    QCOMPARE(window.currentPanel(), u"settings"_s);
    QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(window.currentPanel(), u"overview"_s);
    QTest::keyClick(&window, Qt::Key_O, Qt::ControlModifier);
    auto* chooser = window.findChild<QDialog*>(u"placeChooser"_s);
    QTRY_VERIFY(chooser && chooser->isVisible());
    QVERIFY(chooser->findChild<QTreeWidget*>(u"placeList"_s)->topLevelItemCount() > 0);
    chooser->reject();
    window.showShortcuts();
    QVERIFY(window.findChild<QDialog*>(u"shortcutsDialog"_s)->isVisible());
    window.findChild<QDialog*>(u"shortcutsDialog"_s)->reject();
    QCOMPARE(window.findChild<QLabel*>(u"statusUser"_s)->text(), u"tester"_s);
}

void TestShell::divisionsSurvive()
{
    const auto shell = start(oneContext);
    Settings& settings = shell->composition->settings();
    settings.set(Settings::Key::ClusterDivisions, QVariantMap{{u"kinds"_s, 310}});
    shell->window().resize(1400, 800);
    shell->window().showPanel(u"cluster"_s);
    auto* splitter = shell->window().findChild<QSplitter*>(u"kindSplitter"_s);
    QTRY_COMPARE(splitter->sizes().first(), 310);
    splitter->setSizes({280, 1000});
    const int now = splitter->sizes().first();
    QVERIFY(now != 310);
    emit splitter->splitterMoved(now, 1);
    QCOMPARE(settings.get(Settings::Key::ClusterDivisions).toMap().value(u"kinds"_s).toInt(), now);
}

void TestShell::kubeconfigIsReadAnew()
{
    const auto shell = start(oneContext);
    QCOMPARE(shell->composition->clusters().contexts().size(), 1);
    const auto before = shell->window().currentSession();
    QByteArray two = oneContext;
    two.replace("contexts: [", "contexts: [{name: second, context: {cluster: c, user: tester}}, ");
    write(shell->dir.filePath(u"kubeconfig"_s), two);
    QTRY_COMPARE_WITH_TIMEOUT(shell->composition->clusters().contexts().size(), 2, 10'000);
    // What did not change keeps its connection.
    QCOMPARE(shell->window().currentSession(), before);
    two.replace("token: t", "token: other");
    write(shell->dir.filePath(u"kubeconfig"_s), two);
    QTRY_VERIFY_WITH_TIMEOUT(shell->window().currentSession() != before, 10'000);
}

void TestShell::brokenKubeconfigSaysWhere()
{
    const auto shell = start("apiVersion: v1\nclusters: [\n");
    auto* state = shell->window().findChild<widgets::StateView*>(u"overviewState"_s);
    QVERIFY(state && state->isVisible());
    QCOMPARE(state->title(), u"The kubeconfig could not be read"_s);
    QVERIFY2(state->text().contains(u"kubeconfig"), qPrintable(state->text()));
}

void TestShell::contextGoesFromUnderTheClusterPanel()
{
    const auto shell = start(oneContext);
    shell->window().showPanel(u"cluster"_s);
    auto* state = shell->window().findChild<widgets::StateView*>(u"clusterState"_s);
    QVERIFY(state && !state->isVisible());
    const QString file = shell->dir.filePath(u"kubeconfig"_s);
    QVERIFY(QFile::remove(file));
    QTRY_VERIFY(state->isVisible());
    QCOMPARE(state->title(), u"No cluster is known yet"_s);
    write(file, "apiVersion: v1\nclusters: [\n");
    QTRY_COMPARE(state->title(), u"The kubeconfig could not be read"_s);
    write(file, oneContext);
    QTRY_VERIFY(!state->isVisible());
}

void TestShell::changesTellWhyTheyCannotBeOpened()
{
    const auto shell = start(oneContext);
    MainWindow& window = shell->window();
    QVERIFY2(!shell->composition->changes().isOpen(), "a private store was opened before anybody asked for it");
    shell->composition->settings().set(Settings::Key::ChangeStore, u"postgresql://[nowhere"_s);
    window.showPanel(u"changes"_s);
    QVERIFY(!shell->composition->changes().isOpen());
    const auto states = window.findChildren<widgets::StateView*>();
    const auto failed = std::ranges::find_if(states, [](const auto* state) {
        return state->isVisible() && state->title() == u"The store of changes cannot be opened";
    });
    QVERIFY(failed != states.end());
    QVERIFY(!(*failed)->text().isEmpty());
    emit(*failed)->actionTriggered();
    QCOMPARE(window.currentPanel(), u"settings"_s);
    // A store that can be understood and does not answer: the panel is there, and says so.
    shell->composition->settings().set(Settings::Key::ChangeStore, u"postgresql://tester@127.0.0.1:1/none"_s);
    window.showPanel(u"changes"_s);
    QVERIFY(window.changesPanel());
    QVERIFY(shell->composition->changes().isOpen());
    // A password never goes into the settings.
    auto* store = window.findChild<QLineEdit*>(u"settingStore"_s);
    store->setText(u"postgresql://tester:hush@127.0.0.1:1/other"_s);
    emit store->editingFinished();
    const QString kept = shell->composition->settings().get(Settings::Key::ChangeStore).toString();
    QVERIFY2(kept.contains(u"other"_s) && !kept.contains(u"hush"_s), qPrintable(kept));
}

void TestShell::waitingChangesAreCounted()
{
    const auto shell = start(oneContext);
    auto* button = shell->window().findChild<QPushButton*>(u"statusWaiting"_s);
    QVERIFY(button->isHidden());
    StatusLine* line = shell->window().statusLine();
    line->setWaiting(2, false, u"Request 12 waits for your approval."_s);
    QVERIFY(button->isVisible());
    QCOMPARE(button->text().trimmed(), u"2 changes wait for you"_s);
    line->setWaiting(1, true, {});
    QVERIFY2(button->text().contains(u"as of a while ago"_s), qPrintable(button->text()));
    line->setWaiting(0, false, {});
    QVERIFY(button->isHidden());
}

void TestShell::notesLeadToThePanel()
{
    const auto shell = start(oneContext);
    MainWindow& window = shell->window();
    shell->composition->settings().set(Settings::Key::ChangeStore, u"postgresql://tester@127.0.0.1:1/none"_s);
    auto* button = window.findChild<QPushButton*>(u"statusUnapproved"_s);
    QVERIFY(button->isHidden());
    window.statusLine()->setUnapproved(2, u"kubectl-edit changed deployment api."_s);
    QVERIFY(button->isVisible());
    QCOMPARE(button->text().trimmed(), u"2 unapproved changes"_s);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(window.currentPanel(), u"changes"_s);
    QCOMPARE(window.changesPanel()->currentPart(), u"unapproved"_s);
    // A note on the desktop, of a change that somebody has accounted for meanwhile: the list all the same.
    window.showPanel(u"overview"_s);
    emit shell->notifier->activated(u"unapproved:gone"_s);
    QCOMPARE(window.currentPanel(), u"changes"_s);
    window.showPanel(u"overview"_s);
    emit shell->notifier->activated(u"waiting"_s);
    QCOMPARE(window.changesPanel()->currentPart(), u"waiting"_s);
    // Where there is no service for them the diagnostic log says why, once.
    QTest::ignoreMessage(QtInfoMsg, "Nothing was shown on the desktop: no notification service answers");
    emit shell->notifier->failed(u"waiting"_s, u"no notification service answers"_s);
    emit shell->notifier->failed(u"waiting"_s, u"no notification service answers"_s);
    QCOMPARE(shell->notifier->shown.size(), 0); // nothing is known before the store has answered
}

void TestShell::tilesLeadToTheirPages()
{
    const auto shell = start(oneContext);
    const QList<Place> places = shell->composition->platforms().places();
    const auto place = std::ranges::find_if(places, [](const Place& one) { return one.platform != nullptr; });
    QVERIFY(place != places.end());
    const QString dashboard = place->platform->dashboards.front().name;
    for (const QString& page : {u"alerts"_s, u"objectives"_s, u"health"_s, dashboard}) {
        shell->window().showPanel(u"overview"_s);
        emit shell->window().overviewPanel()->pageRequested(place->id, page);
        QCOMPARE(shell->window().currentPanel(), u"monitoring"_s);
        QCOMPARE(shell->window().currentPlace(), place->id);
        QCOMPARE(shell->window().monitoringPanel()->page(), page);
    }
    // Filtered to what the tile has counted.
    widgets::MonitoringPanel* const monitoring = shell->window().monitoringPanel();
    emit shell->window().overviewPanel()->pageRequested(place->id, u"alerts"_s, u"severity=critical state:firing"_s);
    const auto* alerts = qobject_cast<widgets::AlertsPage*>(monitoring->pageOf(u"alerts"_s));
    QVERIFY(alerts);
    QCOMPARE(alerts->table(widgets::AlertsPage::List::Alerts)->filterText(), u"severity=critical state:firing"_s);
    emit shell->window().overviewPanel()->pageRequested(place->id, u"health"_s, u"is:trouble"_s);
    const auto* health = qobject_cast<widgets::HealthPage*>(monitoring->pageOf(u"health"_s));
    QVERIFY(health);
    QCOMPARE(health->table()->filterText(), u"is:trouble"_s);
    emit shell->window().overviewPanel()->changesRequested();
    QCOMPARE(shell->window().currentPanel(), u"changes"_s);
}

/// Chosen on one panel, it is that of the others, and of the next start.
void TestShell::oneTimeRangeForAllPanels()
{
    const QTemporaryDir kept;
    auto shell = start(oneContext, kept.path());
    const auto barOf = [&](const QString& panel) {
        shell->window().showPanel(panel);
        QWidget* shown = panel == u"overview" ? static_cast<QWidget*>(shell->window().overviewPanel())
                                              : shell->window().monitoringPanel();
        return shown->findChild<widgets::TimeRangeBar*>();
    };
    QVERIFY(barOf(u"overview"_s) && barOf(u"monitoring"_s));
    QCOMPARE(barOf(u"overview"_s)->words(), u"Last hour"_s);
    barOf(u"overview"_s)->findChild<QAbstractButton*>(u"rangeWider"_s)->click();
    QCOMPARE(barOf(u"monitoring"_s)->words(), u"Last 2 hours"_s);
    QCOMPARE(shell->window().timeRange()->range(), series::TimeRange::last(7'200'000));
    shell->window().timeRange()->pan(-1);
    const series::TimeRange past = shell->window().timeRange()->range();
    QVERIFY(!past.follows());
    barOf(u"monitoring"_s)->findChild<QAbstractButton*>(u"rangeBack"_s)->click();
    QCOMPARE(barOf(u"overview"_s)->words(), u"Last 2 hours"_s);
    shell->window().timeRange()->forward();
    QCOMPARE(series::TimeRange::parse(shell->composition->settings().get(Settings::Key::TimeRange).toString()), past);

    shell.reset();
    shell = start(oneContext, kept.path());
    QCOMPARE(shell->window().timeRange()->range(), past);
}

void TestShell::marksLeadToTheirPanels()
{
    const auto shell = start(oneContext);
    const QList<Place> places = shell->composition->platforms().places();
    const auto place = std::ranges::find_if(places, [](const Place& one) { return one.platform != nullptr; });
    QVERIFY(place != places.end());
    using Kind = series::Mark::Kind;
    const auto lead = [&](Kind kind, const QString& target) {
        series::Mark mark;
        mark.kind = kind;
        mark.target = target;
        shell->window().showPanel(u"overview"_s);
        shell->window().openMark(place->id, mark);
        return shell->window().currentPanel();
    };
    QCOMPARE(lead(Kind::Rollout, u"deployments.apps/shop/api"_s), u"cluster"_s);
    QCOMPARE(shell->window().currentPlace(), place->id);
    QCOMPARE(lead(Kind::Change, u"7"_s), u"changes"_s);
    QCOMPARE(lead(Kind::Alert, u"name:DiskFull"_s), u"monitoring"_s);
    QCOMPARE(shell->window().monitoringPanel()->page(), u"alerts"_s);
    QCOMPARE(lead(Kind::Alert, u"fingerprint:abc"_s), u"monitoring"_s);
}

/// The page of credentials lists what the configuration asks for; a password typed in the settings is known there, and
/// in no file.
void TestShell::secretsAreListedForWhatAsks()
{
    const auto shell = start(oneContext);
    secrets::Credentials& credentials = shell->composition->credentials();
    shell->composition->settings().set(Settings::Key::ChangeStore, u"postgresql://anna@127.0.0.1:1/watchkeeper"_s);
    QTest::keyClick(&shell->window(), Qt::Key_5, Qt::ControlModifier);
    QCOMPARE(shell->window().currentPanel(), u"credentials"_s);
    QVERIFY(shell->window().findChild<widgets::CredentialsPanel*>(u"credentialsPanel"_s)->isVisible());
    const auto place = [&] {
        for (const secrets::Credential& one : credentials.all())
            for (const secrets::SecretUse& each : one.uses)
                if (each.server == u"store")
                    return one.place;
        return secrets::Credential::Place::NotAsked;
    };
    QTRY_COMPARE_WITH_TIMEOUT(place(), secrets::Credential::Place::Missing, 20'000);
    shell->window().showPanel(u"settings"_s);
    auto* password = shell->window().findChild<QLineEdit*>(u"settingStorePassword"_s);
    QTest::keyClicks(password, u"hunter2"_s);
    QTest::keyClick(password, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(place(), secrets::Credential::Place::Keychain, 20'000);
    QVERIFY(password->text().isEmpty());
    QDirIterator files(shell->dir.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    QVERIFY(files.hasNext());
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains("hunter2"), qPrintable(file.fileName()));
    }
}

void TestShell::everyFocusableWidgetHasAName()
{
    const auto shell = start(oneContext);
    QStringList nameless;
    for (const QString& panel : {u"overview"_s, u"cluster"_s, u"monitoring"_s, u"credentials"_s, u"settings"_s}) {
        shell->window().showPanel(panel);
        const auto widgets = shell->window().findChildren<QWidget*>();
        QVERIFY(widgets.size() > 20);
        for (QWidget* widget : widgets) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
                continue;
            QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
            // The line edit inside an editable box and the like speak with their owner's name.
            const bool inner = widget->parentWidget() && qobject_cast<QComboBox*>(widget->parentWidget());
            if (!inner && (!spoken || spoken->text(QAccessible::Name).isEmpty()))
                nameless.append(panel + u": "_s + QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                                widget->objectName());
        }
    }
    nameless.removeDuplicates();
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
}

int main(int argc, char** argv)
{
    MeasuredApplication application(argc, argv);
    TestShell test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_shell.moc"
