// SPDX-License-Identifier: GPL-3.0-or-later
// `health`: whether the services of a platform answer, each asked once.
#include "Commands.h"
#include "PlatformFiles.h"
#include "cluster/connection/ApiClient.h"
#include "monitoring/probes/ProbePlan.h"
#include "net/Send.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTimer>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using monitoring::ProbePlan;
using monitoring::ProbeResult;
using monitoring::ProbeSpec;
using Verdict = ProbeResult::Verdict;

namespace {

constexpr int atOnce = 6;
constexpr qint64 clusterTimeoutMs = 10'000;
constexpr qint64 answerBytes = 1 << 20;

QString wordOf(const ProbeResult& result)
{
    const bool certificate = result.expiresMs.has_value(); // else none was seen
    switch (result.verdict) {
    case Verdict::Up: return u"up"_s;
    case Verdict::Slow: return certificate ? u"due"_s : u"slow"_s;
    case Verdict::Down: return certificate ? u"invalid"_s : u"down"_s;
    case Verdict::Unasked: break;
    }
    return u"unasked"_s;
}

class HealthCommand final : public QObject
{
public:
    HealthCommand(ProbePlan plan, Arguments arguments) : m_plan(std::move(plan)), m_arguments(std::move(arguments))
    {
        m_results.resize(m_plan.probes.size());
    }

    void start()
    {
        const bool inside =
            std::ranges::any_of(m_plan.probes, [](const ProbeSpec& spec) { return !spec.inside.isEmpty(); });
        const auto context = inside ? resolveContext(m_arguments) : fail(Error());
        if (!inside) {
            next();
        } else if (!context) {
            withoutCluster(context.error());
        } else {
            m_client = std::make_unique<cluster::ApiClient>(*context, m_clock);
            tryCluster();
        }
    }

private:
    /// Whether the API server is there at all: else its silence would be taken for that of every service.
    void tryCluster()
    {
        net::Request request;
        request.path = "/version";
        request.idleTimeoutMs = clusterTimeoutMs;
        net::send(*m_client, request, answerBytes).then(this, [this](const Result<net::Response>& answer) {
            if (!answer) {
                withoutCluster(answer.error());
                return;
            }
            m_way.cluster = [this](const net::Request& asked, net::Handlers handlers) {
                return m_client->open(asked, std::move(handlers));
            };
            next();
        });
    }

    void withoutCluster(const Error& error)
    {
        printNote(QObject::tr("what runs inside the cluster is not asked: %1").arg(error.text()));
        next();
    }

    void next()
    {
        while (m_running < atOnce && m_begun < m_plan.probes.size()) {
            const std::size_t i = m_begun++;
            ++m_running;
            m_flights.push_back(monitoring::startProbe(m_plan.probes[i], m_way, m_clock, [this, i](ProbeResult result) {
                m_results[i] = std::move(result);
                --m_running;
                next();
            }));
        }
        if (m_running == 0)
            finish();
    }

    void finish()
    {
        if (m_arguments.output == u"json")
            printJson();
        else
            printTable();
        for (const monitoring::Unprobed& unprobed : m_plan.unprobed)
            printNote(QObject::tr("%1, %2: %3").arg(unprobed.service, unprobed.title, unprobed.reason));
        const auto has = [this](Verdict verdict) {
            return std::ranges::any_of(m_results, [verdict](const ProbeResult& r) { return r.verdict == verdict; });
        };
        const int code = has(Verdict::Down) ? Refused : has(Verdict::Unasked) ? NoConnection : Done;
        QTimer::singleShot(0, qApp, [code] { QCoreApplication::exit(code); });
    }

    [[nodiscard]] static QString answerOf(const ProbeResult& result)
    {
        return result.error ? result.error->sentence : result.answer;
    }

    void printTable() const
    {
        const bool wide = m_arguments.output == u"wide";
        QList<QStringList> lines{{u"SERVICE"_s, u"CHECK"_s, u"STATE"_s, u"MS"_s, u"WHERE"_s}};
        if (wide)
            lines[0] << u"HOW"_s;
        lines[0] << u"ANSWER"_s;
        for (std::size_t i = 0; i < m_results.size(); ++i) {
            const ProbeSpec& spec = m_plan.probes[i];
            const ProbeResult& result = m_results[i];
            QStringList line{spec.service, spec.title, wordOf(result),
                             result.verdict == Verdict::Unasked ? u"-"_s : QString::number(result.latencyMs),
                             spec.where()};
            if (wide)
                line << (spec.inside.isEmpty() ? u"directly"_s : u"through the API server"_s);
            lines << (line << answerOf(result));
        }
        printColumns(lines);
    }

    void printJson() const
    {
        QJsonArray all;
        for (std::size_t i = 0; i < m_results.size(); ++i) {
            const ProbeSpec& spec = m_plan.probes[i];
            const ProbeResult& result = m_results[i];
            QJsonObject one{{u"service"_s, spec.service},
                            {u"check"_s, spec.title},
                            {u"state"_s, wordOf(result)},
                            {u"latencyMs"_s, result.latencyMs},
                            {u"at"_s, QDateTime::fromMSecsSinceEpoch(result.atMs, Qt::UTC).toString(Qt::ISODateWithMs)},
                            {u"where"_s, spec.where()},
                            {u"throughCluster"_s, !spec.inside.isEmpty()},
                            {u"answer"_s, answerOf(result)}};
            if (result.httpStatus > 0)
                one.insert(u"status"_s, result.httpStatus);
            if (result.expiresMs)
                one.insert(u"expires"_s,
                           QDateTime::fromMSecsSinceEpoch(*result.expiresMs, Qt::UTC).toString(Qt::ISODate));
            all.append(one);
        }
        const QByteArray text = QJsonDocument(all).toJson();
        std::fwrite(text.constData(), 1, std::size_t(text.size()), stdout);
    }

    SystemClock m_clock;
    const ProbePlan m_plan;
    const Arguments m_arguments;
    std::unique_ptr<cluster::ApiClient> m_client;
    monitoring::ProbeWay m_way;
    std::vector<ProbeResult> m_results;
    std::vector<std::unique_ptr<monitoring::Flight>> m_flights;
    std::size_t m_begun = 0;
    int m_running = 0;
};

} // namespace

int runHealth(const Arguments& arguments, Running& running)
{
    static const QStringList forms{u"table"_s, u"wide"_s, u"json"_s};
    if (arguments.words.isEmpty() || !forms.contains(arguments.output)) {
        printError({Error::Kind::BadInput,
                    QObject::tr("Say the health of which platform"),
                    {},
                    QObject::tr("Write `health PLATFORM [SERVICE...] [-o table|wide|json]`")});
        return Usage;
    }
    const auto platform = findPlatform(arguments, arguments.words.front());
    if (!platform) {
        printError(platform.error());
        return Refused;
    }
    ProbePlan plan = monitoring::probesOf(**platform);
    if (const QStringList services = arguments.words.sliced(1); !services.isEmpty()) {
        for (const QString& name : services) {
            if (std::ranges::find((*platform)->services, name, &platform::Service::name) != (*platform)->services.end())
                continue;
            printError(
                {Error::Kind::NotFound, QObject::tr("%1 has no service %2").arg((*platform)->title, name), {}, {}});
            return Refused;
        }
        std::erase_if(plan.probes, [&](const ProbeSpec& spec) { return !services.contains(spec.service); });
        std::erase_if(plan.unprobed, [&](const monitoring::Unprobed& one) { return !services.contains(one.service); });
    }
    // As the platform file says, unless the person does: not whatever cluster happens to be current.
    Arguments asked = arguments;
    if (asked.context.isEmpty() && !(*platform)->clusters.empty())
        asked.context = (*platform)->clusters.front().context;
    auto command = std::make_unique<HealthCommand>(std::move(plan), std::move(asked));
    command->start();
    running = std::move(command);
    return -1;
}

} // namespace wk::ctl
