// SPDX-License-Identifier: GPL-3.0-or-later
#include "../monitoring/MonitoringBench.h"
#include "ChartExamples.h"
#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/dashboards/PanelChart.h"

#include <QtCore/QTimer>
#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QPushButton>

using namespace wk;
using namespace wk::test;
using namespace wk::widgets;

namespace {

constexpr qint64 hour = 3'600'000;
constexpr int longest = 60'000;

/// `count` series of three values each.
QByteArray matrix(int count, const QByteArray& value = {})
{
    QByteArray out = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    const qint64 at = exampleNowMs / 1'000 - 1'800;
    for (int i = 0; i < count; ++i) {
        out += (i ? R"(,{"metric":{"pod":"p)" : R"({"metric":{"pod":"p)") + QByteArray::number(i) + R"("},"values":[)";
        for (int k = 0; k < 3; ++k)
            out += (k ? ",[" : "[") + QByteArray::number(at + k * 60) + ",\"" +
                   (value.isEmpty() || k != 1 ? QByteArray::number(i + k) : value) + "\"]";
        out += "]}";
    }
    return out + "]}}";
}

QByteArray response(int status, const QByteArray& type, const QByteArray& body, qint64 length = -1)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: " + type +
           "\r\nConnection: close\r\nContent-Length: " + QByteArray::number(length < 0 ? body.size() : length) +
           "\r\n\r\n" + body;
}

} // namespace

/// A panel of a dashboard on a server that fails in every way there is: it says what is wrong in words, lives on
/// meanwhile, and shows the values once there are some.
class TestPanelFaults : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup();
    void failures_data();
    void failures();
    void nothingListens();
    void endlessAnswer();
    void slowAnswer();
    void tenThousandSeries();
    void numbersThatAreNone_data();
    void numbersThatAreNone();
    void nativeHistograms();
    void clockIsWrong();
    void whyThereIsNothing();

private:
    using Answer = std::function<void(QTcpSocket*, const Received&)>;
    void show(Answer answer);
    /// What was put off until the person has settled is asked now.
    void settle()
    {
        QCoreApplication::processEvents();
        m_clock->advance(200);
        QCoreApplication::processEvents();
    }
    [[nodiscard]] Chart* chart() const { return m_panel->chart(); }
    [[nodiscard]] StateView* state() const { return chart()->findChild<StateView*>(u"chartState"_s); }
    [[nodiscard]] QString words() const { return state()->title() + u'\n' + state()->text(); }
    [[nodiscard]] bool isFailed() const
    {
        return chart()->showsState() && state()->state() == StateView::State::Failed;
    }
    [[nodiscard]] bool draws(size_t series) const
    {
        return !chart()->showsState() && chart()->content().series.size() == series;
    }
    /// The button of the state, by the keyboard.
    void askAgain()
    {
        for (QPushButton* button : state()->findChildren<QPushButton*>())
            if (button->isVisible() && button->text() == u"Ask again"_s) {
                button->setFocus();
                QTest::keyClick(button, Qt::Key_Space);
                return;
            }
        QFAIL("there is no button to ask again");
    }

    Theme m_theme;
    OneFile m_files;
    Answer m_answer;
    std::shared_ptr<ManualClock> m_clock;
    std::unique_ptr<Bench> m_bench;
    std::unique_ptr<series::TimeRangeModel> m_range;
    std::unique_ptr<PanelChart> m_panel;
};

void TestPanelFaults::init()
{
    m_bench =
        std::make_unique<Bench>([this](QTcpSocket* socket, const Received& received) { m_answer(socket, received); });
    m_bench->options.client.maxBytes = 8 << 20;
    m_clock = std::make_shared<ManualClock>(exampleNowMs);
    m_range = std::make_unique<series::TimeRangeModel>(m_clock, series::TimeRange::last(hour));
}

void TestPanelFaults::cleanup()
{
    m_panel.reset();
    m_bench.reset();
}

void TestPanelFaults::show(Answer answer)
{
    m_answer = std::move(answer);
    m_bench->start();
    m_bench->clock.advance(exampleNowMs - m_bench->clock.nowMs());
    monitoring::PanelPlan plan;
    plan.name = u"Requests"_s;
    plan.queries = {{u"sum by (pod) (requests)"_s, {}}};
    plan.legend = {u"pod"_s};
    m_panel =
        std::make_unique<PanelChart>(*m_bench->prometheus, plan, u"prometheus.shop"_s, *m_range, m_files, *m_clock);
    m_panel->resize(700, 320);
    m_panel->show();
    settle();
}

void TestPanelFaults::failures_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QByteArray& raw, const QString& says) {
        QTest::newRow(name) << raw << says;
    };
    row("503", response(503, "text/plain", "starting"), u"is not ready to answer (status 503)"_s);
    row("page", response(200, "text/html", "<html><title>Sign in</title></html>"),
        u"answered with a web page instead of data (status 200): “Sign in”"_s);
    row("page that does not say so", response(200, "application/json", "<!DOCTYPE html><b>Hello</b>"), u"a web page"_s);
    row("cut off by the server", response(200, "application/json", matrix(3).chopped(40)), u"breaks off after"_s);
    row("cut off on the way", response(200, "application/json", matrix(3).chopped(40), 100'000),
        u"cut off before its end"_s);
    row("no answer at all", {}, u"closed the connection without an answer"_s);
    row("another API", response(200, "application/json", R"({"hello":1})"), u"not what Prometheus answers"_s);
    row("two gigabytes, announced", response(200, "application/json", "{", 2LL << 30), u"is larger than 8 MiB"_s);
    row("who asks", response(401, "text/plain", "no"), u"wants to know who asks"_s);
    row("too long",
        response(503, "application/json", R"({"status":"error","errorType":"timeout","error":"query timed out"})"),
        u"took longer than the server allows"_s);
}

void TestPanelFaults::failures()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, says);
    bool broken = true;
    show([&](QTcpSocket* socket, const Received&) {
        if (!broken)
            return TestServer::answer(socket, 200, matrix(3), json);
        socket->write(raw);
        socket->disconnectFromHost();
    });
    QTRY_VERIFY_WITH_TIMEOUT(isFailed(), longest);
    QVERIFY2(words().contains(says), qPrintable(words()));
    for (const auto word : {"API server"_L1, "kubeconfig"_L1})
        QVERIFY2(!words().contains(word), qPrintable(words()));
    broken = false;
    askAgain();
    QTRY_VERIFY_WITH_TIMEOUT(draws(3), longest);
}

void TestPanelFaults::nothingListens()
{
    m_bench->address.url = QUrl(u"http://127.0.0.1:%1"_s.arg(closedPort()));
    show({});
    QTRY_VERIFY_WITH_TIMEOUT(isFailed(), longest);
    QVERIFY2(words().contains(u"refuses connections: nothing listens there"_s) &&
                 words().contains(u"its address and port"_s) && !words().contains(u"kubeconfig"_s),
             qPrintable(words()));
}

/// Two gigabytes of one series: given up after the few that are taken in, while the program lives on.
void TestPanelFaults::endlessAnswer()
{
    qint64 written = 0;
    int turns = 0;
    const QByteArray block = QByteArray("[1,\"2\"],").repeated(8'192);
    show([&](QTcpSocket* socket, const Received&) {
        TestServer::beginChunked(socket, json);
        TestServer::chunk(socket,
                          R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[)");
        const auto more = [socket, &block, &written] {
            if (socket->bytesToWrite() < 1 << 18 && written < 2LL << 30) {
                TestServer::chunk(socket, block);
                written += block.size();
            }
        };
        connect(socket, &QTcpSocket::bytesWritten, socket, more);
        more();
    });
    QTimer turn;
    connect(&turn, &QTimer::timeout, this, [&turns] { ++turns; });
    turn.start(0);
    QTRY_VERIFY_WITH_TIMEOUT(isFailed(), longest);
    QVERIFY2(words().contains(u"is larger than 8 MiB, which is more than is taken in at once"_s), qPrintable(words()));
    // Qt's own thread reads a chunked body ahead as fast as it comes: more than 8 MiB went out, far from all of it.
    QVERIFY2(written < 512LL << 20, qPrintable(QString::number(written)));
    QVERIFY2(turns > 20, qPrintable(QString::number(turns)));
}

/// An answer that does not come: the panel says whom it asks, everything else goes on, another range calls it off.
void TestPanelFaults::slowAnswer()
{
    QList<QPointer<QTcpSocket>> open;
    show([&](QTcpSocket* socket, const Received&) { open << socket; });
    QTRY_COMPARE_WITH_TIMEOUT(open.size(), 1, longest);
    QVERIFY(chart()->showsState());
    QCOMPARE(state()->state(), StateView::State::Loading);
    QVERIFY2(words().contains(u"prometheus.shop"_s), qPrintable(words()));
    // Ten seconds of its clock, a turn of the program each.
    for (int i = 0; i < 100; ++i) {
        m_clock->advance(100);
        QCoreApplication::processEvents();
    }
    QCOMPARE(state()->state(), StateView::State::Loading);
    m_range->setRange(series::TimeRange::last(2 * hour));
    settle();
    QTRY_VERIFY_WITH_TIMEOUT(open.size() >= 2, longest);
    QTRY_VERIFY_WITH_TIMEOUT(!open.front() || open.front()->state() != QAbstractSocket::ConnectedState, longest);
    QTRY_VERIFY_WITH_TIMEOUT(open.back() && open.back()->state() == QAbstractSocket::ConnectedState, longest);
    TestServer::answer(open.back(), 200, matrix(2), json);
    QTRY_VERIFY_WITH_TIMEOUT(draws(2), longest);
}

void TestPanelFaults::tenThousandSeries()
{
    const QByteArray body = matrix(10'000);
    int turns = 0;
    show([&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, body, json); });
    QTimer turn;
    connect(&turn, &QTimer::timeout, this, [&turns] { ++turns; });
    turn.start(0);
    QTRY_VERIFY_WITH_TIMEOUT(draws(Chart::mostSeries), longest);
    const QString all = chart()->findChild<QWidget*>(u"chartNotice"_s)->toolTip();
    QVERIFY2(all.contains(u"Only the 40 largest of 10000 series are drawn"_s), qPrintable(all));
    // The largest are there.
    QVERIFY(
        std::ranges::any_of(chart()->content().series, [](const ChartSeries& one) { return one.name == u"p9999"; }));
    QVERIFY(!m_panel->grab().isNull());
    QVERIFY(turns > 0);
}

void TestPanelFaults::numbersThatAreNone_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char* value : {"NaN", "+Inf", "-Inf", "1.7976931348623157e+308", "-1e-300"})
        QTest::newRow(value) << QByteArray(value);
}

void TestPanelFaults::numbersThatAreNone()
{
    QFETCH(QByteArray, value);
    show([&](QTcpSocket* socket, const Received&) { TestServer::answer(socket, 200, matrix(2, value), json); });
    QTRY_VERIFY_WITH_TIMEOUT(draws(2), longest);
    QCOMPARE(chart()->content().series.front().data->value.size(), std::size_t(3));
    QVERIFY(!m_panel->grab().isNull());
    for (const int key : {Qt::Key_Home, Qt::Key_Right, Qt::Key_End}) {
        QTest::keyClick(chart()->plot(), Qt::Key(key));
        QVERIFY(!m_panel->grab().isNull());
    }
}

void TestPanelFaults::nativeHistograms()
{
    show([](QTcpSocket* socket, const Received&) {
        TestServer::answer(
            socket, 200,
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"pod":"p"},"histograms":[[)" +
                QByteArray::number(exampleNowMs / 1'000 - 60) +
                R"(,{"count":"10","sum":"41.5","buckets":[[0,"1","2","3"],[0,"4","8","7"]]}]]}]}})",
            json);
    });
    QTRY_VERIFY_WITH_TIMEOUT(draws(1), longest);
    const QString all = chart()->findChild<QWidget*>(u"chartNotice"_s)->toolTip();
    QVERIFY2(all.contains(u"Native histograms have no line: ask for a quantile of them"_s), qPrintable(all));
}

void TestPanelFaults::clockIsWrong()
{
    show([](QTcpSocket* socket, const Received&) {
        TestServer::answer(socket, 200, matrix(2), "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n" + json);
    });
    QTRY_VERIFY_WITH_TIMEOUT(draws(2), longest);
    const QString all = chart()->findChild<QWidget*>(u"chartNotice"_s)->toolTip();
    QVERIFY2(all.contains(u"This machine's clock is"_s) && all.contains(u"ahead of the server's"_s), qPrintable(all));
}

/// An empty answer is explained: the metric is not there.
void TestPanelFaults::whyThereIsNothing()
{
    bool there = false;
    show([&](QTcpSocket* socket, const Received& received) {
        const QByteArray nothing = received.target.contains("query_range") ? matrix(0) : empty;
        if (received.target.contains("/label/"))
            TestServer::answer(socket, 200, R"({"status":"success","data":["requests_total"]})", json);
        else if (received.body.contains("query=vector%281%29"))
            TestServer::answer(
                socket, 200,
                R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}})",
                json);
        else
            TestServer::answer(socket, 200, there ? matrix(2) : nothing, json);
    });
    QTRY_VERIFY_WITH_TIMEOUT(chart()->showsState() && state()->state() == StateView::State::Empty, longest);
    QTRY_VERIFY_WITH_TIMEOUT(words().contains(u"The server knows requests, but has no sample of it in this time."_s),
                             longest);
    // The reason is not asked for with every turn of the figures.
    const auto asked = [this](const QByteArray& what) {
        return std::ranges::count_if(m_bench->server.received(),
                                     [&](const Received& received) { return received.target.contains(what); });
    };
    const auto isIdle = [this] { return m_bench->prometheus->running() + m_bench->prometheus->waiting() == 0; };
    QTRY_VERIFY_WITH_TIMEOUT(isIdle(), longest);
    const auto figures = asked("query_range"), reasons = asked("/label/");
    QVERIFY(reasons > 0);
    m_clock->advance(PanelChart::refreshMs * 5);
    QTRY_VERIFY_WITH_TIMEOUT(asked("query_range") > figures && isIdle(), longest);
    QCOMPARE(asked("/label/"), reasons);
    there = true;
    askAgain();
    QTRY_VERIFY_WITH_TIMEOUT(draws(2), longest);
}

QTEST_MAIN(TestPanelFaults)
#include "test_panel_faults.moc"
