// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/TemplateReader.h"

#include "platform/PlatformLoader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSet>

namespace wk::changes {

using namespace Qt::StringLiterals;
using Type = TemplateParameter::Type;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

constexpr qsizetype maxTrials = 200; ///< of words of choices

/// A platform that has one of everything that a template can ask for.
const platform::Platform& trialPlatform()
{
    static const auto load = platform::parsePlatform(R"(name: trial
title: Trial
clusters:
  - {name: production, class: production}
  - {name: staging, class: staging}
  - {name: development, class: development}
  - {name: test, class: test}
  - {name: recovery, class: recovery}
namespaces: [{name: trial, cluster: production}]
services:
  - {name: web, title: Web, kind: frontend, dependsOn: [api], workloads: [{kind: Deployment, name: web}]}
  - name: api
    title: API
    kind: application
    dependsOn: [db, cache]
    workloads:
      - {kind: Deployment, name: api, container: api, image: "trial/api:1", replicas: 2, minReplicas: 1, maxReplicas: 10}
      - {kind: DaemonSet, name: agent}
    endpoints: [{use: health, url: "https://trial.example/health"}]
  - {name: edge, title: Edge, kind: gateway, workloads: [{kind: Deployment, name: edge}]}
  - {name: db, title: DB, kind: database, databases: [trial], workloads: [{kind: StatefulSet, name: db}]}
  - {name: cache, title: Cache, kind: cache, workloads: [{kind: StatefulSet, name: cache}]}
  - {name: queue, title: Queue, kind: queue, workloads: [{kind: StatefulSet, name: queue}]}
  - {name: store, title: Store, kind: object-store, workloads: [{kind: StatefulSet, name: store}]}
  - {name: names, title: Names, kind: discovery, workloads: [{kind: StatefulSet, name: names}]}
  - {name: eyes, title: Eyes, kind: monitoring, workloads: [{kind: Deployment, name: eyes}]}
  - {name: partner, title: Partner, kind: external}
tuning:
  - {name: pool, title: Pool, settings: [{name: POOL, value: "5"}]}
  - {name: map, title: Map, configMap: trial, settings: [{name: pool, value: "5"}]}
)",
                                                     u"trial"_s);
    return *load.platforms.front();
}

QJsonObject liveOf(const TemplateValue& workload)
{
    const QString name = workload.text;
    const QJsonObject labels{{u"app"_s, name}};
    const QJsonObject container{{u"name"_s, workload.members.value(u"container"_s)}, {u"image"_s, u"trial/x:1"_s}};
    const QJsonObject podLabels{{u"app"_s, name}, {u"version"_s, u"1"_s}};
    const QJsonObject pods{{u"metadata"_s, QJsonObject{{u"labels"_s, podLabels}}},
                           {u"spec"_s, QJsonObject{{u"containers"_s, QJsonArray{container}}}}};
    const QJsonObject metadata{{u"name"_s, name}, {u"namespace"_s, workload.members.value(u"namespace"_s)}};
    return {{u"apiVersion"_s, u"apps/v1"_s},
            {u"kind"_s, workload.members.value(u"kind"_s)},
            {u"metadata"_s, metadata},
            {u"spec"_s, QJsonObject{{u"replicas"_s, 2},
                                    {u"selector"_s, QJsonObject{{u"matchLabels"_s, labels}}},
                                    {u"template"_s, pods}}}};
}

/// A value that a person could give; undefined where only the default can be.
QJsonValue sample(const TemplateField& field, const PlanTemplate& made, const QJsonObject& soFar)
{
    const TemplateParameter& p = field.parameter;
    if (!field.preset.isUndefined())
        return QJsonValue::Undefined;
    switch (p.type) {
    case Type::Integer: return field.low.value_or(1);
    case Type::Quantity: return u"500m"_s;
    case Type::Boolean: return true;
    case Type::Text: return p.example.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(p.example);
    case Type::Live: {
        const TemplateParameter* of = made.spec().parameter(p.of);
        const auto value = of ? facts::chosen(trialPlatform(), *of, {}, soFar.value(p.of).toString()) : std::nullopt;
        return value ? QJsonValue(liveOf(*value)) : QJsonValue(QJsonValue::Undefined);
    }
    default:
        return field.choices.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(field.choices.first().value);
    }
}

QJsonObject samples(const PlanTemplate& made, bool optional)
{
    QJsonObject out;
    for (qsizetype i = 0; i < made.spec().parameters.size(); ++i) {
        // Asked anew each time: choices and defaults follow from the values before.
        const TemplateField field = made.form(trialPlatform(), out).at(i);
        if (field.parameter.optional && !optional)
            continue;
        QJsonValue value = sample(field, made, out);
        // A workload that is its own default has to be known to what follows from it.
        if (value.isUndefined() && field.parameter.type == Type::Workload)
            value = field.preset;
        if (!value.isUndefined())
            out.insert(field.parameter.id, value);
    }
    return out;
}

class Reporter
{
public:
    Reporter(const TemplateSpec& spec, const platform::YamlNode& root, platform::YamlReport& report)
        : m_spec(spec), m_root(root), m_report(report)
    {
    }

    void add(const Mistake& mistake, const QList<qsizetype>& origin)
    {
        const QString text = mistake.place.isEmpty() ? mistake.message : mistake.place + u": "_s + mistake.message;
        const auto [line, column] = where(mistake, origin);
        const QString key = u"%1:%2 %3"_s.arg(line).arg(column).arg(text);
        if (m_seen.contains(key))
            return;
        m_seen.insert(key);
        m_report.add(line, column, text, Texts::tr("what a plan can hold"));
    }

private:
    std::pair<int, int> where(const Mistake& mistake, const QList<qsizetype>& origin) const
    {
        qsizetype step = mistake.step >= 0 ? origin.value(mistake.step, -1) : -1;
        const QStringList parts = mistake.place.split(u'.');
        if (step < 0 && parts.value(0) == "steps"_L1)
            step = parts.value(1).toInt() - 1;
        if (step >= 0 && step < m_spec.steps.size())
            return {m_spec.steps.at(step).line, m_spec.steps.at(step).column};
        const platform::YamlNode* node = m_root.find(parts.value(0));
        for (const auto& item : node ? node->items : decltype(node->items)()) {
            const platform::YamlNode* name = item->find(u"name");
            if (name && name->text == parts.value(1))
                return {item->line, item->column};
        }
        return node ? std::pair(node->line, node->column) : std::pair(1, 1);
    }

    const TemplateSpec& m_spec;
    const platform::YamlNode& m_root;
    platform::YamlReport& m_report;
    QSet<QString> m_seen;
};

} // namespace

void TemplateTrial::run(const TemplateSpec& spec, const platform::YamlNode& root, platform::YamlReport& report)
{
    TemplateSpec any = spec;
    any.platforms.clear();
    const PlanTemplate made(any);
    Reporter reporter(spec, root, report);
    QList<QJsonObject> trials{samples(made, true), samples(made, false)};
    for (const TemplateParameter& parameter : spec.parameters) {
        for (const QString& word :
             parameter.values.mid(0, maxTrials / std::max<qsizetype>(1, spec.parameters.size()))) {
            QJsonObject other = trials.first();
            other.insert(parameter.id, word);
            trials << other;
        }
    }
    for (const QJsonObject& given : std::as_const(trials)) {
        Mistakes mistakes;
        const auto filled = made.fill(trialPlatform(), given, {}, mistakes);
        PlanTemplate::Steps steps;
        if (mistakes.isEmpty())
            steps = made.steps(filled.scope, mistakes);
        if (mistakes.isEmpty()) {
            if (const auto plan = made.planOf(trialPlatform(), steps.list); !plan)
                mistakes = plan.error();
        }
        for (const Mistake& mistake : mistakes.list())
            reporter.add(mistake, steps.origin);
    }
}

} // namespace wk::changes
