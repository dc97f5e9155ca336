// SPDX-License-Identifier: GPL-3.0-or-later
#include "SessionBench.h"
#include "widgets/common/StaleBanner.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/logs/LogPanel.h"
#include "widgets/logs/LogView.h"
#include "widgets/logs/LogsPanel.h"

#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QTabWidget>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::logs;
using namespace wk::test;
using widgets::LogAsk;
using widgets::LogPage;
using widgets::LogsPanel;
using widgets::StateView;

namespace {

class NoFiles final : public widgets::FileDialogs
{
public:
    void saveFile(QWidget*, const QString&, const QString&, const QString&,
                  std::function<void(const QString&)> done) override
    {
        done({});
    }
    void openFile(QWidget*, const QString&, const QString&, std::function<void(const QString&)> done) override
    {
        done({});
    }
};

/// A server without a session of its own.
struct Bench : SessionBench
{
    Bench()
    {
        session.reset();
        QCoreApplication::processEvents();
    }
    LogAsk ask(const QString& name, bool previous = false)
    {
        LogAsk out;
        out.id = name;
        out.title = name;
        out.where = u"deployment in shop"_s;
        out.previous = previous;
        out.find = [this] {
            ++found;
            return QtFuture::makeReadyFuture(
                mistake ? Result<LogTarget>(fail(*mistake))
                        : Result<LogTarget>(LogTarget{u"shop"_s, "app=api", {}, u"deployment api"_s}));
        };
        out.host = [this] { return Result<LogSession::Host>(host()); };
        out.options.directory = dir.path();
        return out;
    }
    /// What the feed of a page asks for is there.
    bool isAsked()
    {
        QTest::qWait(0);
        return !server.calls.empty() && server.calls.back()->alive;
    }
    int found = 0;
    std::optional<Error> mistake;
};

} // namespace

/// Logs that are open: one beside the other, which part of each, and what is said while one does not come.
class TestLogsPanel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void nothingIsOpen();
    void aPartIsChosen();
    void theRunBefore();
    void troubleIsSaid();
    void whatCannotBeFound();
    void tabsAndWindows();

private:
    widgets::Theme m_theme;
    NoFiles m_files;
    std::shared_ptr<ManualClock> m_clock = std::make_shared<ManualClock>();
};

void TestLogsPanel::nothingIsOpen()
{
    LogsPanel panel(m_clock, m_files);
    panel.resize(900, 500);
    panel.show();
    auto* state = panel.findChild<StateView*>(u"logsState"_s);
    QVERIFY(state->isVisible());
    QSignalSpy chosen(&panel, &LogsPanel::chooseRequested);
    emit state->actionTriggered();
    QCOMPARE(chosen.size(), 1);
    QVERIFY(!panel.current());
}

void TestLogsPanel::aPartIsChosen()
{
    Bench bench;
    LogPage page(bench.ask(u"api"_s), m_clock, m_files);
    page.resize(1000, 600);
    page.show();
    page.begin();
    QTRY_VERIFY(bench.isAsked());
    auto log = bench.begin({"api-1"}).value(0);
    QVERIFY(log);
    QCOMPARE(log->query("tailLines"), u"1000"_s);
    log->data(at(1'000, "one"));
    QTRY_COMPARE(page.panel()->session()->size(), 1);
    QCOMPARE(page.freshness().state, table::Freshness::State::Live);
    auto* containers = page.findChild<QComboBox*>(u"logContainer"_s);
    QTRY_COMPARE(containers->count(), 2);
    QCOMPARE(containers->itemText(1), u"app"_s);
    // Another beginning is another reading.
    auto* since = page.findChild<QComboBox*>(u"logSince"_s);
    since->setCurrentIndex(since->findText(u"Last 5 minutes"_s));
    emit since->activated(since->currentIndex());
    QTRY_VERIFY(bench.isAsked());
    log = bench.begin({"api-1"}).value(0);
    QVERIFY(log);
    QVERIFY(!log->has("tailLines"));
    QCOMPARE(log->query("sinceTime"),
             QDateTime::fromMSecsSinceEpoch(m_clock->nowMs() - 300'000, Qt::UTC).toString(Qt::ISODate));
    QCOMPARE(page.panel()->session()->size(), 0);
    containers->setCurrentIndex(1);
    emit containers->activated(1);
    QCOMPARE(page.wish().container, u"app"_s);
    QCOMPARE(bench.found, 3);
}

void TestLogsPanel::theRunBefore()
{
    Bench bench;
    LogPage page(bench.ask(u"api"_s), m_clock, m_files);
    page.resize(1000, 600);
    page.show();
    page.begin();
    QTRY_VERIFY(bench.isAsked());
    QVERIFY(bench.begin({"api-1"}).value(0));
    page.panel()->view()->setFocus();
    QTest::keyClick(page.panel()->view(), Qt::Key_P);
    QVERIFY(page.findChild<QToolButton*>(u"logPrevious"_s)->isChecked());
    QVERIFY(page.wish().previous && !page.wish().follow);
    QTRY_VERIFY(bench.isAsked());
    const auto log = bench.begin({"api-1"}, {"run-2", "run-1", true, 1}).value(0);
    QVERIFY(log);
    QCOMPARE(log->query("previous"), u"true"_s);
    QSignalSpy leaves(&page, &LogPage::leaveRequested);
    QTest::keyClick(page.panel()->view(), Qt::Key_Escape);
    QCOMPARE(leaves.size(), 1);
}

void TestLogsPanel::troubleIsSaid()
{
    Bench bench;
    LogPage page(bench.ask(u"api"_s), m_clock, m_files);
    page.resize(1000, 600);
    page.show();
    page.begin();
    QTRY_VERIFY(bench.isAsked());
    const auto log = bench.begin({"api-1"}).value(0);
    QVERIFY(log);
    log->data(at(1'000, "one"));
    QTRY_COMPARE(page.panel()->session()->size(), 1);
    log->end();
    QCoreApplication::processEvents();
    bench.server.takePath(podPath("api-1"))->refuse(403, "Forbidden", "pods is forbidden");
    QTRY_COMPARE(page.freshness().state, table::Freshness::State::Reconnecting);
    auto* banner = page.findChild<widgets::StaleBanner*>();
    QVERIFY(!banner->isVisible());
    m_clock->advance(LogPage::staleAfterMs);
    QCOMPARE(page.freshness().state, table::Freshness::State::Stale);
    QVERIFY(banner->isVisible());
    QVERIFY2(banner->text().contains(u"Stale since"), qPrintable(banner->text()));
    QVERIFY2(page.freshness().error && !page.freshness().error->sentence.isEmpty(), qPrintable(banner->text()));
    // Read anew, by key.
    QTest::keyClick(page.panel()->view(), Qt::Key_R);
    QVERIFY(!banner->isVisible());
    QCOMPARE(bench.found, 2);
}

void TestLogsPanel::whatCannotBeFound()
{
    Bench bench;
    bench.mistake = Error{Error::Kind::Unsupported, u"Service x chooses no pods, so it has no logs."_s, {}, {}};
    LogPage page(bench.ask(u"x"_s), m_clock, m_files);
    page.resize(1000, 600);
    page.show();
    page.begin();
    auto* state = page.findChild<StateView*>(u"logState"_s);
    QTRY_COMPARE(state->state(), StateView::State::Failed);
    QVERIFY(state->text().contains(u"chooses no pods"));
    bench.mistake.reset();
    emit state->actionTriggered();
    QTRY_VERIFY(page.panel()->session());
}

void TestLogsPanel::tabsAndWindows()
{
    Bench first, second;
    LogsPanel panel(m_clock, m_files);
    panel.resize(1000, 600);
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    LogPage* a = panel.open(first.ask(u"a"_s));
    LogPage* b = panel.open(second.ask(u"b"_s));
    QCOMPARE(panel.current(), b);
    QCOMPARE(panel.open(first.ask(u"a"_s)), a); // it is open
    QCOMPARE(panel.pages().size(), 2);
    QVERIFY(!a->wish().previous);
    QCOMPARE(panel.open(first.ask(u"a"_s, true)), a);
    QVERIFY(a->wish().previous);
    a->panel()->view()->setFocus();
    QTest::keyClick(a->panel()->view(), Qt::Key_PageDown, Qt::ControlModifier);
    QCOMPARE(panel.current(), b);
    QTest::keyClick(b->panel()->view(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(panel.current(), a);
    QCOMPARE(panel.pages().size(), 2);
    auto* window = panel.findChild<QWidget*>(u"logWindow"_s);
    QVERIFY(window && window->isWindow() && window->isVisible() && window->isAncestorOf(b));
    QCOMPARE(panel.open(second.ask(u"b"_s)), b);
    panel.close(b);
    QTRY_COMPARE(panel.pages().size(), 1);
    panel.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    a->panel()->view()->setFocus();
    QTest::keyClick(a->panel()->view(), Qt::Key_W, Qt::ControlModifier);
    QVERIFY(panel.pages().isEmpty());
    QVERIFY(panel.findChild<StateView*>(u"logsState"_s)->isVisible());
}

QTEST_MAIN(TestLogsPanel)
#include "test_logs_panel.moc"
