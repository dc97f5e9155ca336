// SPDX-License-Identifier: GPL-3.0-or-later
// bench_monitoring [rounds]: figures from the socket to the screen, each beside a peer in the same round, as JSON.
// - points, body_mb: of the range query's answer, served from memory on loopback
// - columns_ms: asked until its columns are with the GUI thread, median
// - curl_ms, curl_ratio: the same bytes by curl into nothing, and ours against it
// - jq_ms, jq_ratio: curl and jq into the same columns, and how many times faster ours is
// - zoom_ms, plain_ms: a chart of 1,000,000 points painted anew after a zoom, and QtCharts' own series of the same
// - zoom_ratio: how many times faster ours is
// - dashboard_mib, plain_mib: 12 charts with 10 lines of 1,440 points each, painted; the same by QtCharts alone
#include "core/Clock.h"
#include "monitoring/prometheus/PrometheusServer.h"
#include "widgets/charts/Chart.h"
#include "widgets/charts/ChartPlot.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/Theme.h"

#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QThread>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtWidgets/QApplication>

#include <cmath>
#include <cstdio>

using namespace wk;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 begin = 1'790'000'000'000;
constexpr int lines = 100, each = 10'000;

[[noreturn]] void die(const QString& why)
{
    std::fprintf(stderr, "bench_monitoring: %s\n", qPrintable(why));
    std::exit(1);
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double rounded(double value) { return std::round(value * 100) / 100; }

/// `lines` series of `each` samples, as Prometheus writes a matrix.
QByteArray matrix()
{
    QByteArray out = R"({"status":"success","data":{"resultType":"matrix","result":[)";
    for (int line = 0; line < lines; ++line) {
        out += QByteArray(line == 0 ? "" : ",") + R"({"metric":{"__name__":"http_requests_total","pod":"api-)" +
               QByteArray::number(line) + R"("},"values":[)";
        for (int i = 0; i < each; ++i)
            out += QByteArray(i == 0 ? "[" : ",[") + QByteArray::number(begin / 1000 + 15 * i) + ",\"" +
                   QByteArray::number(1000 + std::sin(i * 0.01 + line) * 400, 'g', 12) + "\"]";
        out += "]}";
    }
    return out + "]}}";
}

/// Answers every request with the same body; on a thread of its own, which may wait.
class BodyServer final : public QThread
{
public:
    explicit BodyServer(QByteArray body) : m_body(std::move(body)) { start(); }
    ~BodyServer() override
    {
        requestInterruption();
        wait();
    }
    [[nodiscard]] QUrl url() const
    {
        while (m_port == 0)
            yieldCurrentThread();
        return QUrl(u"http://127.0.0.1:%1"_s.arg(m_port.load()));
    }

private:
    void run() override
    {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost))
            die(server.errorString());
        m_port = server.serverPort();
        while (!isInterruptionRequested()) {
            if (!server.waitForNewConnection(100))
                continue;
            const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
            while (socket->waitForReadyRead(100) && !socket->peek(1 << 16).contains("\r\n\r\n")) {
            }
            socket->readAll();
            socket->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                          QByteArray::number(m_body.size()) + "\r\n\r\n");
            socket->write(m_body);
            while (socket->bytesToWrite() > 0 && socket->waitForBytesWritten(10'000)) {
            }
            socket->disconnectFromHost();
        }
    }

    const QByteArray m_body;
    std::atomic<quint16> m_port = 0;
};

double processMs(const QString& shell)
{
    QElapsedTimer timer;
    timer.start();
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.start(u"/bin/sh"_s, {u"-c"_s, shell});
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        die(shell + u": "_s + QString::fromLocal8Bit(process.readAllStandardError()));
    return double(timer.nsecsElapsed()) / 1e6;
}

double columnsMs(monitoring::PrometheusServer& server)
{
    QElapsedTimer timer;
    timer.start();
    std::optional<Result<monitoring::AnswerPtr>> answer;
    const auto flight = server.instant({u"http_requests_total[2d]"_s, std::nullopt}, monitoring::Priority::Now,
                                       [&](Result<monitoring::AnswerPtr> result) { answer = std::move(result); });
    while (!answer)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    if (!*answer)
        die(answer->error().text());
    if ((**answer)->points() != size_t(lines) * each)
        die(u"points were lost"_s);
    return double(timer.nsecsElapsed()) / 1e6;
}

void query(QJsonObject& out, int rounds)
{
    const QByteArray body = matrix();
    const BodyServer peer(body);
    SystemClock clock;
    monitoring::ServerAddress address;
    address.url = peer.url();
    monitoring::PrometheusServer server(address, clock);
    const QString curl = u"curl -fsS %1/api/v1/query"_s.arg(address.url.toString());
    const QString jq = u" | jq -c '[.data.result[] | [[.values[][0]], [.values[][1] | tonumber]]]'"_s;
    std::vector<double> ours, bare, columns, toCurl, toJq;
    for (int round = -1; round < rounds; ++round) { // the first warms up
        const double mine = columnsMs(server), theirs = processMs(curl), filtered = processMs(curl + jq);
        if (round < 0)
            continue;
        ours.push_back(mine);
        bare.push_back(theirs);
        columns.push_back(filtered);
        toCurl.push_back(mine / theirs);
        toJq.push_back(filtered / mine);
    }
    out.insert(u"points"_s, lines * each);
    out.insert(u"body_mb"_s, rounded(double(body.size()) / 1e6));
    out.insert(u"columns_ms"_s, rounded(median(ours)));
    out.insert(u"curl_ms"_s, rounded(median(bare)));
    out.insert(u"curl_ratio"_s, rounded(median(toCurl)));
    out.insert(u"jq_ms"_s, rounded(median(columns)));
    out.insert(u"jq_ratio"_s, rounded(median(toJq)));
}

series::ColumnsPtr wave(size_t points, int stepMs, double phase)
{
    auto data = std::make_shared<series::Columns>();
    for (size_t i = 0; i < points; ++i) {
        data->time.push_back(begin + qint64(i) * stepMs);
        data->value.push_back(1 + std::sin(double(i) * 0.001 + phase) + (i % 9973 == 0 ? 3 : 0));
    }
    return data;
}

double paintedMs(QWidget& widget, const std::function<void()>& change)
{
    QElapsedTimer timer;
    timer.start();
    change();
    QApplication::processEvents();
    const QPixmap picture = widget.grab();
    if (picture.isNull())
        die(u"nothing was painted"_s);
    return double(timer.nsecsElapsed()) / 1e6;
}

/// A chart as QtCharts gives it: every point is its own.
struct PlainChart
{
    explicit PlainChart(const std::vector<series::ColumnsPtr>& all)
    {
        auto* chart = new QChart;
        view.setChart(chart);
        auto *across = new QValueAxis, *up = new QValueAxis;
        chart->addAxis(across, Qt::AlignBottom);
        chart->addAxis(up, Qt::AlignLeft);
        up->setRange(0, 6);
        for (const auto& data : all) {
            QList<QPointF> points;
            points.reserve(qsizetype(data->time.size()));
            for (size_t i = 0; i < data->time.size(); ++i)
                points << QPointF(double(data->time[i]), data->value[i]);
            auto* line = new QLineSeries;
            line->replace(points);
            chart->addSeries(line);
            line->attachAxis(across);
            line->attachAxis(up);
        }
        axis = across;
        axis->setRange(double(all.front()->time.front()), double(all.front()->time.back()));
        view.resize(1200, 400);
        view.show();
        QApplication::processEvents();
    }
    QChartView view;
    QValueAxis* axis;
};

struct OurChart
{
    explicit OurChart(const std::vector<series::ColumnsPtr>& all) : chart(range, files)
    {
        widgets::ChartContent content;
        content.title = u"Requests"_s;
        for (size_t i = 0; i < all.size(); ++i)
            content.series.push_back({QString::number(i), u"line %1"_s.arg(i), all[i]});
        range.setRange(series::TimeRange::between(all.front()->time.front(), all.front()->time.back()));
        chart.resize(1200, 400);
        chart.setContent(std::move(content));
        chart.show();
        QApplication::processEvents();
    }
    series::TimeRangeModel range{std::make_shared<SystemClock>()};
    widgets::SystemFileDialogs files;
    widgets::Chart chart;
};

void zoom(QJsonObject& out, int rounds)
{
    const std::vector<series::ColumnsPtr> million{wave(1'000'000, 1'000, 0)};
    OurChart ours(million);
    PlainChart plain(million);
    const qint64 first = million[0]->time.front(), span = million[0]->time.back() - first;
    std::vector<double> mine, theirs, ratio;
    for (int round = -1; round < rounds; ++round) {
        const qint64 from = first + span / 20 * (round + 2), to = from + span / 2;
        const double a = paintedMs(ours.chart, [&] { ours.range.setRange(series::TimeRange::between(from, to)); });
        const double b = paintedMs(plain.view, [&] { plain.axis->setRange(double(from), double(to)); });
        if (round < 0)
            continue;
        mine.push_back(a);
        theirs.push_back(b);
        ratio.push_back(b / a);
    }
    out.insert(u"zoom_ms"_s, rounded(median(mine)));
    out.insert(u"plain_ms"_s, rounded(median(theirs)));
    out.insert(u"zoom_ratio"_s, rounded(median(ratio)));
}

double residentMib()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return std::nan("");
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1048576;
}

/// What 12 charts take that stand in one window, beyond what the first chart of a process loads.
template <typename T>
double dashboardMib()
{
    (void)T({wave(2, 60'000, 0)});
    const double before = residentMib();
    std::vector<std::unique_ptr<T>> charts;
    for (int chart = 0; chart < 12; ++chart) {
        std::vector<series::ColumnsPtr> data;
        for (int line = 0; line < 10; ++line)
            data.push_back(wave(1'440, 60'000, line));
        charts.push_back(std::make_unique<T>(data));
    }
    return residentMib() - before;
}

/// In a process of its own: memory that others gave back would hide what this takes.
double dashboardMib(const QString& whose)
{
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {whose});
    if (!process.waitForFinished(120'000) || process.exitCode() != 0)
        die(QString::fromLocal8Bit(process.readAllStandardError()));
    return process.readAllStandardOutput().trimmed().toDouble();
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    widgets::Theme theme;
    theme.apply(application);
    const QByteArray what = argc > 1 ? argv[1] : "7";
    if (what == "ours" || what == "plain") {
        std::printf("%.2f\n", what == "ours" ? dashboardMib<OurChart>() : dashboardMib<PlainChart>());
        return 0;
    }
    const int rounds = std::max(1, what.toInt());
    QJsonObject out{{u"bench"_s, u"monitoring"_s}};
    out.insert(u"dashboard_mib"_s, dashboardMib(u"ours"_s));
    out.insert(u"plain_mib"_s, dashboardMib(u"plain"_s));
    query(out, rounds);
    zoom(out, rounds);
    std::printf("%s\n", QJsonDocument(out).toJson(QJsonDocument::Compact).constData());
    return 0;
}
