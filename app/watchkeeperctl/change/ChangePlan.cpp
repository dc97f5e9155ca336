// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangePlan.h"

#include "changes/templates/PlanTemplate.h"
#include "changes/templates/PlanTemplateLoader.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QStandardPaths>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::Plan;
using changes::RequestFields;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

constexpr qint64 maxPlanBytes = 4 << 20;

Result<QByteArray> contentOf(const QString& name)
{
    QFile file(name);
    const bool opened = name == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return fail(Error::Kind::Io, Texts::tr("The plan %1 cannot be read: %2").arg(name, file.errorString()));
    const QByteArray bytes = file.read(maxPlanBytes + 1);
    if (bytes.size() > maxPlanBytes)
        return fail(Error::Kind::BadInput, Texts::tr("The plan %1 is larger than 4 MiB").arg(name));
    return bytes;
}

Result<GivenPlan> fromFile(const QString& name)
{
    const auto bytes = contentOf(name);
    if (!bytes)
        return fail(bytes.error());
    const auto plan = Plan::parse(*bytes);
    if (!plan)
        return fail(plan.error().error());
    GivenPlan given{*plan, {}};
    given.fields.title = plan->title();
    return given;
}

using Template = std::shared_ptr<const changes::PlanTemplate>;
using PlatformAndTemplate = std::pair<std::shared_ptr<const platform::Platform>, Template>;

/// The template that --template names for --platform: one that the store keeps and that stands, where the store was
/// asked, else one of the files.
Result<PlatformAndTemplate> findTemplate(ChangeSession& session, bool stored)
{
    const QString platformName = session.arguments().value(u"platform"_s);
    const QString name = session.arguments().value(u"template"_s);
    if (platformName.isEmpty())
        return fail(Error::Kind::BadInput, Texts::tr("A template is filled in for a platform"), {},
                    Texts::tr("Say which: --platform NAME"));
    const auto platform = session.clusters().findPlatform(platformName);
    if (!platform)
        return fail(platform.error());
    const auto* kept = stored && session.hasDesk() ? session.desk().standingTemplate(name, platformName) : nullptr;
    if (kept) {
        const auto made = changes::PlanTemplate::fromStore(kept->name, kept->body);
        if (!made)
            return fail(made.error());
        return PlatformAndTemplate{*platform, std::make_shared<changes::PlanTemplate>(*made)};
    }
    const changes::TemplateLoad load =
        changes::loadTemplates({QStringView(changes::builtinTemplates).toString(),
                                QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + u"/plans"_s});
    QStringList known;
    for (const auto& one : load.templates) {
        if (!one->fits(**platform))
            continue;
        if (one->name() == name)
            return PlatformAndTemplate{*platform, one};
        known << one->name();
    }
    return fail(Error::Kind::NotFound, Texts::tr("There is no template \"%1\" for %2").arg(name, platformName), {},
                Texts::tr("Known are: %1").arg(known.join(u", "_s)));
}

Result<GivenPlan> fromTemplate(ChangeSession& session, const QStringList& words)
{
    const auto found = findTemplate(session, true);
    if (!found)
        return fail(found.error());
    const auto values = valuesOf(words);
    if (!values)
        return fail(values.error());
    const auto plan = found->second->make(*found->first, *values);
    if (!plan)
        return fail(plan.error().error());
    const auto fields = found->second->fields(*found->first, *values);
    if (!fields)
        return fail(fields.error().error());
    return GivenPlan{*plan, *fields};
}

struct TextField
{
    QLatin1StringView option;
    QString RequestFields::*member;
};
constexpr TextField textFields[] = {{"title"_L1, &RequestFields::title},
                                    {"type"_L1, &RequestFields::type},
                                    {"what"_L1, &RequestFields::what},
                                    {"why"_L1, &RequestFields::why},
                                    {"impact"_L1, &RequestFields::impact},
                                    {"rollback-plan"_L1, &RequestFields::rollbackPlan},
                                    {"data-recovery"_L1, &RequestFields::dataRecovery},
                                    {"incident"_L1, &RequestFields::incident}};

struct TimeField
{
    QLatin1StringView option;
    changes::Moment RequestFields::*member;
};
constexpr TimeField timeFields[] = {{"not-before"_L1, &RequestFields::notBefore},
                                    {"not-after"_L1, &RequestFields::notAfter}};

QJsonValue valueOf(const QString& text)
{
    // Read inside an array: JSON documents of older kinds hold no plain values.
    const QJsonDocument document = QJsonDocument::fromJson("[" + text.toUtf8() + "]");
    const QJsonArray array = document.array();
    return array.size() == 1 ? array.first() : QJsonValue(text);
}

} // namespace

Result<QJsonObject> valuesOf(const QStringList& words)
{
    QJsonObject out;
    for (const QString& word : words) {
        const qsizetype equals = word.indexOf(u'=');
        if (equals < 1)
            return fail(Error::Kind::BadInput, Texts::tr("\"%1\" is not a value").arg(word), {},
                        Texts::tr("Write NAME=VALUE, such as replicas=5"));
        const QString name = word.left(equals), value = word.sliced(equals + 1);
        const qsizetype dot = name.indexOf(u'.');
        if (dot < 0) {
            out.insert(name, valueOf(value));
            continue;
        }
        QJsonObject inner = out.value(name.left(dot)).toObject();
        inner.insert(name.sliced(dot + 1), value);
        out.insert(name.left(dot), inner);
    }
    return out;
}

Result<GivenPlan> planOf(ChangeSession& session, const QStringList& values)
{
    const QString file = session.arguments().value(u"plan"_s), name = session.arguments().value(u"template"_s);
    if (file.isEmpty() == name.isEmpty())
        return fail(Error::Kind::BadInput, Texts::tr("Say where the plan is"), {},
                    Texts::tr("Either --plan FILE (- reads standard input) or --template NAME with its values"));
    if (!file.isEmpty() && !values.isEmpty())
        return fail(Error::Kind::BadInput,
                    Texts::tr("\"%1\" belongs to a template, and a plan was given").arg(values[0]));
    auto given = file.isEmpty() ? fromTemplate(session, values) : fromFile(file);
    const QString platform = session.arguments().value(u"platform"_s);
    if (given && !platform.isEmpty() && given->plan.platform() != platform)
        return fail(Error::Kind::BadInput,
                    Texts::tr("The plan is for platform %1, and not for %2").arg(given->plan.platform(), platform));
    return given;
}

Result<QJsonObject> templateBodyOf(ChangeSession& session, const QStringList& values)
{
    const auto found = findTemplate(session, false);
    if (!found)
        return fail(found.error());
    const auto given = valuesOf(values);
    if (!given)
        return fail(given.error());
    const auto body = found->second->storeBody(*found->first, *given);
    if (!body)
        return fail(body.error().error());
    return *body;
}

QList<QLatin1StringView> formOptions()
{
    QList<QLatin1StringView> out{"platform"_L1, "plan"_L1, "template"_L1, "risk"_L1, "tests"_L1, "rollback-minutes"_L1};
    for (const TextField& field : textFields)
        out << field.option;
    for (const TimeField& field : timeFields)
        out << field.option;
    return out;
}

Result<RequestFields> withOptions(RequestFields fields, ChangeSession& session)
{
    const Arguments& arguments = session.arguments();
    for (const TextField& field : textFields) {
        if (arguments.has(field.option))
            fields.*field.member = arguments.value(field.option);
    }
    for (const TimeField& field : timeFields) {
        if (!arguments.has(field.option))
            continue;
        const auto moment = momentOf(arguments.value(field.option), session.clock());
        if (!moment)
            return fail(moment.error());
        fields.*field.member = *moment;
    }
    if (arguments.has(u"risk"_s)) {
        const auto risk = changes::riskOf(arguments.value(u"risk"_s));
        if (!risk)
            return fail(Error::Kind::BadInput, Texts::tr("\"%1\" is not a risk").arg(arguments.value(u"risk"_s)), {},
                        Texts::tr("Write low, medium or high"));
        fields.risk = *risk;
    }
    if (arguments.has(u"rollback-minutes"_s)) {
        bool ok = false;
        fields.rollbackMinutes = arguments.value(u"rollback-minutes"_s).toInt(&ok);
        if (!ok || fields.rollbackMinutes < 0)
            return fail(Error::Kind::BadInput, Texts::tr("--rollback-minutes takes a whole number of minutes"));
    }
    const QStringList tests = arguments.named.value(u"tests"_s);
    for (const QString& given : tests) {
        const QStringList words = given.split(u',', Qt::SkipEmptyParts);
        const QStringList known = RequestFields::knownTests();
        if (std::ranges::all_of(words, [&known](const QString& word) { return known.contains(word); }))
            fields.testsPassed << words;
        else
            fields.tests = given;
    }
    return fields;
}

} // namespace wk::ctl
