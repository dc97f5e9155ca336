// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/rules/RuleCoverage.h"

#include "monitoring/promql/Promql.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QHash>
#include <QtCore/QSet>

#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using State = RuleCover::State;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

// An alert's expression, ready to be compared.
struct Compared
{
    QString whole, left, op;
    double limit = 0;
    bool parsed = false, compares = false;
};

Compared compared(const QString& expr)
{
    Compared result;
    const auto node = parsePromql(expr);
    if (!node)
        return result;
    result.parsed = true;
    result.whole = normalForm(**node);
    if (const auto comparison = comparisonOf(*node)) {
        result.compares = true;
        result.left = normalForm(*comparison->left);
        result.op = comparison->op;
        result.limit = comparison->limit;
    }
    return result;
}

struct ServerRule
{
    const Rule* rule = nullptr;
    QString name;
    Compared expr;
};

bool same(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)}); }

// Ours against theirs: below 0 theirs fires earlier, above 0 later.
int laterLimit(const Compared& ours, const Compared& theirs)
{
    if (same(ours.limit, theirs.limit))
        return 0;
    const bool upwards = ours.op.startsWith(u'>');
    return (theirs.limit > ours.limit) == upwards ? 1 : -1;
}

RuleCover judged(const PlannedRule& planned, const Compared& ours, const ServerRule& theirs, bool labelled)
{
    RuleCover cover;
    cover.rule = theirs.name;
    if (theirs.rule->health == u"err") {
        cover.state = State::Broken;
        cover.words = theirs.rule->lastError;
        return cover;
    }
    QStringList words;
    int laterByLimit = 0;
    if (ours.compares && theirs.expr.compares && ours.left == theirs.expr.left && ours.op == theirs.expr.op) {
        laterByLimit = laterLimit(ours, theirs.expr);
        if (laterByLimit != 0)
            words << tr("limit %1 instead of %2").arg(promqlNumber(theirs.expr.limit), promqlNumber(ours.limit));
    } else if (ours.whole != theirs.expr.whole && labelled) {
        laterByLimit = 1; // under our label, and what it asks is not what the file says
        words << tr("another expression: %1").arg(theirs.rule->query);
    }
    const qint64 laterByTime = theirs.rule->forMs - planned.forMs;
    if (laterByTime != 0)
        words << tr("after %1 instead of %2").arg(promqlDuration(theirs.rule->forMs), promqlDuration(planned.forMs));
    if (laterByLimit > 0 || laterByTime > 0)
        cover.state = State::Looser;
    else
        cover.state = laterByLimit < 0 || laterByTime < 0 ? State::Stricter : State::Covered;
    cover.words = words.join(u", "_s);
    return cover;
}

bool isLabelledAs(const Rule& rule, const PlannedRule& planned)
{
    return std::ranges::all_of(std::initializer_list<QString>{u"platform"_s, u"threshold"_s, u"service"_s},
                               [&](const QString& label) {
                                   return labelValue(rule.labels, label) == labelValue(planned.labels, label);
                               }) &&
           rule.name == planned.alert;
}

bool comparesTheSame(const Compared& ours, const Compared& theirs)
{
    return ours.parsed && theirs.parsed &&
           (ours.whole == theirs.whole ||
            (ours.compares && theirs.compares && ours.left == theirs.left && ours.op == theirs.op));
}

// The best of what the server has for one planned alert.
RuleCover coverOf(const PlannedRule& planned, const std::vector<ServerRule>& rules)
{
    const Compared ours = compared(planned.expr);
    RuleCover best;
    for (const ServerRule& candidate : rules) {
        const bool labelled = isLabelledAs(*candidate.rule, planned);
        if (!labelled && !comparesTheSame(ours, candidate.expr))
            continue;
        const RuleCover cover = judged(planned, ours, candidate, labelled);
        if (best.rule.isEmpty() || cover.state < best.state)
            best = cover;
    }
    best.threshold = planned.threshold;
    best.service = labelValue(planned.labels, u"service");
    best.alert = planned.alert;
    return best;
}

} // namespace

std::pair<int, int> RuleCoverage::thresholds() const
{
    QHash<QString, bool> all;
    for (const RuleCover& cover : covers) {
        const bool fine = cover.state == State::Covered || cover.state == State::Stricter;
        const auto known = all.find(cover.threshold);
        if (known == all.end())
            all.insert(cover.threshold, fine);
        else
            *known = *known && fine;
    }
    for (const RuleGap& gap : gaps)
        all.insert(gap.threshold, false);
    return {int(std::ranges::count(all, true)), int(all.size())};
}

RuleCoverage coverageOf(const RuleFile& plan, const std::vector<RuleGroup>& server)
{
    std::vector<ServerRule> rules;
    for (const RuleGroup& group : server) {
        for (const Rule& rule : group.rules) {
            if (rule.isAlerting)
                rules.push_back({&rule, group.name + u" / "_s + rule.name, compared(rule.query)});
        }
    }
    RuleCoverage coverage;
    coverage.gaps = plan.gaps;
    QSet<QString> planned;
    for (const PlannedGroup& group : plan.groups) {
        for (const PlannedRule& rule : group.rules) {
            if (rule.alert.isEmpty())
                continue;
            coverage.covers.push_back(coverOf(rule, rules));
            planned << rule.threshold + u'\n' + labelValue(rule.labels, u"service");
        }
    }
    for (const ServerRule& rule : rules) {
        const QString threshold = labelValue(rule.rule->labels, u"threshold"),
                      service = labelValue(rule.rule->labels, u"service");
        if (labelValue(rule.rule->labels, u"platform") == plan.platform && !threshold.isEmpty() &&
            !planned.contains(threshold + u'\n' + service))
            coverage.leftOver.push_back({rule.name, threshold, service});
    }
    return coverage;
}

} // namespace wk::monitoring
