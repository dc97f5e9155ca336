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

bool write(const QString& path, const QByteArray& content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

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

RealPrometheus::RealPrometheus() = default;

RealPrometheus::~RealPrometheus()
{
    m_process.terminate();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(10'000))
        m_process.kill();
    m_process.waitForFinished(5'000);
}

QString RealPrometheus::missing()
{
    for (const QString& name : {u"prometheus"_s, u"promtool"_s}) {
        if (monitoringTool(name).isEmpty())
            return u"%1 is not on the PATH (Debian has it in the package prometheus)"_s.arg(name);
    }
    return {};
}

QUrl RealPrometheus::url() const { return QUrl(u"http://127.0.0.1:%1"_s.arg(m_port)); }

QByteArray RealPrometheus::promtool(const QStringList& arguments) const
{
    const Ran ran = run(monitoringTool(u"promtool"_s), arguments);
    return ran.code == 0 ? ran.out : QByteArray();
}

bool RealPrometheus::start(const QByteArray& openMetrics, const QByteArray& rules, const QStringList& more)
{
    const QString data = m_directory.filePath(u"data"_s);
    m_port = freePorts({0});
    const QByteArray self = "127.0.0.1:" + QByteArray::number(m_port);
    const bool written =
        write(m_directory.filePath(u"history.om"_s), openMetrics) &&
        write(m_directory.filePath(u"rules.yml"_s), rules.isEmpty() ? QByteArray("groups: []\n") : rules) &&
        write(m_directory.filePath(u"prometheus.yml"_s),
              "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [rules.yml]\n"
              "scrape_configs:\n- job_name: self\n  static_configs: [{targets: ['" +
                  self + "']}]\n");
    if (!written) {
        m_error = u"a file could not be written"_s;
        return false;
    }
    const Ran made = run(monitoringTool(u"promtool"_s), {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s,
                                                         m_directory.filePath(u"history.om"_s), data});
    if (made.code != 0) {
        m_error = QString::fromUtf8(made.err);
        return false;
    }
    m_process.setStandardErrorFile(m_directory.filePath(u"log"_s));
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.start(monitoringTool(u"prometheus"_s),
                    QStringList{u"--config.file="_s + m_directory.filePath(u"prometheus.yml"_s),
                                u"--storage.tsdb.path="_s + data, u"--storage.tsdb.retention.time=100y"_s,
                                u"--web.listen-address=127.0.0.1:%1"_s.arg(m_port)} +
                        more);
    const bool up = QTest::qWaitFor(
        [this] {
            return m_process.state() == QProcess::NotRunning ||
                   !promtool({u"query"_s, u"instant"_s, url().toString(), u"1"_s}).isEmpty();
        },
        60'000);
    if (up && m_process.state() == QProcess::Running)
        return true;
    QFile log(m_directory.filePath(u"log"_s));
    m_error = log.open(QIODevice::ReadOnly) ? QString::fromUtf8(log.readAll()).right(2'000) : u"it did not start"_s;
    return false;
}

} // namespace wk::test
