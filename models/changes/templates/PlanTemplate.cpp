// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/PlanTemplate.h"

#include "changes/plan/Json.h"
#include "changes/templates/TemplateManifest.h"
#include "core/Quantity.h"
#include "platform/YamlReader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

namespace wk::changes {

using namespace Qt::StringLiterals;
using platform::Platform;
using Type = TemplateParameter::Type;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

QString placeOf(const QString& id) { return u"parameters."_s + id; }

/// A whole number, also as the digits that a command line gives.
std::optional<qint64> wholeNumber(const QJsonValue& value)
{
    bool ok = false;
    if (value.isString()) {
        const qint64 n = value.toString().toLongLong(&ok);
        return ok && std::abs(n) <= maxJsonInteger ? std::optional(n) : std::nullopt;
    }
    const double d = value.toDouble();
    const qint64 n = value.toInteger();
    return value.isDouble() && double(n) == d && std::abs(n) <= maxJsonInteger ? std::optional(n) : std::nullopt;
}

/// Reads one given value by its parameter's type; adds why it cannot be that.
class ValueReader
{
public:
    ValueReader(const Platform& platform, const TemplateField& field, TemplateValue of, Mistakes& mistakes)
        : m_platform(platform), m_field(field), m_of(std::move(of)), m_mistakes(mistakes)
    {
    }

    TemplateValue read(const QJsonValue& value) const
    {
        switch (m_field.parameter.type) {
        case Type::Integer: return integer(value);
        case Type::Text:
        case Type::Quantity: return text(value);
        case Type::Boolean: return boolean(value);
        case Type::Workloads: return several(value);
        case Type::Live: return live(value);
        default: return one(value.toString());
        }
    }

private:
    TemplateValue wrong(const QString& message) const
    {
        m_mistakes.add(placeOf(m_field.parameter.id), message);
        return {};
    }

    TemplateValue integer(const QJsonValue& value) const
    {
        const auto n = wholeNumber(value);
        const qint64 low = m_field.low.value_or(0), high = m_field.high.value_or(maxJsonInteger);
        return n && *n >= low && *n <= high
                   ? TemplateValue::of(QJsonValue(*n))
                   : wrong(Texts::tr("must be a whole number from %1 to %2").arg(low).arg(high));
    }

    TemplateValue text(const QJsonValue& value) const
    {
        const QString text = value.toString();
        if (!value.isString() || text.isEmpty() || text.size() > 2000)
            return wrong(Texts::tr("must be a text of up to 2000 characters"));
        if (m_field.parameter.type == Type::Quantity) {
            const auto figure = parseQuantityMilli(text.toStdString());
            return figure && *figure > 0 ? TemplateValue::of(text)
                                         : wrong(Texts::tr("must be a quantity such as 500m or 1Gi"));
        }
        const QString& pattern = m_field.parameter.pattern;
        if (!pattern.isEmpty() && !QRegularExpression(u"\\A(?:%1)\\z"_s.arg(pattern)).match(text).hasMatch())
            return wrong(
                Texts::tr("“%1” does not look like %2")
                    .arg(text.left(60), m_field.parameter.example.isEmpty() ? pattern : m_field.parameter.example));
        return TemplateValue::of(text);
    }

    TemplateValue boolean(const QJsonValue& value) const
    {
        const QString text = value.toString();
        if (value.isBool())
            return TemplateValue::of(value);
        return text == "true"_L1 || text == "false"_L1 ? TemplateValue::of(QJsonValue(text == "true"_L1))
                                                       : wrong(Texts::tr("must be true or false"));
    }

    TemplateValue one(const QString& given) const
    {
        if (auto value = facts::chosen(m_platform, m_field.parameter, m_of, given))
            return *value;
        QStringList known;
        for (const auto& choice : m_field.choices)
            known << choice.value;
        return wrong(known.isEmpty()
                         ? Texts::tr("the platform file of %1 names nothing to choose from").arg(m_platform.title)
                         : Texts::tr("“%1” is none of: %2").arg(given.left(80), known.mid(0, 20).join(u", "_s)));
    }

    TemplateValue several(const QJsonValue& value) const
    {
        QStringList names;
        if (value.isString())
            names = value.toString().split(u',', Qt::SkipEmptyParts);
        const QJsonArray given = value.toArray();
        for (const auto& item : given)
            names << item.toString();
        TemplateValue out;
        QJsonArray list;
        QStringList words;
        for (const QString& name : names) {
            TemplateValue item = one(name.trimmed());
            if (!item.isGiven())
                continue;
            list.append(item.value);
            words << item.text;
            out.items << item;
        }
        out.text = words.join(u", "_s);
        if (!out.items.isEmpty())
            out.value = list;
        return names.isEmpty() ? wrong(Texts::tr("must name at least one")) : out;
    }

    TemplateValue live(const QJsonValue& value) const
    {
        const QJsonObject object = value.toObject();
        const QJsonObject target = m_of.value.toObject();
        const QJsonObject metadata = object.value("metadata"_L1).toObject();
        const bool same = object.value("kind"_L1) == target.value("kind"_L1) &&
                          metadata.value("name"_L1) == target.value("name"_L1) &&
                          metadata.value("namespace"_L1) == target.value("namespace"_L1);
        if (!same)
            return wrong(Texts::tr("must be %1 as the cluster gives it").arg(m_of.text));
        TemplateValue out;
        out.value = object;
        out.text = m_of.text;
        const QJsonObject spec = object.value("spec"_L1).toObject();
        out.members.insert(u"replicas"_s, spec.value("replicas"_L1).toInteger(1));
        if (const QJsonValue version = spec["template"_L1]["metadata"_L1]["labels"_L1]["version"_L1];
            version.isString())
            out.members.insert(u"version"_s, version);
        return out;
    }

    const Platform& m_platform;
    const TemplateField& m_field;
    TemplateValue m_of;
    Mistakes& m_mistakes;
};

std::optional<qint64> figureOf(const TemplateFigure& figure, const TemplateScope& scope)
{
    const auto of = wholeNumber(scope.evaluate(u'$' + figure.of, figure.id));
    if (!of)
        return std::nullopt;
    if (figure.percent.isEmpty())
        return *of * figure.times + figure.plus;
    const auto percent = wholeNumber(scope.evaluate(u'$' + figure.percent, figure.id));
    return percent ? std::optional(std::max<qint64>(1, (*of * *percent + 99) / 100)) : std::nullopt;
}

} // namespace

const TemplateParameter* TemplateSpec::parameter(QStringView id) const
{
    const auto it = std::ranges::find_if(parameters, [&](const TemplateParameter& p) { return p.id == id; });
    return it == parameters.end() ? nullptr : &*it;
}

void PlanTemplate::fillOne(const Platform& platform, const TemplateParameter& parameter, const QJsonObject& given,
                           bool open, Filled& filled, Mistakes& mistakes) const
{
    TemplateField field;
    field.parameter = parameter;
    const TemplateScope& scope = filled.scope;
    const QString place = placeOf(parameter.id);
    const TemplateValue of = parameter.of.isEmpty() ? TemplateValue() : scope.value(parameter.of);
    field.low = wholeNumber(scope.evaluate(parameter.low, place));
    field.high = wholeNumber(scope.evaluate(parameter.high, place));
    field.choices = facts::choices(platform, parameter, of);
    field.preset = scope.evaluate(parameter.preset, place);
    const bool single = field.choices.size() == 1 && !parameter.optional;
    if (field.preset.isUndefined() && parameter.type == Type::Workloads && !parameter.optional) {
        QJsonArray all;
        for (const auto& choice : field.choices)
            all.append(choice.value);
        field.preset = all.isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(all);
    } else if (field.preset.isUndefined() && single) {
        field.preset = field.choices.first().value;
    }
    const QJsonValue wanted = given.value(parameter.id);
    const bool left = wanted.isUndefined() || wanted.isNull() || (wanted.isString() && wanted.toString().isEmpty());
    field.value = left ? field.preset : wanted;
    // A default that the bounds of this platform forbid is none.
    TemplateValue value;
    if (open)
        value.open = true;
    else if (!field.value.isUndefined())
        value = ValueReader(platform, field, of, mistakes).read(field.value);
    else if (!parameter.optional)
        mistakes.add(place, Texts::tr("is missing"));
    filled.scope.set(parameter.id, value);
    filled.fields << field;
}

PlanTemplate::Filled PlanTemplate::fill(const Platform& platform, const QJsonObject& given, const QStringList& open,
                                        Mistakes& mistakes) const
{
    Filled filled{TemplateScope(mistakes), {}};
    filled.scope.set(u"platform"_s, facts::about(platform));
    QStringList known;
    for (const TemplateParameter& parameter : m_spec.parameters) {
        known << parameter.id;
        fillOne(platform, parameter, given, open.contains(parameter.id), filled, mistakes);
    }
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (known.contains(it.key()))
            continue;
        const QString near = platform::nearestWord(it.key(), known);
        mistakes.add(placeOf(it.key()), near.isEmpty() ? Texts::tr("is no parameter of “%1”").arg(m_spec.title)
                                                       : Texts::tr("is not known; did you mean “%1”?").arg(near));
    }
    for (const TemplateFigure& figure : m_spec.figures) {
        for (const QString& name : {figure.of, figure.percent}) {
            if (filled.scope.value(name.section(u'.', 0, 0)).open)
                mistakes.add(placeOf(name),
                             Texts::tr("is computed with (“%1”) and has to have its value").arg(figure.id));
        }
        if (const auto n = figureOf(figure, filled.scope))
            filled.scope.set(figure.id, TemplateValue::of(QJsonValue(*n)));
    }
    return filled;
}

PlanTemplate::Steps PlanTemplate::steps(const TemplateScope& scope, Mistakes& mistakes) const
{
    Steps out;
    for (qsizetype i = 0; i < m_spec.steps.size(); ++i) {
        const TemplateStep& step = m_spec.steps.at(i);
        const QString place = u"steps.%1"_s.arg(i + 1);
        if (!std::ranges::all_of(step.when, [&](const QString& c) { return scope.holds(c, place + u".when"_s); }))
            continue;
        const auto items = step.each.isEmpty() ? QList<TemplateValue>{{}} : scope.value(step.each).items;
        for (const TemplateValue& item : items) {
            TemplateScope inner = scope;
            if (!step.each.isEmpty())
                inner.set(u"each"_s, item);
            QJsonObject body = inner.evaluate(step.body, place).toObject();
            if (const QJsonValue target = body.value("target"_L1); target.isObject())
                body.insert(u"target"_s, completedTarget(target.toObject()));
            if (QJsonObject parameters = body.value("parameters"_L1).toObject();
                isCopy(parameters.value("manifest"_L1))) {
                parameters.insert(u"manifest"_s, copyOf(parameters.value("manifest"_L1).toObject(), place, mistakes));
                body.insert(u"parameters"_s, parameters);
            }
            out.list.append(body);
            out.origin << i;
        }
    }
    return out;
}

QList<TemplateField> PlanTemplate::form(const Platform& platform, const QJsonObject& given) const
{
    Mistakes ignored;
    return fill(platform, given, {}, ignored).fields;
}

PlanTemplate::Made<Plan> PlanTemplate::make(const Platform& platform, const QJsonObject& given) const
{
    Mistakes mistakes;
    if (!fits(platform))
        mistakes.add({}, Texts::tr("“%1” is not for %2").arg(m_spec.title, platform.title));
    const Filled filled = fill(platform, given, {}, mistakes);
    if (!mistakes.isEmpty())
        return std::unexpected(mistakes);
    const Steps made = steps(filled.scope, mistakes);
    if (made.list.isEmpty())
        mistakes.add(u"steps"_s, Texts::tr("with these values there is nothing to do"));
    if (!mistakes.isEmpty())
        return std::unexpected(mistakes);
    return planOf(platform, made.list);
}

PlanTemplate::Made<Plan> PlanTemplate::planOf(const Platform& platform, const QJsonArray& steps) const
{
    const auto text = canonicalJson(QJsonObject{{u"format"_s, u"watchkeeper/plan/v1"_s},
                                                {u"platform"_s, platform.name},
                                                {u"title"_s, m_spec.title},
                                                {u"steps"_s, steps}});
    if (text)
        return Plan::parse(*text);
    Mistakes mistakes;
    mistakes.add({}, text.error().sentence);
    return std::unexpected(mistakes);
}

PlanTemplate::Made<RequestFields> PlanTemplate::fields(const Platform& platform, const QJsonObject& given) const
{
    Mistakes mistakes;
    const Filled filled = fill(platform, given, {}, mistakes);
    if (!mistakes.isEmpty())
        return std::unexpected(mistakes);
    const TemplateForm& form = m_spec.form;
    const auto text = [&](const QString& source) { return filled.scope.text(source, u"request"_s); };
    RequestFields out;
    out.title = text(form.title).simplified().left(200);
    out.type = form.type;
    out.risk = form.risk;
    out.what = text(form.what);
    out.why = text(form.why);
    out.impact = text(form.impact);
    out.tests = text(form.tests);
    out.rollbackPlan = text(form.rollbackPlan);
    out.dataRecovery = text(form.dataRecovery);
    const QJsonValue minutes = filled.scope.evaluate(form.rollbackMinutes, u"request.rollback.minutes"_s);
    if (m_spec.stored) {
        out.templateName = m_spec.name;
        for (const TemplateParameter& parameter : m_spec.parameters)
            out.templateParameters.insert(parameter.id, filled.scope.value(parameter.id).value);
    }
    out.rollbackMinutes = int(wholeNumber(minutes).value_or(-1));
    return out;
}

} // namespace wk::changes
