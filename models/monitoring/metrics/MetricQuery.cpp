// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/metrics/MetricQuery.h"

#include "platform/PlatformSchema.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

using namespace Qt::StringLiterals;

namespace wk::monitoring {

namespace {

using Find = platform::MetricForm::Find;
using Matcher = PromqlNode::Matcher;

QString tr(const char* text) { return QCoreApplication::translate("wk::monitoring", text); }

// A name inside a regular expression of RE2.
QString literal(const QString& name)
{
    static const QRegularExpression special(u"([.+*?()|\\[\\]{}^$\\\\])"_s);
    return QString(name).replace(special, u"\\\\1"_s);
}

Matcher oneOf(const QString& label, QStringList values)
{
    values.removeDuplicates();
    values.removeAll(QString());
    if (values.size() == 1)
        return {label, u"="_s, values[0]};
    for (QString& value : values)
        value = literal(value);
    return {label, u"=~"_s, values.join(u'|')};
}

// The pods of a workload. Source of the forms: the naming of ReplicaSets, StatefulSets and Jobs in Kubernetes.
QString podPattern(const platform::Workload& workload)
{
    const QString name = literal(workload.name);
    if (workload.kind == u"StatefulSet")
        return name + u"-[0-9]+"_s;
    if (workload.kind == u"Deployment")
        return name + u"-[0-9a-z]+-[0-9a-z]+"_s;
    return workload.kind == u"CronJob" ? name + u"-[0-9]+-[0-9a-z]+"_s : name + u"-[0-9a-z]+"_s;
}

QString homeOf(const platform::Platform& platform)
{
    for (const platform::Namespace& space : platform.namespaces) {
        if (space.main)
            return space.name;
    }
    return platform.namespaces.empty() ? QString() : platform.namespaces.front().name;
}

std::vector<const platform::Workload*> workloadsOf(const MetricScope& scope)
{
    std::vector<const platform::Workload*> list;
    if (scope.workload)
        return {scope.workload};
    list.reserve(scope.service->workloads.size());
    for (const platform::Workload& workload : scope.service->workloads)
        list.push_back(&workload);
    return list;
}

// Matchers that a platform file gives as text; what is no matcher was a mistake of the file and finds nothing here.
std::vector<Matcher> written(const QString& text)
{
    if (text.isEmpty())
        return {};
    const auto node = parsePromql(u'{' + text + u'}');
    return node ? (*node)->matchers : std::vector<Matcher>();
}

void serviceMatchers(const MetricScope& scope, Find find, std::vector<Matcher>& result)
{
    QStringList spaces, pods, deployments;
    for (const platform::Workload* workload : workloadsOf(scope)) {
        spaces << workload->space;
        pods << podPattern(*workload);
        deployments << workload->name;
    }
    if (spaces.isEmpty())
        spaces << homeOf(*scope.platform);
    result.push_back(oneOf(find == Find::Ingress ? u"exported_namespace"_s : u"namespace"_s, spaces));
    if (find == Find::Pods && !pods.isEmpty())
        result.push_back({u"pod"_s, u"=~"_s, pods.join(u'|')});
    // A Service is called as its workload, as a rule; a platform file says where it is not.
    if ((find == Find::Deployments || find == Find::Ingress) && !deployments.isEmpty())
        result.push_back(oneOf(find == Find::Ingress ? u"exported_service"_s : u"deployment"_s, deployments));
}

// Puts `value` in the place of the word. Nothing takes the comma beside it along.
void putWord(QString& text, QStringView word, const QString& value)
{
    for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at)) {
        qsizetype end = at + word.size();
        if (end < text.size() && text[end].isLetter()) {
            at = end;
            continue;
        }
        if (value.isEmpty()) {
            const QStringView before = QStringView(text).first(at).trimmed();
            const QStringView behind = QStringView(text).sliced(end);
            if (before.endsWith(u','))
                at = before.size() - 1;
            else if (behind.trimmed().startsWith(u','))
                end += behind.indexOf(u',') + 1;
        }
        text.replace(at, end - at, value);
        at += value.size();
    }
}

// "$each(…)": the product over the platform's services that have the metric, each with its own $where.
QString withEach(QString text, const platform::Metric& metric, const platform::MetricForm& form,
                 const MetricScope& scope, const QueryTerms& terms)
{
    const qsizetype begin = text.indexOf(u"$each(");
    if (begin < 0)
        return text;
    qsizetype end = begin + 6;
    int depth = 1;
    for (; end < text.size() && depth > 0; ++end)
        depth += text[end] == u'(' ? 1 : text[end] == u')' ? -1 : 0;
    if (depth > 0)
        return text; // never closed: no PromQL comes of it, and whoever reads the file says so
    const QString inner = text.sliced(begin + 6, end - begin - 7);
    std::vector<const platform::Service*> services{scope.service};
    if (!scope.service)
        services = servicesWith(metric, *scope.platform);
    QStringList factors;
    for (const platform::Service* service : services)
        factors << u'(' + filledIn(inner, metric, form, {scope.platform, service, scope.workload, {}}, terms) + u')';
    const QString product = factors.join(u" * "_s);
    return text.replace(begin, end - begin, factors.size() == 1 ? product : u'(' + product + u')');
}

// An upper bound as exporters write it: "1" and, in OpenMetrics, "1.0".
QString boundPattern(double bound)
{
    const QString text = promqlNumber(bound);
    return text.contains(u'.') || text.contains(u'e') ? literal(text) : text + u"|"_s + text + u"\\.0"_s;
}

void putLimit(QString& text, const platform::MetricForm& form, double limit)
{
    putWord(text, u"$bucket", promqlQuoted(boundPattern(limit)));
    double lower = 0, upper = limit;
    for (const double bound : form.buckets) {
        upper = bound;
        if (bound >= limit)
            break;
        lower = bound;
    }
    putWord(text, u"$lower", promqlQuoted(boundPattern(lower)));
    putWord(text, u"$upper", promqlQuoted(boundPattern(upper)));
    putWord(text, u"$part", promqlNumber(upper > lower ? std::min((limit - lower) / (upper - lower), 1.0) : 1));
}

} // namespace

std::vector<Matcher> matchersOf(const MetricScope& scope, Find find)
{
    std::vector<Matcher> result;
    for (const platform::Cluster& cluster : scope.platform->clusters) {
        if (cluster.klass == platform::ClusterClass::Production)
            std::ranges::copy(written(cluster.series), std::back_inserter(result));
    }
    if (find == Find::Nodes) {
        if (!scope.node.isEmpty())
            result.push_back({u"instance"_s, u"=~"_s, literal(scope.node) + u"(:[0-9]+)?"_s});
    } else if (scope.service && !scope.service->series.isEmpty()) {
        std::ranges::copy(written(scope.service->series), std::back_inserter(result));
    } else if (scope.service) {
        serviceMatchers(scope, find, result);
    } else {
        result.push_back(
            oneOf(find == Find::Ingress ? u"exported_namespace"_s : u"namespace"_s, scope.platform->namespaceNames()));
        if (!scope.node.isEmpty())
            result.push_back({u"node"_s, u"="_s, scope.node});
    }
    return result;
}

QString filledIn(const QString& form, const platform::Metric& metric, const platform::MetricForm& of,
                 const MetricScope& scope, const QueryTerms& terms)
{
    QString text = withEach(form, metric, of, scope, terms);
    QStringList matchers;
    for (const Matcher& m : matchersOf(scope, of.find))
        matchers << m.label + m.op + promqlQuoted(m.value);
    putWord(text, u"$where", matchers.join(u','));
    putWord(text, u"$by", metric.by.join(u", "_s));
    putWord(text, u"$window", terms.window);
    if (terms.quantile)
        putWord(text, u"$quantile", promqlNumber(*terms.quantile / 100));
    if (terms.limit)
        putLimit(text, of, *terms.limit);
    // An aggregation over everything and a selector without matchers, as a person would write them.
    return text.remove(u" by () "_s).remove(u"{}"_s).simplified();
}

std::vector<const platform::Service*> servicesWith(const platform::Metric& metric, const platform::Platform& platform)
{
    std::vector<const platform::Service*> found;
    for (const platform::Service& service : platform.services) {
        const auto kind = std::ranges::find(platform::serviceKinds(), service.kind,
                                            &platform::YamlReader::Choice<platform::Service::Kind>::value);
        const bool fits = (metric.kinds.isEmpty() || metric.kinds.contains(QString::fromUtf16(kind->word))) &&
                          (metric.products.isEmpty() || metric.products.contains(service.product));
        // A service without workloads is told by its exporter alone, which speaks of one product.
        const bool distinct = !service.workloads.empty() || !service.series.isEmpty() || !metric.products.isEmpty();
        if (fits && distinct)
            found.push_back(&service);
    }
    return found;
}

QStringList neededSeries(const platform::Metric& metric, const MetricScope& scope, const QueryTerms& terms)
{
    QStringList needed;
    for (const platform::MetricForm& form : metric.forms) {
        if (!form.needs.isEmpty())
            needed << filledIn(form.needs, metric, form, scope, terms);
    }
    needed.removeDuplicates();
    return needed;
}

Result<MetricQuery> queryOf(const platform::Metric& metric, const MetricScope& scope, const QueryTerms& terms,
                            const SeriesPresence& presence)
{
    if (metric.forms.empty())
        return fail(Error::Kind::Unsupported,
                    tr("Prometheus cannot tell \"%1\": %2").arg(metric.title, metric.unmeasured));
    MetricQuery query;
    // A quantile has forms of its own; without one, those of the mean are asked where there are any.
    const auto fits = [&](const platform::MetricForm& form) {
        const bool wants = form.query.contains(u"$quantile");
        return wants == terms.quantile.has_value() || std::ranges::none_of(metric.forms, [&](const auto& other) {
                   return other.query.contains(u"$quantile") != wants;
               });
    };
    for (const platform::MetricForm& form : metric.forms) {
        if (!fits(form))
            continue;
        std::optional<bool> there = form.recorded ? std::optional(false) : std::optional<bool>();
        if (form.needs.isEmpty()) {
            there = true;
        } else if (presence) {
            const QString selector = filledIn(form.needs, metric, form, scope, terms);
            there = presence(selector).value_or(!form.recorded);
            if (!*there)
                query.missing << selector;
        }
        if (there.value_or(true)) {
            query.form = &form;
            query.missing.clear();
            break;
        }
    }
    if (!query.form) // nothing is there: what would be asked where it were
        query.form = &*std::ranges::find_if(metric.forms, [&](const platform::MetricForm& form) {
            return (!form.recorded && fits(form)) || &form == &metric.forms.back();
        });
    if (query.form->query.contains(u"$each(") && !scope.service && servicesWith(metric, *scope.platform).empty())
        return fail(Error::Kind::Unsupported,
                    tr("No service of %1 has \"%2\" (%3)")
                        .arg(scope.platform->title, metric.title, (metric.kinds + metric.products).join(u", "_s)));
    query.promql = filledIn(query.form->query, metric, *query.form, scope, terms);
    if (query.promql.contains(u'$'))
        return fail(Error::Kind::BadInput,
                    query.promql.contains(u"$quantile") ? tr("\"%1\" wants a quantile, such as 95").arg(metric.title)
                                                        : tr("\"%1\" wants a limit in seconds").arg(metric.title),
                    query.promql);
    return query;
}

} // namespace wk::monitoring
