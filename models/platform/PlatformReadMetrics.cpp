// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformSchema.h"

#include "platform/PlatformWords.h"

#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::platform {

namespace {

using Need = YamlReader::Need;

// Reports the words that are not among those allowed.
void checkWords(YamlReader& r, QStringView key, const QStringList& given, const QStringList& allowed)
{
    for (const QString& word : given) {
        if (!allowed.contains(word))
            r.report().add(*r.node().find(key), Words::tr("\"%1\" is not known here").arg(word),
                           Words::tr("one of %1").arg(allowed.join(u' ')));
    }
}

void readFigure(YamlReader& r, QStringView key, bool counter, ExampleSeries& e)
{
    QString text;
    r.text(key, text);
    if (text.isEmpty())
        return;
    const auto linear = parseLinear(text);
    if (!linear) {
        r.report().add(*r.node().find(key), Words::tr("\"%1\" is no figure of v").arg(text),
                       Words::tr("such as \"600 v\", \"1 - v\" or \"60\""));
        return;
    }
    e.counter = counter;
    e.base = linear->first;
    e.times = linear->second;
}

void readExample(YamlReader& r, ExampleSeries& e)
{
    r.text(u"series", e.series, Need::Required);
    readFigure(r, u"is", false, e);
    readFigure(r, u"rises", true, e);
    if (r.has(u"is") == r.has(u"rises"))
        r.report().add(r.node(), Words::tr("the example says neither or both of \"is\" and \"rises\""),
                       Words::tr("is (a value) or rises (by so much each minute)"));
}

void readForm(YamlReader& r, MetricForm& f)
{
    using Find = MetricForm::Find;
    static constexpr YamlReader::Choice<Find> finds[] = {{u"pods", Find::Pods},
                                                         {u"namespace", Find::Namespace},
                                                         {u"deployments", Find::Deployments},
                                                         {u"ingress", Find::Ingress},
                                                         {u"nodes", Find::Nodes}};
    r.text(u"query", f.query, Need::Required);
    r.text(u"needs", f.needs);
    r.choice<Find>(u"find", f.find, finds);
    r.boolean(u"recorded", f.recorded);
    QStringList bounds;
    r.texts(u"buckets", bounds);
    for (const QString& bound : bounds) {
        bool ok = false;
        f.buckets.push_back(bound.toDouble(&ok));
        if (!ok || (f.buckets.size() > 1 && f.buckets[f.buckets.size() - 2] >= f.buckets.back()))
            r.report().add(*r.node().find(u"buckets"), Words::tr("\"%1\" is no next upper bound").arg(bound),
                           Words::tr("numbers, each larger than the one before"));
    }
    r.list<ExampleSeries>(u"example", Words::tr("example series"), f.example, readExample);
}

void readMetric(YamlReader& r, Metric& m)
{
    using Scope = Metric::Scope;
    using Overall = Metric::Overall;
    static constexpr YamlReader::Choice<Scope> scopes[] = {
        {u"platform", Scope::Platform}, {u"service", Scope::Service}, {u"node", Scope::Node}};
    static constexpr YamlReader::Choice<Overall> overalls[] = {
        {u"max", Overall::Max}, {u"min", Overall::Min}, {u"sum", Overall::Sum}, {u"mean", Overall::Mean}};
    r.label(m.name);
    r.text(u"title", m.title, Need::Required);
    r.text(u"same", m.same);
    r.text(u"unit", m.unit, m.same.isEmpty() ? Need::Required : Need::Optional);
    checkWords(r, u"unit", m.unit.isEmpty() ? QStringList() : QStringList{m.unit}, metricUnits());
    r.texts(u"words", m.words);
    r.text(u"meaning", m.meaning);
    r.choice<Scope>(u"scope", m.scope, scopes);
    r.texts(u"by", m.by);
    r.choice<Overall>(u"overall", m.overall, overalls);
    r.boolean(u"zero", m.zero);
    r.boolean(u"moments", m.moments);
    QStringList kinds;
    for (const auto& kind : serviceKinds())
        kinds << QString::fromUtf16(kind.word);
    r.texts(u"kinds", m.kinds);
    checkWords(r, u"kinds", m.kinds, kinds);
    r.texts(u"products", m.products);
    r.list<Metric::Condition>(u"conditions", Words::tr("condition"), m.conditions,
                              [](YamlReader& c, Metric::Condition& out) {
                                  c.text(u"words", out.words, Need::Required);
                                  c.threshold(u"when", out.when);
                              });
    r.text(u"slow", m.slow);
    r.text(u"traffic", m.traffic);
    r.text(u"unmeasured", m.unmeasured);
    r.text(u"source", m.source);
    r.list<MetricForm>(u"forms", Words::tr("form"), m.forms, readForm);
    if (int(r.has(u"forms")) + int(r.has(u"unmeasured")) + int(r.has(u"same")) != 1)
        r.report().add(r.node(), Words::tr("the metric says nothing or too much of how it is asked"),
                       Words::tr("one of forms, same (another metric) and unmeasured (why it cannot be)"));
}

} // namespace

const QStringList& metricUnits()
{
    static const QStringList units{u"ratio"_s, u"s"_s,   u"bytes"_s, u"bytes/s"_s,
                                   u"1/s"_s,   u"1/d"_s, u"count"_s, u"USD"_s};
    return units;
}

std::optional<std::pair<double, double>> parseLinear(QStringView text)
{
    if (text.size() > 64)
        return std::nullopt;
    static const QRegularExpression form(
        u"^\\s*(?:(\\d+(?:\\.\\d+)?)(?!\\s*v|[\\d.]))?\\s*(?:([+-])?\\s*(\\d+(?:\\.\\d+)?)?\\s*(v))?\\s*$"_s);
    const QRegularExpressionMatch match = form.match(text.toString());
    const bool hasBase = match.hasMatch() && !match.captured(1).isEmpty();
    const bool hasTimes = match.hasMatch() && !match.captured(4).isEmpty();
    const bool hasSign = hasTimes && !match.captured(2).isEmpty();
    if ((!hasBase && !hasTimes) || (hasBase && hasTimes && !hasSign))
        return std::nullopt;
    double times = 0;
    if (hasTimes)
        times = (match.captured(3).isEmpty() ? 1 : match.captured(3).toDouble()) * (match.captured(2) == u"-" ? -1 : 1);
    return std::pair(hasBase ? match.captured(1).toDouble() : 0.0, times);
}

void readMetrics(YamlReader& r, std::vector<Metric>& metrics, YamlReader::Need need)
{
    r.list<Metric>(u"metrics", Words::tr("metric"), metrics, readMetric, need);
}

} // namespace wk::platform
