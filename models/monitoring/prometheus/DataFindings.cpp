// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/DataFindings.h"

#include "platform/YamlReader.h"

#include <QtCore/QCoreApplication>

#include <array>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using Step = DataFinding::Step;
using Verdict = DataFinding::Verdict;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::DataProbe)
};

constexpr qsizetype mostValues = 5;
constexpr qsizetype mostNames = 5'000;
constexpr std::array stepNames{"reachable", "authorised", "path", "understood", "metric", "labels", "window", "query"};
static_assert(stepNames.size() == std::size_t(Step::Query) + 1);

/// The nearest first, then as they come.
QString someOf(const QStringList& values, const QString& wanted)
{
    QStringList shown = values.first(std::min(values.size(), mostValues));
    const QString near = platform::nearestWord(wanted, values.first(std::min(values.size(), mostNames)));
    if (!near.isEmpty()) {
        shown.removeOne(near);
        shown.prepend(near);
    }
    const qsizetype left = values.size() - std::min(values.size(), mostValues);
    shown.resize(std::min(shown.size(), mostValues));
    for (QString& one : shown)
        one = u'“' + one + u'”';
    const QString text = shown.join(u", "_s);
    return left > 0 ? Texts::tr("%1 and %2 more").arg(text).arg(left) : text;
}

} // namespace

QString stepName(Step step) { return QLatin1StringView(stepNames[std::size_t(step)]); }

bool DataFindings::holds() const
{
    return std::ranges::none_of(steps, [](const DataFinding& one) { return one.verdict == Verdict::Fails; });
}

QString DataFindings::text() const
{
    QStringList out;
    for (const DataFinding& one : steps) {
        if (one.verdict != Verdict::Fails)
            continue;
        out << one.sentence;
        if (!one.remedy.isEmpty())
            out << one.remedy;
    }
    if (out.isEmpty() && !steps.empty())
        out << steps.back().sentence;
    out.removeDuplicates();
    return out.join(u' ');
}

Step stepOf(const Error& error)
{
    switch (error.kind) {
    case Error::Kind::Unauthorized:
    case Error::Kind::Forbidden: return Step::Authorised;
    case Error::Kind::NotFound:
    case Error::Kind::Protocol:
    case Error::Kind::BadInput: return Step::Path;
    default: return Step::Reachable;
    }
}

QString holdsText(Step step)
{
    switch (step) {
    case Step::Reachable: return Texts::tr("The server answers.");
    case Step::Authorised: return Texts::tr("It accepts who asks.");
    case Step::Path: return Texts::tr("It is a Prometheus.");
    default: return Texts::tr("It understands the query.");
    }
}

QString nearestMetric(const QString& name, const QStringList& all)
{
    QStringList likely;
    for (const QString& one : all) {
        const bool alike = one.startsWith(name.first(std::min<qsizetype>(3, name.size())), Qt::CaseInsensitive) ||
                           one.endsWith(name.last(std::min<qsizetype>(6, name.size())), Qt::CaseInsensitive);
        if (alike && likely.size() < mostNames)
            likely << one;
    }
    return platform::nearestWord(name, likely);
}

QString whyNothingIsLeft(const PromqlPtr& node)
{
    using Kind = PromqlNode::Kind;
    if (node->kind == Kind::Call && node->name.startsWith("absent"_L1))
        return Texts::tr("The query answers only where something is absent, and it is there.");
    if (comparisonOf(node))
        return Texts::tr("The figures are there, and none of them meets the comparison at the end of this time.");
    int selectors = 0;
    bool pairs = false, sometimes = false;
    visitPromql(*node, [&](const PromqlNode& one) {
        static const QStringList comparing{u">"_s, u"<"_s, u">="_s, u"<="_s, u"=="_s, u"!="_s};
        selectors += one.kind == Kind::Selector ? 1 : 0;
        pairs = pairs || (one.kind == Kind::Binary && one.name != u"or");
        sometimes = sometimes || (one.kind == Kind::Binary && !one.isBool && comparing.contains(one.name));
    });
    if (sometimes)
        return Texts::tr("All that the query names is there, and a comparison in it leaves nothing.");
    if (pairs && selectors > 1)
        return Texts::tr("All that the query names is there, but no two series have the labels in common by which its "
                         "operators join them: on(…) or ignoring(…) says which count.");
    return Texts::tr("All that the query names is there, and what it does with it leaves nothing at the end of this "
                     "time.");
}

namespace words {

QString answered(int series)
{
    return series == 1 ? Texts::tr("At the end of this time there is an answer, of one series.")
                       : Texts::tr("At the end of this time there is an answer, of %1 series.").arg(series);
}
QString unread() { return Texts::tr("The query is one of a newer kind, which cannot be taken apart here."); }
QString thereIs(const QString& selector) { return Texts::tr("There are samples of %1.").arg(selector); }
QString nothingFits(const QString& selector) { return Texts::tr("No series fits %1.").arg(selector); }
QString ended(const QString& metric)
{
    return Texts::tr("The server knows %1, but has no sample of it in this time.").arg(metric);
}
QString lookAtTargets() { return Texts::tr("Whoever gave it may be gone, or is not scraped any more."); }
QString noMetric(const QString& metric, const QString& near)
{
    return near.isEmpty() ? Texts::tr("The server has no metric “%1”.").arg(metric)
                          : Texts::tr("The server has no metric “%1”; is “%2” meant?").arg(metric, near);
}
QString scraped() { return Texts::tr("Is what exposes it installed, and scraped?"); }
QString notTogether(const QString& selector)
{
    return Texts::tr("Each of the labels fits some series, but no series has them all: %1.").arg(selector);
}
QString badLabel(const QString& metric, const QString& label, const QString& condition, const QString& wanted,
                 const QStringList& values)
{
    if (values.isEmpty())
        return Texts::tr("No series of %1 has a label “%2”.").arg(metric, label);
    return Texts::tr("No series of %1 has %2%3; there it is %4.").arg(metric, label, condition, someOf(values, wanted));
}
QString oneSample(const QString& selector, const QString& window)
{
    return Texts::tr("%1 has a single sample within %2, and a change needs two.").arg(selector, window);
}
QString noSample(const QString& selector, const QString& window)
{
    return Texts::tr("%1 has no sample within the last %2 of this time: it ended before.").arg(selector, window);
}
QString longerWindow()
{
    return Texts::tr("The window should hold two scrapes at least: four times their interval is usual.");
}

} // namespace words

} // namespace wk::monitoring
