// SPDX-License-Identifier: GPL-3.0-or-later
#include "../widgets/changes/ChangeStories.h"
#include "watchkeeper/shell/CloseGuard.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>

using namespace wk;
using namespace wk::test;
using namespace Qt::StringLiterals;
using Phase = changes::Executor::Phase;

namespace {

/// A window that closes as the guard lets it.
class Window final : public QWidget
{
public:
    app::CloseGuard* guard = nullptr;
    void closeEvent(QCloseEvent* event) override { event->setAccepted(guard->mayClose()); }
};

} // namespace

class TestCloseGuard : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_clock = std::make_shared<ManualClock>(stories::nightMs);
        m_desk = std::make_unique<MemoryDesk>(*m_clock);
        m_means = std::make_unique<StoryMeans>(*m_desk, *m_clock);
        stories::nightShift(*m_desk, *m_clock);
        m_window = std::make_unique<Window>();
        m_window->guard = new app::CloseGuard(
            [this] {
                auto* executor = m_means->executor(5);
                return executor ? QList{executor} : QList<changes::Executor*>();
            },
            *m_window);
        m_window->show();
    }
    void cleanup()
    {
        m_window.reset();
        m_means.reset();
        m_desk.reset();
    }

    void nothingUnderWayNothingAsked()
    {
        QVERIFY(m_window->close());
        QVERIFY(!question());
    }

    void saysWhatIsUnderWayAndKeepsItOpen()
    {
        standStill();
        QVERIFY(!m_window->close());
        QVERIFY(question());
        QVERIFY2(question()->informativeText().contains(u"Change 5: 0 of 1 steps are done. Step 1 failed"_s),
                 qPrintable(question()->informativeText()));
        QVERIFY(question()->informativeText().contains(u"has to take the change over"_s));
        QCOMPARE(question()->defaultButton()->objectName(), u"closeKeep"_s);
        QVERIFY(!m_window->close()); // asked once
        QCOMPARE(m_window->findChildren<QMessageBox*>().size(), 1);
        press(u"closeKeep"_s);
        QTRY_VERIFY(!question());
        QVERIFY(m_window->isVisible());
    }

    void closesAtOnceWhereThatIsTheAnswer()
    {
        standStill();
        QVERIFY(!m_window->close());
        press(u"closeNow"_s);
        QTRY_VERIFY(!m_window->isVisible());
    }

    /// A step is being sent: the window stays until it has ended.
    void waitsForTheStep()
    {
        m_means->runner.holds = [](Point point, const QString&) { return point == Point::Sent; };
        run();
        QTRY_COMPARE(m_means->executor(5)->phase(), Phase::Working);
        QTRY_COMPARE(m_means->world.history(u"edge-cache"_s), QList<int>{9});
        QVERIFY(!m_window->close());
        press(u"closeAfterStep"_s);
        QVERIFY(m_means->executor(5)->stopsAfterThisStep());
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();
        QVERIFY(m_window->isVisible());
        m_means->runner.release();
        QTRY_VERIFY(!m_window->isVisible());
        QCOMPARE(m_means->runner.abandoned, 0);
        QCOMPARE(m_means->world.history(u"edge-cache"_s), QList<int>{9}); // nothing was sent twice
    }

    void afterTheEndNothingIsAsked()
    {
        run();
        QTRY_COMPARE(m_means->executor(5)->phase(), Phase::Ended);
        QVERIFY(m_window->close());
    }

private:
    [[nodiscard]] QMessageBox* question() const { return m_window->findChild<QMessageBox*>(u"closeQuestion"_s); }
    void press(const QString& name)
    {
        auto* button = question() ? question()->findChild<QPushButton*>(name) : nullptr;
        QVERIFY(button);
        button->click();
    }
    void run()
    {
        m_desk->at(5).summary.notBefore = QDateTime::fromMSecsSinceEpoch(m_clock->nowMs() - 1, Qt::UTC);
        m_desk->touch(5);
        const auto begun = m_means->run(m_desk->at(5));
        QVERIFY2(begun, begun ? "" : qPrintable(begun.error().text()));
    }
    void standStill()
    {
        m_means->runner.fails = [](const QString&) {
            return Error{Error::Kind::Conflict, u"Somebody else changed it meanwhile."_s, {}, {}};
        };
        run();
        QTRY_COMPARE(m_means->executor(5)->phase(), Phase::Deciding);
    }

    std::shared_ptr<ManualClock> m_clock;
    std::unique_ptr<MemoryDesk> m_desk;
    std::unique_ptr<StoryMeans> m_means;
    std::unique_ptr<Window> m_window;
};

QTEST_MAIN(TestCloseGuard)
#include "test_close_guard.moc"
