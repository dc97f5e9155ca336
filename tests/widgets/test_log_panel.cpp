// SPDX-License-Identifier: GPL-3.0-or-later
#include "SessionBench.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/logs/LogPanel.h"
#include "widgets/logs/LogView.h"
#include "widgets/logs/LogWords.h"

#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QToolButton>

using namespace wk;
using namespace wk::logs;
using namespace wk::test;
using widgets::LogPanel;
using widgets::LogView;
using widgets::StateView;
using widgets::Theme;

namespace {

/// Answers with a name, at once.
class NamedFile final : public widgets::FileDialogs
{
public:
    void saveFile(QWidget*, const QString&, const QString& suggestedName, const QString&,
                  std::function<void(const QString&)> done) override
    {
        suggested = suggestedName;
        done(path);
    }
    void openFile(QWidget*, const QString&, const QString&, std::function<void(const QString&)> done) override
    {
        done({});
    }
    QString path;
    QString suggested;
};

} // namespace

/// The log as a person has it before them, by keyboard.
class TestLogPanel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void statesAreDrawn();
    void theEndIsFollowedUntilOneLooksUp();
    void whatIsLookedAtStays();
    void theKeyboardDoesEverything();
    void whatIsSoughtIsFound();
    void linesAreSaved();
    void textIsMadePaintable();
    void longLinesGoOnBelow();
    void fieldsBecomeColumns();
    void aMillionLinesArePaintedAtOnce();

private:
    /// A panel with a session of one pod; its log.
    ScriptedTransport::CallPtr begin(SessionBench& bench, LogPanel& panel);
    void picture(QWidget& widget, const char* name);

    Theme m_theme;
    NamedFile m_files;
};

ScriptedTransport::CallPtr TestLogPanel::begin(SessionBench& bench, LogPanel& panel)
{
    panel.resize(1000, 600);
    panel.show();
    const auto logs = bench.begin({"api-1", "api-2"});
    panel.setSession(std::move(bench.session));
    panel.view()->setFocus();
    return logs.value(0);
}

/// For a person to look at; nothing is compared.
void TestLogPanel::picture(QWidget& widget, const char* name)
{
    const QString folder = qEnvironmentVariable("WATCHKEEPER_PICTURES");
    if (folder.isEmpty())
        return;
    for (const auto scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
        m_theme.setScheme(scheme);
        QCoreApplication::processEvents();
        const QString shade = scheme == Theme::Scheme::Dark ? u"dark"_s : u"light"_s;
        QVERIFY(widget.grab().save(u"%1/logs-%2-%3.png"_s.arg(folder, QString::fromUtf8(name), shade)));
    }
}

void TestLogPanel::statesAreDrawn()
{
    SessionBench bench;
    LogPanel panel(m_files);
    panel.resize(1000, 600);
    panel.show();
    auto* state = panel.findChild<StateView*>(u"logState"_s);
    QCOMPARE(state->state(), StateView::State::Loading);
    panel.showFailed({Error::Kind::Unsupported, u"ConfigMap x chooses no pods, so it has no logs."_s, {}, {}});
    QCOMPARE(state->state(), StateView::State::Failed);
    QVERIFY(state->text().contains(u"chooses no pods"));
    picture(panel, "failed");
    const auto log = begin(bench, panel);
    QVERIFY(log);
    QTRY_COMPARE(state->state(), StateView::State::Empty);
    QVERIFY(state->isVisible());
    picture(panel, "empty");
    log->data(at(1'000, "hello"));
    QTRY_VERIFY(panel.view()->isVisible());
    panel.setFilterText(u"nobody"_s, false);
    QTRY_COMPARE(state->state(), StateView::State::FilteredEmpty);
    QVERIFY(state->isVisible());
    emit state->actionTriggered();
    QTRY_VERIFY(panel.view()->isVisible());
    QCOMPARE(panel.session()->size(), 1);
    SessionBench refused;
    refused.server.take()->refuse(403, "Forbidden", "pods is forbidden");
    panel.setSession(std::move(refused.session));
    QTRY_COMPARE(state->state(), StateView::State::Failed);
    panel.setSession(nullptr);
}

void TestLogPanel::theEndIsFollowedUntilOneLooksUp()
{
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    LogView& view = *panel.view();
    for (int i = 0; i < 500; ++i)
        log->data(at(i, "line " + QByteArray::number(i)));
    QTRY_COMPARE(panel.session()->size(), 500);
    QTRY_COMPARE(view.top() + view.rows(), 500);
    QVERIFY(view.isFollowing());
    log->data(at(600, "newest"));
    QTRY_COMPARE(view.top() + view.rows(), 501);
    view.verticalScrollBar()->setValue(100);
    QVERIFY(!view.isFollowing());
    log->data(at(700, "later"));
    QTRY_COMPARE(panel.session()->size(), 502);
    QCOMPARE(view.top(), 100);
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    QVERIFY(view.isFollowing());
}

void TestLogPanel::whatIsLookedAtStays()
{
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    LogView& view = *panel.view();
    for (int i = 0; i < 300; ++i)
        log->data(at(10'000 + i, "line " + QByteArray::number(i)));
    QTRY_COMPARE(panel.session()->size(), 300);
    view.verticalScrollBar()->setValue(150);
    view.setCurrent(155);
    // Another pod's lines are older, and came later: they stand above.
    auto other = bench.openLog("api-2", {});
    for (const auto& call : bench.server.calls)
        if (call->path().endsWith("api-2/log") && call->alive)
            other = call;
    QVERIFY(other);
    for (int i = 0; i < 50; ++i)
        other->data(at(5'000 + i, "older"));
    QTRY_COMPARE(panel.session()->size(), 350);
    QTRY_COMPARE(view.top(), 200);
    QCOMPARE(view.current(), 205);
    QCOMPARE(panel.session()->lineAt(view.current())->text, "line 155");
}

void TestLogPanel::theKeyboardDoesEverything()
{
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    LogView& view = *panel.view();
    for (int i = 0; i < 200; ++i)
        log->data(at(i * 10, i % 50 == 20 ? R"({"level":"error","msg":"write failed","http":{"status":503}})"
                             : i % 9 == 0 ? "WARN slow query took 900 ms"
                                          : "INFO request served"));
    QTRY_COMPARE(panel.session()->size(), 200);
    const auto key = [&](Qt::Key k, Qt::KeyboardModifiers m = Qt::NoModifier) { QTest::keyClick(&view, k, m); };
    key(Qt::Key_Home);
    QCOMPARE(view.current(), 0);
    QVERIFY(!view.isFollowing());
    key(Qt::Key_E);
    QCOMPARE(view.current(), 20);
    key(Qt::Key_E);
    QCOMPARE(view.current(), 70);
    key(Qt::Key_E, Qt::ShiftModifier);
    QCOMPARE(view.current(), 20);
    key(Qt::Key_M);
    QVERIFY(panel.session()->isMarked(panel.session()->placeAt(20)));
    key(Qt::Key_Down);
    key(Qt::Key_Down, Qt::ShiftModifier);
    key(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), u"INFO request served\nINFO request served\n"_s);
    key(Qt::Key_N, Qt::ShiftModifier);
    QCOMPARE(view.current(), 20);
    key(Qt::Key_Return);
    auto* detail = panel.findChild<QPlainTextEdit*>(u"logDetail"_s);
    QVERIFY(detail->isVisible());
    QVERIFY2(detail->toPlainText().contains(u"http.status  503"), qPrintable(detail->toPlainText()));
    picture(panel, "line");
    key(Qt::Key_Return);
    QVERIFY(!detail->isVisible());
    key(Qt::Key_T);
    QVERIFY(!view.showsTimes());
    key(Qt::Key_S);
    QVERIFY(!view.showsSources());
    key(Qt::Key_End);
    QVERIFY(view.isFollowing());
    key(Qt::Key_F);
    QVERIFY(!view.isFollowing());
    QVERIFY(!view.accessibleDescription().isEmpty());
}

void TestLogPanel::whatIsSoughtIsFound()
{
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    for (int i = 0; i < 300; ++i)
        log->data(at(i, (i % 10 == 0 ? "timeout of " : "served ") + QByteArray::number(i)));
    QTRY_COMPARE(panel.session()->size(), 300);
    auto* filter = panel.findChild<QLineEdit*>(u"logFilter"_s);
    filter->setText(u"timeout"_s);
    QTRY_COMPARE(panel.session()->size(), 30);
    QTRY_VERIFY(panel.findChild<QLabel*>(u"logStanding"_s)->text().contains(u"30 shown"));
    picture(panel, "found");
    auto* mistake = panel.findChild<QLabel*>(u"logMistake"_s);
    panel.setFilterText(u"timeout of (1"_s, true);
    QVERIFY(mistake->isVisible());
    QCOMPARE(panel.session()->size(), 30); // what was found before stands
    panel.setFilterText(u"of 1\\d+$"_s, true);
    QVERIFY(!mistake->isVisible());
    QTRY_COMPARE(panel.session()->size(), 11);
}

void TestLogPanel::linesAreSaved()
{
    SessionBench bench;
    LogPanel panel(m_files);
    m_files.path = bench.dir.filePath(u"saved.log"_s);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    log->data(at(1'000, "one") + at(2'000, "two"));
    QTRY_COMPARE(panel.session()->size(), 2);
    panel.view()->setShowTimes(false);
    panel.view()->setShowSources(false);
    for (QAction* action : panel.actions())
        if (action->shortcut() == QKeySequence(u"Ctrl+S"_s))
            action->trigger();
    QTRY_VERIFY(panel.findChild<QLabel*>(u"logStanding"_s)->text().contains(u"saved"));
    QFile file(m_files.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "one\ntwo\n");
    QCOMPARE(m_files.suggested, u"deployment-api.log"_s);
}

void TestLogPanel::textIsMadePaintable()
{
    QCOMPARE(widgets::paintable("\x1b[31mred\x1b[0m\ttab\r"), u"red tab "_s);
    QCOMPARE(widgets::paintable(QByteArray("a\0b", 3)), u"a\ufffdb"_s);
    QCOMPARE(widgets::paintable("\xff"), u"\ufffd"_s);
}

void TestLogPanel::longLinesGoOnBelow()
{
    const auto parts = [](QStringView text, int cells) {
        QStringList out;
        for (const QStringView part : widgets::wrapped(text, cells))
            out.append(part.toString());
        return out;
    };
    QCOMPARE(parts(u"abcdefg", 3), (QStringList{u"abc"_s, u"def"_s, u"g"_s}));
    QCOMPARE(parts(u"", 3), QStringList{u""_s});
    QCOMPARE(parts(u"a\u6f22\u5b57b", 3), (QStringList{u"a\u6f22"_s, u"\u5b57b"_s}));
    QCOMPARE(parts(u"\U0001F600\U0001F600", 1), (QStringList{u"\U0001F600"_s, u"\U0001F600"_s}));
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    for (int i = 0; i < 100; ++i)
        log->data(at(i * 10, "INFO " + QByteArray(i % 2 == 0 ? 700 : 20, 'x') + " end of " + QByteArray::number(i)));
    QTRY_COMPARE(panel.session()->size(), 100);
    LogView& view = *panel.view();
    const qsizetype unwrapped = view.rows();
    QTest::keyClick(&view, Qt::Key_W);
    QVERIFY(view.isWrapping());
    QVERIFY2(view.rows() < unwrapped, qPrintable(QString::number(view.rows())));
    QVERIFY(view.isFollowing());
    QCOMPARE(view.top() + view.rows(), 100); // the end stays in sight
    picture(panel, "wrapped");
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.top(), 0);
    for (int i = 1; i < 40; ++i) {
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.current(), i);
        QVERIFY(view.top() <= i && i < view.top() + view.rows()); // what is current is seen in full
    }
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(view.top() + view.rows(), 100);
    QTest::keyClick(&view, Qt::Key_W);
    QCOMPARE(view.rows(), unwrapped);
    QCOMPARE(view.top() + view.rows(), 100);
}

void TestLogPanel::fieldsBecomeColumns()
{
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    for (int i = 0; i < 60; ++i)
        log->data(at(i * 10, R"({"level":"info","msg":"served","http":{"status":)" + QByteArray::number(200 + i) +
                                 R"(},"path":"/v1/orders"})"));
    log->data(at(700, "level=warn msg=\"slow query\" ms=900"));
    QTRY_COMPARE(panel.session()->size(), 61);
    LogView& view = *panel.view();
    const auto around = view.fieldsAround();
    QVERIFY(around.contains({u"http.status"_s, 60}));
    QVERIFY(around.contains({u"msg"_s, 61}));
    auto* menu = panel.findChild<QToolButton*>(u"logFields"_s)->menu();
    const auto choose = [&](const QString& name) {
        QTest::keyClick(&view, Qt::Key_C);
        QTRY_VERIFY(menu->isVisible());
        auto* action = menu->findChild<QAction*>(u"field-"_s + name);
        QVERIFY(action);
        action->trigger();
        menu->close();
    };
    const qsizetype before = view.rows();
    choose(u"http.status"_s);
    choose(u"msg"_s);
    QCOMPARE(view.fields(), (QStringList{u"http.status"_s, u"msg"_s}));
    QCOMPARE(view.rows(), before - 1); // a line names the columns
    auto* header = panel.findChild<QWidget*>(u"logHeader"_s);
    QVERIFY(header->isVisible());
    QCOMPARE(header->accessibleName(), u"Columns: http.status, msg"_s);
    picture(panel, "fields");
    choose(u"http.status"_s);
    QCOMPARE(view.fields(), QStringList{u"msg"_s});
    choose(u"msg"_s);
    QVERIFY(!header->isVisible());
    QCOMPARE(view.rows(), before);
}

void TestLogPanel::aMillionLinesArePaintedAtOnce()
{
    SessionBench bench;
    LogPanel panel(m_files);
    const auto log = begin(bench, panel);
    QVERIFY(log);
    LogBatch batch;
    for (int i = 0; i < 1'000'000; ++i)
        batch.add(qint64(i) * 1000, "INFO line " + QByteArray::number(i));
    panel.session()->store()->append(batch);
    log->data(at(1'000, "and one that is told of"));
    QTRY_COMPARE_WITH_TIMEOUT(panel.session()->size(), 1'000'001, 60'000);
    LogView& view = *panel.view();
    for (const int position : {0, 123'456, 500'000, 999'000}) {
        view.verticalScrollBar()->setValue(position);
        QCOMPARE(view.top(), position);
        QVERIFY(!view.grab().isNull());
        QCOMPARE(panel.session()->lineAt(position)->text, "INFO line " + QByteArray::number(position));
    }
}

QTEST_MAIN(TestLogPanel)
#include "test_log_panel.moc"
