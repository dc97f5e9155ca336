// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/TemplateReader.h"

#include "changes/checks/CheckKind.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

namespace wk::changes {

using namespace Qt::StringLiterals;
using platform::YamlNode;
using platform::YamlReader;
using platform::YamlReport;
using Need = YamlReader::Need;
using Type = TemplateParameter::Type;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

/// The names that a text may refer to, with their members.
using Names = QHash<QString, QStringList>;

/// A value of a step: whole numbers and true and false as they are where they stand without quotation marks.
QJsonValue jsonOf(const YamlNode& node, YamlReport& report)
{
    switch (node.kind) {
    case YamlNode::Kind::Null: return QJsonValue::Null;
    case YamlNode::Kind::Sequence: {
        QJsonArray out;
        for (const auto& item : node.items)
            out.append(jsonOf(*item, report));
        return out;
    }
    case YamlNode::Kind::Map: {
        QJsonObject out;
        for (const auto& entry : node.entries) {
            if (out.contains(entry.key))
                report.add(entry.line, entry.column, Texts::tr("\"%1\" stands twice").arg(entry.key),
                           Texts::tr("each key once"));
            out.insert(entry.key, jsonOf(*entry.value, report));
        }
        return out;
    }
    case YamlNode::Kind::Scalar: break;
    }
    bool isNumber = false;
    const qint64 number = node.text.toLongLong(&isNumber);
    if (!node.quoted && isNumber)
        return number;
    if (!node.quoted && (node.text == "true"_L1 || node.text == "false"_L1))
        return node.text == "true"_L1;
    return node.text;
}

void checkText(const QString& text, int line, int column, const Names& names, YamlReport& report)
{
    const auto found = TemplateScope::references(text);
    for (const TemplateReference& reference : found) {
        const auto it = names.constFind(reference.name);
        QStringList known = it == names.constEnd() ? names.keys() : *it;
        const QString& word = it == names.constEnd() ? reference.name : reference.member;
        if (it != names.constEnd() && (reference.member.isEmpty() || known.contains(reference.member)))
            continue;
        known.sort();
        const QString near = platform::nearestWord(word, known);
        const QString what = it == names.constEnd() ? Texts::tr("\"$%1\" is not known here").arg(word)
                                                    : Texts::tr("\"$%1\" has no \"%2\"").arg(reference.name, word);
        report.add(line, column, near.isEmpty() ? what : Texts::tr("%1; did you mean \"%2\"?").arg(what, near),
                   known.isEmpty() ? Texts::tr("the parameter alone")
                                   : Texts::tr("one of %1").arg(known.join(u", "_s)));
    }
}

void checkTexts(const YamlNode& node, const Names& names, YamlReport& report)
{
    if (node.kind == YamlNode::Kind::Scalar)
        checkText(node.text, node.line, node.column, names, report);
    for (const auto& item : node.items)
        checkTexts(*item, names, report);
    for (const auto& entry : node.entries) {
        checkText(entry.key, entry.line, entry.column, names, report);
        checkTexts(*entry.value, names, report);
    }
}

void value(YamlReader& r, QStringView key, QJsonValue& out)
{
    if (const YamlNode* node = r.any(key))
        out = jsonOf(*node, r.report());
}

void checkId(YamlReader& r, const QString& id)
{
    static const QRegularExpression pattern(uR"(\A[A-Za-z][A-Za-z0-9_]{0,39}\z)"_s);
    const bool taken = id == "platform"_L1 || id == "each"_L1;
    if (const YamlNode* node = r.node().find(u"name"); node && (taken || !pattern.match(id).hasMatch()))
        r.report().add(*node,
                       taken ? Texts::tr("\"%1\" means something already").arg(id)
                             : Texts::tr("\"%1\" is no name for a parameter").arg(id.left(60)),
                       Texts::tr("a letter, then up to 39 letters, digits or _"));
}

void readParameter(YamlReader& r, TemplateParameter& p)
{
    static constexpr YamlReader::Choice<Type> types[] = {{u"integer", Type::Integer},
                                                         {u"text", Type::Text},
                                                         {u"quantity", Type::Quantity},
                                                         {u"choice", Type::Choice},
                                                         {u"boolean", Type::Boolean},
                                                         {u"workload", Type::Workload},
                                                         {u"workloads", Type::Workloads},
                                                         {u"service", Type::Service},
                                                         {u"cluster", Type::Cluster},
                                                         {u"namespace", Type::Namespace},
                                                         {u"database", Type::Database},
                                                         {u"setting", Type::Setting},
                                                         {u"live", Type::Live}};
    r.label(p.id);
    checkId(r, p.id);
    r.text(u"title", p.title, Need::Required);
    r.text(u"use", p.use);
    r.text(u"unit", p.unit);
    p.type = Type::Workload; // what has most members: a wrong word should lead to no further mistakes
    r.choice<Type>(u"type", p.type, types, Need::Required);
    r.boolean(u"optional", p.optional);
    value(r, u"min", p.low);
    value(r, u"max", p.high);
    value(r, u"default", p.preset);
    r.text(u"pattern", p.pattern);
    r.text(u"example", p.example);
    r.texts(u"values", p.values);
    r.texts(u"kinds", p.kinds);
    r.texts(u"classes", p.classes);
    r.text(u"of", p.of);
    static constexpr YamlReader::Choice<bool> orders[] = {{u"dependents-first", false}, {u"dependencies-first", true}};
    r.choice<bool>(u"order", p.dependenciesFirst, orders);
    const auto missing = [&](const char16_t* key, const QString& why) {
        r.report().add(r.node(), why, Texts::tr("the key \"%1\"").arg(QStringView(key)));
    };
    if (p.type == Type::Choice && p.values.isEmpty())
        missing(u"values", Texts::tr("a choice has nothing to choose from"));
    if (p.type == Type::Live && p.of.isEmpty())
        missing(u"of", Texts::tr("it is not said which workload's state this is"));
    if (p.type == Type::Text && p.example.isEmpty() && p.preset.isUndefined())
        missing(u"example", Texts::tr("a text has neither a default nor an example"));
    if (!p.pattern.isEmpty() && !QRegularExpression(p.pattern).isValid())
        r.report().add(*r.node().find(u"pattern"), Texts::tr("\"%1\" is no regular expression").arg(p.pattern),
                       Texts::tr("a pattern such as \"[0-9]{1,4}\""));
}

void readFigure(YamlReader& r, TemplateFigure& f)
{
    r.label(f.id);
    checkId(r, f.id);
    r.text(u"of", f.of, Need::Required);
    r.text(u"percent", f.percent);
    std::optional<int> times, plus;
    r.integer(u"times", times, 1, 86'400);
    r.integer(u"plus", plus, 0, 86'400);
    f.times = times.value_or(1);
    f.plus = plus.value_or(0);
}

void readForm(YamlReader& r, TemplateForm& form)
{
    static constexpr YamlReader::Choice<Risk> risks[] = {
        {u"low", Risk::Low}, {u"medium", Risk::Medium}, {u"high", Risk::High}};
    static constexpr YamlReader::Choice<const char16_t*> kinds[] = {{u"deployment", u"deployment"},
                                                                    {u"configuration", u"configuration"},
                                                                    {u"infrastructure", u"infrastructure"},
                                                                    {u"security", u"security"}};
    const char16_t* kind = u"deployment";
    r.text(u"title", form.title, Need::Required);
    r.choice<const char16_t*>(u"type", kind, kinds, Need::Required);
    form.type = QString::fromUtf16(kind);
    r.choice<Risk>(u"risk", form.risk, risks, Need::Required);
    r.text(u"what", form.what, Need::Required);
    r.text(u"why", form.why, Need::Required);
    r.text(u"impact", form.impact, Need::Required);
    r.text(u"tests", form.tests);
    r.map<TemplateForm>(u"rollback", Texts::tr("rollback"), form, [](YamlReader& b, TemplateForm& out) {
        b.text(u"plan", out.rollbackPlan, Need::Required);
        value(b, u"minutes", out.rollbackMinutes);
        b.text(u"data", out.dataRecovery, Need::Required);
    });
    if (!r.has(u"rollback"))
        r.report().add(r.node(), Texts::tr("the request has no rollback"), Texts::tr("the key \"rollback\""));
}

template <typename Kinds>
void checkName(YamlReader& r, QStringView key, const QString& name, const Kinds& kinds)
{
    QStringList known;
    for (const auto& kind : kinds) {
        if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(kind)>>)
            known << kind->name();
        else
            known << QString::fromUtf16(kind.name);
    }
    if (name.isEmpty() || known.contains(name))
        return;
    const QString near = platform::nearestWord(name, known);
    r.report().add(*r.node().find(key),
                   near.isEmpty() ? Texts::tr("there is no %1 \"%2\"").arg(key, name)
                                  : Texts::tr("there is no %1 \"%2\"; did you mean \"%3\"?").arg(key, name, near),
                   Texts::tr("one of %1").arg(known.join(u", "_s)));
}

void checkConditions(const YamlNode& node, const QStringList& conditions, const Names& names, YamlReport& report)
{
    for (const QString& condition : conditions) {
        const QString name = TemplateScope::conditionName(condition);
        if (!name.isEmpty() && names.contains(name))
            continue;
        const QString near = platform::nearestWord(name, names.keys());
        report.add(node,
                   near.isEmpty()
                       ? Texts::tr("\"%1\" is no condition").arg(condition)
                       : Texts::tr("\"%1\" asks for \"%2\"; did you mean \"%3\"?").arg(condition, name, near),
                   Texts::tr("\"parameter\", \"not parameter\" or \"parameter = word\""));
    }
}

TemplateStep readStep(const YamlNode& node, const TemplateSpec& spec, Names names, YamlReport& report)
{
    static constexpr YamlReader::Choice<bool> failures[] = {{u"stop", false}, {u"rollback", true}};
    TemplateStep out;
    out.line = node.line;
    out.column = node.column;
    YamlReader r(node, report, Texts::tr("step"));
    QString action, check;
    bool rollsBack = false;
    r.text(u"action", action);
    r.text(u"check", check);
    if (r.has(u"action") == r.has(u"check"))
        report.add(node, Texts::tr("the step has to be either an action or a check"),
                   Texts::tr("\"action: scale\" or \"check: rolloutFinished\""));
    checkName(r, u"action", action, actionKinds());
    checkName(r, u"check", check, checkKinds());
    out.body.insert(r.has(u"action") ? u"action"_s : u"check"_s, r.has(u"action") ? action : check);
    r.choice<bool>(u"onFailure", rollsBack, failures);
    if (rollsBack)
        out.body.insert(u"onFailure"_s, u"rollback"_s);
    r.texts(u"when", out.when);
    r.text(u"each", out.each);
    if (const YamlNode* when = node.find(u"when"))
        checkConditions(*when, out.when, names, report);
    if (const TemplateParameter* list = spec.parameter(out.each); list && list->type == Type::Workloads)
        names.insert(u"each"_s, facts::members(Type::Workload));
    else if (const YamlNode* each = node.find(u"each"))
        report.add(*each, Texts::tr("\"%1\" is no list of workloads").arg(out.each),
                   Texts::tr("a parameter of the type \"workloads\""));
    for (const auto* key : {u"target", u"parameters"}) {
        if (const YamlNode* part = r.any(key)) {
            out.body.insert(QString::fromUtf16(key), jsonOf(*part, report));
            checkTexts(*part, names, report);
        }
    }
    r.finish();
    return out;
}

void readSteps(YamlReader& r, const Names& names, TemplateSpec& spec)
{
    const YamlNode* steps = r.any(u"steps", Need::Required);
    if (!steps)
        return;
    if (steps->kind != YamlNode::Kind::Sequence || steps->items.empty()) {
        r.report().add(*steps, Texts::tr("\"steps\" is no list of steps"), Texts::tr("at least one step"));
        return;
    }
    for (const auto& item : steps->items) {
        if (item->kind == YamlNode::Kind::Map)
            spec.steps << readStep(*item, spec, names, r.report());
        else
            r.report().add(*item, Texts::tr("a step is no map"), Texts::tr("a map of keys and values"));
    }
}

/// Checks what parameters say of each other, and gives all names that the rest may use.
Names declare(const YamlNode& root, const TemplateSpec& spec, YamlReport& report)
{
    Names names{{u"platform"_s, facts::platformMembers()}};
    const YamlNode* list = root.find(u"parameters");
    for (qsizetype i = 0; i < spec.parameters.size(); ++i) {
        const TemplateParameter& p = spec.parameters.at(i);
        const YamlNode* node = list && size_t(i) < list->items.size() ? list->items[size_t(i)].get() : nullptr;
        for (const auto* key : {u"min", u"max", u"default"}) {
            if (const YamlNode* part = node ? node->find(key) : nullptr)
                checkTexts(*part, names, report);
        }
        if (const YamlNode* of = node ? node->find(u"of") : nullptr; of && !names.contains(p.of))
            report.add(*of, Texts::tr("no parameter before this one is called \"%1\"").arg(p.of),
                       Texts::tr("a workload"));
        names.insert(p.id, facts::members(p.type));
    }
    const YamlNode* figures = root.find(u"figures");
    for (qsizetype i = 0; i < spec.figures.size(); ++i) {
        const TemplateFigure& f = spec.figures.at(i);
        for (const QString& name : {f.of, f.percent}) {
            if (!name.isEmpty())
                checkText(u'$' + name, figures->items[size_t(i)]->line, figures->items[size_t(i)]->column, names,
                          report);
        }
        names.insert(f.id, {});
    }
    return names;
}

} // namespace

void readTemplate(const YamlNode& root, YamlReport& report, TemplateSpec& spec)
{
    using Group = TemplateSpec::Group;
    static constexpr YamlReader::Choice<Group> groups[] = {
        {u"deployment", Group::Deployment},   {u"rollback", Group::Rollback},
        {u"scaling", Group::Scaling},         {u"configuration", Group::Configuration},
        {u"maintenance", Group::Maintenance}, {u"emergency", Group::Emergency}};
    YamlReader r(root, report, Texts::tr("template"));
    r.ownName(spec.name);
    r.text(u"title", spec.title, Need::Required);
    if (spec.title.size() > 200)
        report.add(*root.find(u"title"), Texts::tr("the title is too long"), Texts::tr("up to 200 characters"));
    r.text(u"summary", spec.summary, Need::Required);
    r.choice<Group>(u"group", spec.group, groups, Need::Required);
    r.texts(u"sources", spec.sources);
    r.texts(u"platforms", spec.platforms);
    std::vector<TemplateParameter> parameters;
    r.list<TemplateParameter>(u"parameters", Texts::tr("parameter"), parameters, readParameter);
    spec.parameters = QList<TemplateParameter>(parameters.begin(), parameters.end());
    std::vector<TemplateFigure> figures;
    r.list<TemplateFigure>(u"figures", Texts::tr("figure"), figures, readFigure);
    spec.figures = QList<TemplateFigure>(figures.begin(), figures.end());
    const auto atMost = [&](QStringView key, qsizetype count, qsizetype most) {
        if (count > most)
            report.add(*root.find(key), Texts::tr("\"%1\" has %2 entries").arg(key).arg(count),
                       Texts::tr("at most %1").arg(most));
    };
    atMost(u"parameters", spec.parameters.size(), 40);
    atMost(u"figures", spec.figures.size(), 40);
    const Names names = declare(root, spec, report);
    r.map<TemplateForm>(u"request", Texts::tr("request"), spec.form, readForm);
    if (const YamlNode* request = root.find(u"request"))
        checkTexts(*request, names, report);
    else
        report.add(root, Texts::tr("the template has no request"), Texts::tr("the key \"request\""));
    readSteps(r, names, spec);
    atMost(u"steps", spec.steps.size(), 100);
    r.finish();
}

} // namespace wk::changes
