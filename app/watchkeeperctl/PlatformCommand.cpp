// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"
#include "PlatformFiles.h"
#include "monitoring/metrics/DashboardPlan.h"
#include "monitoring/promql/QueryRemarks.h"
#include "monitoring/rules/AlertRules.h"
#include "platform/PlatformLoader.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

void printText(const QString& text)
{
    for (const QStringView line : QStringView(text).trimmed().split(u'\n'))
        printLine(line.toString());
}

int printRules(const platform::Platform& platform, const monitoring::MetricCatalog& metrics, const Arguments& arguments)
{
    const monitoring::RuleFile file = monitoring::rulesOf(platform, metrics);
    printText(arguments.has(u"tests"_s) ? monitoring::testsYaml(file, platform.name + u".rules.yaml"_s)
                                        : monitoring::rulesYaml(file));
    for (const monitoring::RuleGap& gap : file.gaps)
        printNote(QObject::tr("no rule for %1 (%2): %3").arg(gap.threshold, gap.title, gap.why));
    for (const monitoring::QueryRemark& remark : monitoring::remarksOn(platform))
        printNote(remark.text());
    return Done;
}

int printQueries(const platform::Platform& platform, const monitoring::MetricCatalog& metrics, const Arguments&)
{
    const monitoring::MetricCatalog known = metrics.with(platform);
    QList<QStringList> lines{{u"DASHBOARD"_s, u"PANEL"_s, u"UNIT"_s, u"QUERY"_s}};
    for (const platform::Dashboard& dashboard : platform.dashboards) {
        for (const monitoring::PanelPlan& panel : monitoring::planOf(dashboard, platform, known).panels) {
            for (const monitoring::PanelQuery& query : panel.queries)
                lines << QStringList{dashboard.name,
                                     panel.name + (query.title.isEmpty() ? QString() : u' ' + query.title), panel.unit,
                                     query.promql};
            if (!panel.why.isEmpty())
                printNote(u"%1, %2: %3"_s.arg(dashboard.name, panel.name, panel.why));
        }
    }
    printColumns(lines);
    return Done;
}

} // namespace

int runPlatform(const Arguments& arguments)
{
    struct Part
    {
        QStringView word;
        int (*run)(const platform::Platform&, const monitoring::MetricCatalog&, const Arguments&);
    };
    static constexpr Part parts[] = {{u"rules", printRules}, {u"queries", printQueries}};
    const auto part = std::ranges::find(parts, QStringView(arguments.words.value(0)), &Part::word);
    if (part == std::end(parts) || arguments.words.size() != 2) {
        printError({Error::Kind::BadInput,
                    QObject::tr("Say what of which platform"),
                    {},
                    QObject::tr("Write `platform rules NAME [--tests]` or `platform queries NAME`")});
        return Usage;
    }
    const auto platform = findPlatform(arguments, arguments.words[1]);
    if (!platform) {
        printError(platform.error());
        return Refused;
    }
    const monitoring::MetricLoad metrics = monitoring::loadMetrics(metricDirectories());
    for (const platform::PlatformProblem& problem : metrics.problems)
        printError({Error::Kind::BadInput, problem.text(), {}, {}});
    const int code = part->run(**platform, metrics.catalog, arguments);
    return metrics.problems.empty() ? code : int(Refused);
}

} // namespace wk::ctl
