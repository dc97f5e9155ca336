// SPDX-License-Identifier: GPL-3.0-or-later
#include "Platforms.h"
#include "RealPrometheus.h"
#include "monitoring/pulse/PulseBoard.h"

using namespace wk;
using namespace wk::test;
using namespace wk::monitoring;
using namespace Qt::StringLiterals;

/// A real Prometheus takes what the tiles of the built-in platforms ask.
class TestPulseReal : public QObject
{
    Q_OBJECT
private slots:
    void everyQuestionIsUnderstood_data() { addPlatforms(); }
    void everyQuestionIsUnderstood()
    {
        if (const QString why = RealPrometheus::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
        if (!m_server) {
            m_server = std::make_unique<RealPrometheus>();
            QVERIFY2(m_server->start(demoHistory(m_clock.nowMs() / 1'000)), qPrintable(m_server->error()));
        }
        QFETCH(QString, name);
        ServerSource::Places places;
        places.platform = shopWith("services:\n  - {name: p, title: Prometheus, kind: monitoring, host: 127.0.0.1, "
                                   "product: Prometheus, ports: [" +
                                   QByteArray::number(m_server->url().port()) + "]}\n");
        const auto source = std::make_shared<ServerSource>(std::move(places), m_clock);
        const auto platform = builtinPlatform(name);
        const auto catalog = std::make_shared<const MetricCatalog>(builtinCatalog().with(*platform));
        const auto pulse = std::make_shared<Pulse>(platform, catalog, source);
        PulseBoard board(m_clock);
        board.setPulses({pulse});
        board.setWatched(true);
        QTRY_VERIFY_WITH_TIMEOUT(pulse->alertsMs() > 0, 60'000);
        const auto answered = [](const PulseBudget& budget) { return budget.askedMs > 0 || budget.error; };
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::all_of(pulse->budgets(), answered), 60'000);
        QVERIFY2(!pulse->error(), pulse->error() ? qPrintable(pulse->error()->text()) : "");
        for (const PulseBudget& budget : pulse->budgets())
            QVERIFY2(!budget.error, budget.error ? qPrintable(budget.error->text()) : "");
    }
    void cleanupTestCase() { m_server.reset(); }

private:
    SystemClock m_clock;
    std::unique_ptr<RealPrometheus> m_server;
};

QTEST_GUILESS_MAIN(TestPulseReal)
#include "test_pulse_real.moc"
