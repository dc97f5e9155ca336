// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/PlanTemplate.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;
using platform::Platform;
using Type = TemplateParameter::Type;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

constexpr auto placeholder = "$parameter"_L1;
constexpr char16_t quantityPattern[] = uR"([0-9]+(\.[0-9]+)?(m|k|[KMGTPE]i?)?)";

/// What the store can hold open: it compares a value with bounds, a pattern or a list. It leaves no step and no member
/// out, so what may be missing has to be decided beforehand.
bool canStayOpen(const TemplateParameter& parameter)
{
    if (parameter.optional)
        return false;
    switch (parameter.type) {
    case Type::Integer:
    case Type::Text:
    case Type::Quantity:
    case Type::Choice: return true;
    default: return false;
    }
}

/// The bounds as the store writes them; a mistake where there are none.
QJsonObject bounds(const TemplateField& field, Mistakes& mistakes)
{
    const TemplateParameter& parameter = field.parameter;
    const QString place = u"parameters."_s + parameter.id;
    switch (parameter.type) {
    case Type::Integer:
        if (!field.low || !field.high)
            mistakes.add(place, Texts::tr("has no bounds that an approval could rest on"));
        return {{u"type"_s, u"integer"_s}, {u"min"_s, field.low.value_or(0)}, {u"max"_s, field.high.value_or(0)}};
    case Type::Choice: return {{u"type"_s, u"choice"_s}, {u"values"_s, QJsonArray::fromStringList(parameter.values)}};
    case Type::Quantity: return {{u"type"_s, u"text"_s}, {u"pattern"_s, QString::fromUtf16(quantityPattern)}};
    default:
        if (parameter.pattern.isEmpty())
            mistakes.add(place, Texts::tr("has no pattern that an approval could rest on"));
        return {{u"type"_s, u"text"_s}, {u"pattern"_s, parameter.pattern}};
    }
}

/// A value inside the bounds.
QJsonValue sample(const TemplateField& field)
{
    const TemplateParameter& parameter = field.parameter;
    if (!field.preset.isUndefined())
        return field.preset;
    switch (parameter.type) {
    case Type::Integer: return field.low.value_or(0);
    case Type::Choice: return parameter.values.value(0);
    case Type::Quantity: return parameter.example.isEmpty() ? u"1"_s : parameter.example;
    default: return parameter.example;
    }
}

/// What the store itself does: every {"$parameter": name} becomes that value.
QJsonValue instantiated(const QJsonValue& node, const QJsonObject& values)
{
    if (node.isArray()) {
        QJsonArray out;
        const QJsonArray list = node.toArray();
        for (const auto& item : list)
            out.append(instantiated(item, values));
        return out;
    }
    if (!node.isObject())
        return node;
    const QJsonObject object = node.toObject();
    if (object.contains(placeholder))
        return values.value(object.value(placeholder).toString());
    QJsonObject out;
    for (auto it = object.begin(); it != object.end(); ++it)
        out.insert(it.key(), instantiated(it.value(), values));
    return out;
}

/// The other way round: a tree of the store as steps are written, with "$name" and every other "$" doubled.
QJsonValue written(const QJsonValue& node)
{
    if (node.isString())
        return TemplateScope::escaped(node.toString());
    if (node.isArray()) {
        QJsonArray out;
        const QJsonArray list = node.toArray();
        for (const auto& item : list)
            out.append(written(item));
        return out;
    }
    if (!node.isObject())
        return node;
    const QJsonObject object = node.toObject();
    if (object.contains(placeholder))
        return u'$' + object.value(placeholder).toString();
    QJsonObject out;
    for (auto it = object.begin(); it != object.end(); ++it)
        out.insert(TemplateScope::escaped(it.key()), written(it.value()));
    return out;
}

/// As a plan writes a step: without what is the default.
QJsonArray normal(const QJsonArray& steps)
{
    QJsonArray out;
    for (const auto& item : steps) {
        QJsonObject step = item.toObject();
        if (step.value("onFailure"_L1).toString() == "stop"_L1)
            step.remove("onFailure"_L1);
        if (step.value("parameters"_L1).toObject().isEmpty())
            step.remove("parameters"_L1);
        out.append(step);
    }
    return out;
}

QJsonArray stepsOf(const Plan& plan)
{
    QJsonArray out;
    for (const Step& step : plan.steps())
        out.append(step.toJson());
    return out;
}

std::optional<TemplateParameter> readParameter(const QString& id, const QJsonObject& body)
{
    TemplateParameter out;
    out.id = out.title = id;
    const QString type = body.value("type"_L1).toString();
    if (type == "integer"_L1) {
        out.type = Type::Integer;
        out.low = body.value("min"_L1);
        out.high = body.value("max"_L1);
    } else if (type == "text"_L1) {
        out.type = Type::Text;
        out.pattern = body.value("pattern"_L1).toString();
    } else if (type == "choice"_L1) {
        out.type = Type::Choice;
        const QJsonArray values = body.value("values"_L1).toArray();
        for (const auto& value : values)
            out.values << value.toString();
    } else {
        return std::nullopt;
    }
    return out;
}

} // namespace

PlanTemplate::Made<QJsonObject> PlanTemplate::storeBody(const Platform& platform, const QJsonObject& given,
                                                        const QJsonArray& approvals) const
{
    Mistakes mistakes;
    QStringList open;
    for (const TemplateParameter& parameter : m_spec.parameters) {
        if (!given.contains(parameter.id) && canStayOpen(parameter))
            open << parameter.id;
    }
    const Filled filled = fill(platform, given, open, mistakes);
    QJsonObject parameters, samples;
    for (const TemplateField& field : filled.fields) {
        if (!open.contains(field.parameter.id))
            continue;
        parameters.insert(field.parameter.id, bounds(field, mistakes));
        samples.insert(field.parameter.id, sample(field));
    }
    if (m_spec.form.risk == Risk::High)
        mistakes.add(u"risk"_s, Texts::tr("is high, and a high risk is approved every time"));
    if (!mistakes.isEmpty())
        return std::unexpected(mistakes);
    const QJsonArray steps = normal(this->steps(filled.scope, mistakes).list);
    if (!mistakes.isEmpty())
        return std::unexpected(mistakes);
    // What the store would make of it has to be a plan, and the very plan that is made here.
    const QJsonArray made = instantiated(steps, samples).toArray();
    const auto plan = planOf(platform, made);
    if (!plan)
        return std::unexpected(plan.error());
    if (stepsOf(*plan) != made) {
        mistakes.add(u"steps"_s, Texts::tr("are not written as a plan writes them"));
        return std::unexpected(mistakes);
    }
    return QJsonObject{
        {u"platform"_s, platform.name}, {u"title"_s, m_spec.title}, {u"risk"_s, riskName(m_spec.form.risk)},
        {u"parameters"_s, parameters},  {u"steps"_s, steps},        {u"approvals"_s, approvals}};
}

Result<PlanTemplate> PlanTemplate::fromStore(const QString& name, const QJsonObject& body)
{
    TemplateSpec spec;
    const auto foreign = [&](const QString& what) {
        return fail(Error::Kind::Protocol, Texts::tr("The template “%1” in the store cannot be read.").arg(name), what,
                    Texts::tr("It was written by another version of Watchkeeper. Update this one."));
    };
    spec.name = name;
    spec.stored = true;
    spec.group = TemplateSpec::Group::Configuration;
    spec.title = body.value("title"_L1).toString();
    const QString platform = body.value("platform"_L1).toString(u"*"_s);
    if (platform != "*"_L1)
        spec.platforms << platform;
    const auto risk = riskOf(body.value("risk"_L1).toString());
    if (spec.title.isEmpty() || !risk)
        return foreign(Texts::tr("It has no title or no risk."));
    spec.form.risk = *risk;
    spec.form.title = TemplateScope::escaped(spec.title);
    spec.form.type = u"configuration"_s;
    const QJsonObject parameters = body.value("parameters"_L1).toObject();
    for (auto it = parameters.begin(); it != parameters.end(); ++it) {
        const auto parameter = readParameter(it.key(), it.value().toObject());
        if (!parameter)
            return foreign(Texts::tr("Parameter “%1” is of a kind that is not known here.").arg(it.key()));
        spec.parameters << *parameter;
    }
    const QJsonArray steps = body.value("steps"_L1).toArray();
    for (const auto& step : steps) {
        TemplateStep out;
        out.body = written(step).toObject();
        spec.steps << out;
    }
    return PlanTemplate(spec);
}

} // namespace wk::changes
