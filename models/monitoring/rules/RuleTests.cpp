// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/RuleTests.h"

#include "monitoring/metrics/MetricExample.h"
#include "monitoring/metrics/MetricUnits.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Comparison = platform::Threshold::Comparison;

struct Sides
{
    double beyond = 0; ///< the rule fires
    double below = 0;  ///< it does not
    double near = 0;   ///< it does not, and the first minute beyond takes any mean across the limit
};

// 2 % on either side; a share never leaves 0 to 1.
Sides sidesOf(const platform::Threshold& limit, QStringView unit)
{
    constexpr double more = 1.02, less = 0.98, hair = 1e-4;
    const double t = limit.value;
    Sides sides;
    switch (limit.comparison) {
    case Comparison::Greater: sides = {t * more, t * less, t * (1 - hair)}; break;
    case Comparison::GreaterOrEqual: sides = {t, t * less, t * (1 - hair)}; break;
    case Comparison::Less: sides = {t * less, t * more, t * (1 + hair)}; break;
    case Comparison::LessOrEqual: sides = {t, t * more, t * (1 + hair)}; break;
    case Comparison::Equal: sides = {t, t + 1, t + 1}; break;
    case Comparison::NotEqual: sides = {t + 1, t, t}; break;
    case Comparison::Between: sides = {(t + limit.upper) / 2, limit.upper * more, limit.upper * (1 + hair)}; break;
    }
    if (unit == u"ratio") {
        for (double* side : {&sides.beyond, &sides.below, &sides.near})
            *side = std::min(*side, 1.0);
    }
    return sides;
}

Labels labelsLeft(const platform::Metric& metric, const std::vector<ExampleInput>& inputs)
{
    Labels left;
    for (const QString& name : metric.by) {
        if (const QString value = labelValue(inputs.front().labels, name); !value.isEmpty())
            left.emplace_back(name, value);
    }
    return left;
}

// {{ $labels.x }} and {{ with $labels.x }} … {{ . }} … {{ end }}, which is all that our annotations use.
QString printed(QString text, const Labels& labels, const QString& value, QStringView unit)
{
    text.replace(valueTemplate(unit), value);
    static const QRegularExpression with(
        u"\\{\\{ with \\$labels\\.(\\w+) \\}\\}(.*?)\\{\\{ \\. \\}\\}(.*?)\\{\\{ end \\}\\}"_s);
    for (QRegularExpressionMatch m = with.match(text); m.hasMatch(); m = with.match(text)) {
        const QString found = labelValue(labels, m.captured(1));
        text.replace(m.capturedStart(), m.capturedLength(),
                     found.isEmpty() ? QString() : m.captured(2) + found + m.captured(3));
    }
    return text;
}

std::vector<RuleTest::Input> inputOf(const std::vector<ExampleInput>& loud, const std::vector<ExampleInput>& quiet,
                                     const Sides& sides, qint64 quietMinutes, qint64 loudMinutes)
{
    std::vector<RuleTest::Input> input;
    for (size_t i = 0; i < loud.size() && quiet.empty(); ++i)
        input.push_back({loud[i].series, exampleValues(loud[i], sides.near, quietMinutes, sides.beyond, loudMinutes)});
    for (const ExampleInput& one : quiet)
        input.push_back({one.series, exampleValues(one, sides.below, 0, sides.below, loudMinutes)});
    return input;
}

// A rule that watches for what has vanished fires for everybody of whom there is nothing: the siblings of the one under
// test are there, and well.
std::vector<RuleTest::Input> wellSiblings(const RuleSubject& s, const Sides& sides, qint64 minutes)
{
    std::vector<RuleTest::Input> input;
    for (const MetricScope& scope : s.siblings) {
        if (scope.service == s.scope.service)
            continue;
        for (const ExampleInput& one : exampleOf(*s.metric, *s.form, scope, s.terms, sides.below))
            input.push_back({one.series, exampleValues(one, sides.below, 0, sides.below, minutes)});
    }
    return input;
}

} // namespace

std::pair<Labels, Labels> expectedAlert(const PlannedRule& rule, const Labels& left, double value, QStringView unit)
{
    Labels labels = left;
    for (const auto& [name, text] : rule.labels) {
        std::erase_if(labels, [&](const auto& label) { return label.first == name; });
        labels.emplace_back(name, text);
    }
    Labels annotations;
    for (const auto& [name, text] : rule.annotations)
        annotations.emplace_back(name, printed(text, labels, templateText(value, unit), unit));
    return {labels, annotations};
}

void addTests(RuleFile& file, const PlannedRule& rule, const RuleSubject& s)
{
    const Sides sides = sidesOf(s.limit, s.metric->unit);
    const auto loud = exampleOf(*s.metric, *s.form, s.scope, s.terms, sides.beyond);
    const auto quiet = exampleOf(*s.metric, *s.form, s.scope, s.terms, sides.below);
    const auto parsed = parsePromql(rule.expr);
    if (loud.empty() || quiet.empty() || !parsed)
        return;
    constexpr qint64 minute = 60'000;
    const qint64 waits = (rule.forMs + minute - 1) / minute, window = longestRangeMs(**parsed) / minute;
    const qint64 before = window + 2; // until every range is full
    const qint64 fires = before + window + waits + 1;
    const bool vanishes = rule.expr.contains(u"absent(");
    const QString name = rule.alert + u", "_s + labelValue(rule.labels, u"service") + u": "_s;

    const auto others = vanishes ? wellSiblings(s, sides, fires + 5) : std::vector<RuleTest::Input>();
    const auto with = [&](std::vector<RuleTest::Input> input) {
        std::ranges::copy(others, std::back_inserter(input));
        return input;
    };

    RuleTest beyond{name + u"fires"_s, with(inputOf(loud, {}, sides, before, window + waits + 5)), {}};
    // A histogram whose bounds depend on the value begins with its second sample.
    const qint64 onset = before + (loud.front().bound ? 1 : 0);
    beyond.checks.push_back({onset + waits - 1, rule.alert, {}});
    beyond.checks.push_back(
        {fires, rule.alert, {expectedAlert(rule, labelsLeft(*s.metric, loud), sides.beyond, s.metric->unit)}});
    file.tests.push_back(std::move(beyond));

    file.tests.push_back(
        {name + u"silent"_s, with(inputOf(loud, quiet, sides, 0, fires + 5)), {{fires, rule.alert, {}}}});

    if (!vanishes)
        return;
    Labels known;
    for (const PromqlNode::Matcher& matcher : matchersOf(s.scope, s.form->find)) {
        if (matcher.op == u"=")
            known.emplace_back(matcher.label, matcher.value);
    }
    file.tests.push_back({name + u"fires when nothing is there"_s,
                          others,
                          {{waits + 2, rule.alert, {expectedAlert(rule, known, sides.beyond, s.metric->unit)}}}});
}

} // namespace wk::monitoring
