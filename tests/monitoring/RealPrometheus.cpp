// SPDX-License-Identifier: GPL-3.0-or-later
#include "RealPrometheus.h"

#include "Tools.h"
#include "support/Process.h"

#include <QtCore/QFile>
#include <QtTest/QTest>

namespace wk::test {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 stepS = 15;
constexpr int samples = demoSeconds / stepS + 1;

} // namespace

QByteArray demoHistory(qint64 endS)
{
    const qint64 begin = endS - demoSeconds;
    QByteArray out = "# TYPE demo_requests counter\n# HELP demo_requests Requests served.\n";
    for (const QByteArray pod : {"p0", "p1", "p2"}) {
        for (int i = 0; i < samples; ++i) {
            if (pod == "p1" && i > 200 && i < 260)
                continue; // nothing was scraped
            const int count = pod == "p2" && i >= 300 ? (i - 300) * 7 : i * 10 + i % 3;
            out += "demo_requests_total{job=\"api\",pod=\"" + pod + "\"} " + QByteArray::number(count) + ' ' +
                   QByteArray::number(begin + i * stepS) + '\n';
        }
    }
    out += "# TYPE demo_latency histogram\n";
    for (const QByteArray bound : {"0.1", "0.5", "+Inf"}) {
        for (int i = 0; i < samples; ++i)
            out += "demo_latency_bucket{le=\"" + bound + "\"} " +
                   QByteArray::number(i * (bound == "0.1"   ? 5
                                           : bound == "0.5" ? 9
                                                            : 10)) +
                   ' ' + QByteArray::number(begin + i * stepS) + '\n';
    }
    out += "# TYPE demo_odd gauge\n";
    for (const QByteArray value : {"NaN", "+Inf", "-Inf", "1e-300", "123456789.125"}) {
        for (int i = 0; i < samples; i += 4)
            out += "demo_odd{kind=\"" + value + "\"} " + value + ' ' + QByteArray::number(begin + i * stepS) + '\n';
    }
    return out + "# EOF\n";
}

QString RealPrometheus::missing()
{
    for (const QString& name : {u"prometheus"_s, u"promtool"_s}) {
        if (monitoringTool(name).isEmpty())
            return u"%1 is not on the PATH (Debian has it in the package prometheus)"_s.arg(name);
    }
    return {};
}

QByteArray RealPrometheus::promtool(const QStringList& arguments) const
{
    const Ran ran = run(monitoringTool(u"promtool"_s), arguments);
    return ran.code == 0 ? ran.out : QByteArray();
}

bool RealPrometheus::start(const QByteArray& openMetrics, const QByteArray& rules, const QStringList& more)
{
    const QString data = path(u"data"_s);
    m_port = freePorts({0});
    QByteArray jobs;
    m_scraped.emplace(m_scraped.begin(), u"self"_s, QUrl(url().toString() + u"/metrics"_s));
    for (const auto& [job, from] : m_scraped)
        jobs += u"- job_name: %1\n  metrics_path: %2\n  static_configs: [{targets: ['%3']}]\n"_s
                    .arg(job, from.path(), from.authority())
                    .toUtf8();
    if (!write(u"history.om"_s, openMetrics) ||
        !write(u"rules.yml"_s, rules.isEmpty() ? QByteArray("groups: []\n") : rules) ||
        !write(u"prometheus.yml"_s, "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yml]\n"
                                    "scrape_configs:\n" +
                                        jobs))
        return false;
    const Ran made = run(monitoringTool(u"promtool"_s),
                         {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, path(u"history.om"_s), data});
    if (made.code != 0) {
        m_error = QString::fromUtf8(made.err);
        return false;
    }
    m_more = more;
    return launch();
}

bool RealPrometheus::launch()
{
    return runs(monitoringTool(u"prometheus"_s),
                QStringList{u"--config.file="_s + path(u"prometheus.yml"_s),
                            u"--storage.tsdb.path="_s + path(u"data"_s), u"--storage.tsdb.retention.time=100y"_s,
                            u"--web.listen-address=127.0.0.1:%1"_s.arg(m_port)} +
                    m_more,
                [this] {
                    return !promtool({u"query"_s, u"instant"_s, url().toString(), u"1"_s}).isEmpty();
                });
}

} // namespace wk::test
