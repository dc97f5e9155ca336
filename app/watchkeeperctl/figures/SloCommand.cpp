// SPDX-License-Identifier: GPL-3.0-or-later
#include "PlatformFiles.h"
#include "figures/PrometheusAsk.h"
#include "monitoring/metrics/MetricUnits.h"
#include "monitoring/objectives/ObjectiveWords.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using monitoring::ObjectiveFeed;

namespace {

QString standingText(monitoring::Standing standing)
{
    static constexpr QLatin1StringView words[] = {"good"_L1, "warning"_L1, "bad"_L1, "unknown"_L1};
    return words[int(standing)];
}

QString orDash(const QString& text) { return text.isEmpty() ? u"-"_s : text; }

QJsonValue orNull(const std::optional<double>& value) { return value ? QJsonValue(*value) : QJsonValue(); }

QJsonObject jsonOf(const ObjectiveFeed::Slo& slo)
{
    const monitoring::SloReport& report = slo.report;
    QJsonObject out{{u"name"_s, slo.slo->name},
                    {u"title"_s, slo.slo->title},
                    {u"standing"_s, standingText(monitoring::standingOf(slo))},
                    {u"words"_s, QJsonArray::fromStringList(slo.spec ? report.words : QStringList{slo.why})},
                    {u"good"_s, orNull(report.status.good)},
                    {u"remaining"_s, orNull(report.status.remaining)},
                    {u"remainingAtWorst"_s, orNull(report.status.remainingAtWorst)},
                    {u"level"_s, orNull(report.level)},
                    {u"rate"_s, orNull(report.rate)}};
    if (const auto left = report.status.remainingMs())
        out.insert(u"remainingSeconds"_s, double(*left) / 1000);
    if (report.exhaustedMs)
        out.insert(u"exhaustedInSeconds"_s, double(*report.exhaustedMs) / 1000);
    QJsonArray queries;
    for (const monitoring::SloQuestion& question : slo.questions)
        queries << question.promql;
    out.insert(u"queries"_s, queries);
    return out;
}

QJsonObject jsonOf(const ObjectiveFeed::Target& target)
{
    return {{u"name"_s, target.plan.kpi.name},          {u"title"_s, target.plan.kpi.title},
            {u"group"_s, target.plan.kpi.group},        {u"standing"_s, standingText(standingOf(target.reading))},
            {u"value"_s, orNull(target.reading.value)}, {u"previous"_s, orNull(target.reading.previous)},
            {u"words"_s, target.reading.words},         {u"query"_s, target.plan.promql}};
}

template <typename Entries>
QJsonArray jsonFrom(const Entries& entries)
{
    QJsonArray all;
    for (const auto& entry : entries)
        all << jsonOf(entry);
    return all;
}

/// The objectives of a platform with their budgets, and its targets.
class SloCommand final : public PrometheusAsk
{
public:
    explicit SloCommand(const Arguments& arguments) : PrometheusAsk(arguments, arguments.words[0]) {}

private:
    void ask(monitoring::PrometheusServer& server) override
    {
        const auto metrics = monitoring::loadMetrics(metricDirectories());
        for (const platform::PlatformProblem& problem : metrics.problems)
            printError({Error::Kind::BadInput, problem.text(), {}, {}});
        m_feed = std::make_unique<ObjectiveFeed>(ObjectiveFeed::Means{
            server, platform(), std::make_shared<const monitoring::MetricCatalog>(metrics.catalog.with(*platform())),
            clock()});
        connect(m_feed.get(), &ObjectiveFeed::ended, this, &SloCommand::print);
        m_feed->ask(ObjectiveFeed::Wanted::Everything);
    }

    void print()
    {
        std::optional<Error> error;
        for (const ObjectiveFeed::Slo& slo : m_feed->slos()) {
            if (slo.error && !error)
                error = slo.error;
        }
        if (arguments().output == u"json") {
            const QJsonObject all{{u"platform"_s, platform()->name},
                                  {u"server"_s, serverName()},
                                  {u"objectives"_s, jsonFrom(m_feed->slos())},
                                  {u"targets"_s, jsonFrom(m_feed->targets())}};
            printLine(QString::fromUtf8(QJsonDocument(all).toJson()).trimmed());
        } else {
            printObjectives();
            printTargets();
        }
        if (error)
            fail(*error);
        else
            finish(Done);
    }

    void printObjectives() const
    {
        QList<QStringList> lines{
            {u"OBJECTIVE"_s, u"WANTED"_s, u"MEASURED"_s, u"BUDGET"_s, u"LEFT"_s, u"BURNING"_s, u"LASTS"_s}};
        for (const ObjectiveFeed::Slo& slo : m_feed->slos()) {
            const monitoring::SloStatus& status = slo.report.status;
            const auto left = status.remainingMs();
            const bool budget = slo.spec && slo.spec->kind == monitoring::SloSpec::Kind::Budget;
            lines << QStringList{
                slo.slo->name,
                slo.slo->objective ? slo.slo->objective->text() : u"-"_s,
                orDash(monitoring::measuredText(slo)),
                status.remaining ? monitoring::figureText(*status.remaining, u"ratio") : u"-"_s,
                left ? (*left < 0 ? u"-"_s + monitoring::spanText(-*left) : monitoring::spanText(*left)) : u"-"_s,
                budget ? orDash(monitoring::burnText(slo.report)) : u"-"_s,
                budget ? orDash(monitoring::exhaustionText(slo.report)) : u"-"_s};
            const QStringList words = slo.spec ? slo.report.words.mid(2) : QStringList{slo.why};
            for (const QString& sentence : words)
                printNote(u"%1: %2"_s.arg(slo.slo->name, sentence));
        }
        printColumns(lines);
    }

    void printTargets() const
    {
        QList<QStringList> lines{
            {u"TARGET"_s, u"GROUP"_s, u"WANTED"_s, u"MEASURED"_s, u"BEFORE"_s, u"TREND"_s, u"STANDING"_s}};
        for (const ObjectiveFeed::Target& target : m_feed->targets()) {
            const QString unit = target.plan.metric ? target.plan.metric->unit : QString();
            const auto figure = [&](const std::optional<double>& value) {
                return value ? monitoring::figureText(*value, unit) : u"-"_s;
            };
            lines << QStringList{target.plan.kpi.name,
                                 target.plan.kpi.group,
                                 target.plan.kpi.target ? target.plan.kpi.target->text() : u"-"_s,
                                 figure(target.reading.value),
                                 figure(target.reading.previous),
                                 orDash(monitoring::trendText(target.reading.trend)),
                                 standingText(standingOf(target.reading))};
        }
        if (lines.size() > 1) {
            printLine({});
            printColumns(lines);
        }
    }

    std::unique_ptr<ObjectiveFeed> m_feed;
};

} // namespace

int runSlo(const Arguments& arguments, Running& running)
{
    if (arguments.words.size() != 1 || (arguments.output != u"table" && arguments.output != u"json")) {
        printError({Error::Kind::BadInput,
                    QObject::tr("Say whose objectives"),
                    {},
                    QObject::tr("Write `slo PLATFORM [-o table|json]`")});
        return Usage;
    }
    auto command = std::make_unique<SloCommand>(arguments);
    const int code = command->start();
    running = std::move(command);
    return code;
}

} // namespace wk::ctl
