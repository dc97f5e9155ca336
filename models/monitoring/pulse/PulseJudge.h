// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/QueryBundle.h"
#include "monitoring/pulse/PulsePlan.h"
#include "table/Row.h"

namespace wk::monitoring {

/// What is known of one part of a signal.
struct PulsePartReading
{
    series::Columns line;        ///< the last hours, up to now, in the metric's unit
    series::Columns longer = {}; ///< of another range, where one is shown
    std::optional<double> value; ///< the newest, unless it is older than `newestMs`
    qint64 valueMs = 0;          ///< of the newest sample, whether it counts or not
    QString of;                  ///< whose it is: "node-3:9100 /var"; empty where there is only one
    qint64 askedMs = 0;          ///< when the server was asked for it; 0: never
    std::optional<Error> error;  ///< why the last question got no answer; what stands is older then
};

/// How old a sample may be to be called the figure of now: Prometheus looks back as far itself.
inline constexpr qint64 newestMs = 300'000;

/// A golden signal of a platform, as a tile shows it.
struct PulseFigure
{
    GoldenSignal signal = GoldenSignal::Rate;
    QString title;                                 ///< "Errors"
    QString text;                                  ///< "5.1 %"; empty where there is no figure
    QString of;                                    ///< "disk usage of node-3:9100 /var"
    QString remark;                                ///< which limit it breaks, or why there is no figure: a sentence
    table::Health health = table::Health::Unknown; ///< None where the platform sets no limit
    QString promql;                                ///< of what is shown
    QString metric; ///< its name in the catalogue, by which the dashboard is found that draws it
    series::Columns line;
    qint64 valueMs = 0, askedMs = 0;
    std::optional<Error> error; ///< of the last question: the figure is of askedMs and no newer
};

/// An SLO's budget of this month.
struct PulseBudget
{
    QString name, title, text;  ///< text: "72 % left"
    std::optional<double> left; ///< share of the budget; below 0: overspent
    /// The same if all was bad that nobody measured.
    std::optional<double> leftAtWorst = {};
    double known = 1;  ///< share of the month so far of which there are figures
    QString note = {}; ///< why it is not certain, in a few words; empty where it is
    table::Health health = table::Health::Unknown;
    QStringList words; ///< of the report
    qint64 askedMs = 0;
    std::optional<Error> error;
};

/// Alerts of one name and severity that fire.
struct PulseAlert
{
    QString name, severity;
    int count = 0;
    table::Health health = table::Health::Warning;
    QString threshold = {};    ///< the platform file's name of it, where its rule was made from that
    QStringList services = {}; ///< that they name
    bool operator==(const PulseAlert&) const = default;
};

/// Joins what a reduced query gives: at each moment there is one series.
[[nodiscard]] PulsePartReading readPart(const platform::Metric& metric, const std::vector<Series>& series,
                                        qint64 nowMs);
/// Judged by the limits of the platform file; of several parts the worst, then the fullest.
[[nodiscard]] PulseFigure judged(GoldenSignal signal, const std::vector<const PulsePart*>& parts,
                                 const std::map<QString, PulsePartReading>& readings);
[[nodiscard]] PulseBudget judged(const SloSpec& spec, const SloReport& report);
/// The worst first, then the most frequent.
[[nodiscard]] std::vector<PulseAlert> readFiring(const std::vector<Series>& series);
/// By the label severity as people write it: critical, page, p1 … bad; info, low … a remark; all else is a warning.
[[nodiscard]] table::Health severityHealth(const QString& severity);
/// Bad before Warning before Unknown before the others.
[[nodiscard]] int urgencyOf(table::Health health);

} // namespace wk::monitoring
