// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ActionCommand.h"

#include "change/ChangeExecution.h"
#include "change/ChangePlan.h"
#include "changes/actions/ActionKind.h"
#include "changes/templates/TemplateFacts.h"
#include "cluster/Decoder.h"
#include "cluster/connection/Discovery.h"

#include <QtCore/QJsonDocument>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::ActionKind;
using changes::Plan;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl)
};

int listActions()
{
    QList<QStringList> lines{{u"ACTION"_s, u"ON"_s, u"TITLE"_s}};
    for (const ActionKind* kind : changes::actionKinds()) {
        const QString place = kind->place() == ActionKind::Place::Cluster    ? Texts::tr("KIND/NAME")
                              : kind->place() == ActionKind::Place::Database ? Texts::tr("a database")
                              : kind->place() == ActionKind::Place::Command  ? Texts::tr("a program")
                                                                             : Texts::tr("a silence");
        lines << QStringList{kind->name(), place, kind->title()};
    }
    printColumns(lines);
    return Done;
}

} // namespace

Result<QString> clusterOf(const Arguments& arguments, const platform::Platform* platform)
{
    if (arguments.has(u"cluster"_s))
        return arguments.value(u"cluster"_s);
    if (!platform)
        return u"cluster"_s; // reached by --context
    QStringList hosts, names;
    for (const platform::Namespace& space : platform->namespaces) {
        if (space.name == arguments.space && !space.cluster.isEmpty())
            hosts << space.cluster;
    }
    for (const platform::Cluster& cluster : platform->clusters)
        names << cluster.name;
    if (hosts.size() == 1 || names.size() == 1)
        return hosts.size() == 1 ? hosts.first() : names.first();
    return fail(Error::Kind::BadInput, Texts::tr("%1 has several clusters").arg(platform->title), {},
                Texts::tr("Say which: --cluster %1").arg(names.join(u'|')));
}

namespace {

/// "deployment/api-gateway", "pods", the name of a database or of a program.
Result<QJsonObject> targetOf(const ActionKind& action, const QString& word, const QString& cluster,
                             const QString& space)
{
    switch (action.place()) {
    case ActionKind::Place::Database:
        return QJsonObject{{u"cluster"_s, cluster}, {u"kind"_s, u"Database"_s}, {u"name"_s, word}};
    case ActionKind::Place::Command:
        return QJsonObject{{u"cluster"_s, QString()}, {u"kind"_s, u"Command"_s}, {u"name"_s, word}};
    case ActionKind::Place::Alertmanager:
        return QJsonObject{{u"cluster"_s, cluster}, {u"kind"_s, u"Silence"_s}, {u"name"_s, word}};
    case ActionKind::Place::Cluster: break;
    }
    const auto kind = cluster::findKind(cluster::builtInKinds(), word.section(u'/', 0, 0));
    if (!kind) {
        Error error = kind.error();
        error.remedy =
            Texts::tr("An object of a kind that Kubernetes does not bring along is changed by a plan in a file");
        return fail(error);
    }
    if (kind->namespaced && space.isEmpty())
        return fail(Error::Kind::BadInput, Texts::tr("%1 live in namespaces").arg(kind->id()), {},
                    Texts::tr("Say which: -n NAMESPACE"));
    return changes::facts::completed({{u"cluster"_s, cluster},
                                      {u"kind"_s, kind->kind},
                                      {u"namespace"_s, kind->namespaced ? space : QString()},
                                      {u"name"_s, word.section(u'/', 1)}});
}

/// The plan of one step that the command line describes: NAME TARGET key=value….
Result<Plan> planOfAction(ChangeSession& s, const ActionKind& action)
{
    const Arguments& arguments = s.arguments();
    if (arguments.has(u"platform"_s)) {
        if (const auto known = s.clusters().findPlatform(arguments.value(u"platform"_s)); !known)
            return fail(known.error());
        s.clusters().use(arguments.value(u"platform"_s));
    }
    const auto cluster = clusterOf(arguments, s.clusters().platform());
    if (!cluster)
        return fail(cluster.error());
    const auto target = targetOf(action, s.word(0), *cluster, arguments.space);
    if (!target)
        return fail(target.error());
    const auto parameters = valuesOf(arguments.words.sliced(2));
    if (!parameters)
        return fail(parameters.error());
    changes::Mistakes mistakes;
    const auto step = changes::Step::fromJson(
        QJsonObject{{u"action"_s, action.name()}, {u"target"_s, *target}, {u"parameters"_s, *parameters}}, mistakes);
    if (!mistakes.isEmpty())
        return fail(mistakes.error());
    const QString service = step.target.name.isEmpty() ? step.target.space : step.target.name;
    const QString platform = arguments.has(u"platform"_s) ? arguments.value(u"platform"_s) : u"none"_s;
    const auto plan = Plan::make(platform, u"[%1] - %2"_s.arg(service, step.words()).left(200), {step});
    return plan ? Result<Plan>(*plan) : fail(plan.error().error());
}

void doIt(ChangeSession& s, const Plan& plan)
{
    changes::RequestFields given;
    given.title = plan.title();
    given.what = plan.words().join(u'\n');
    const auto fields = withOptions(given, s);
    if (!fields) {
        s.fail(fields.error());
        return;
    }
    (new ChangeExecution(s, {}, {}))->actNow(*fields, plan);
}

} // namespace

void confirmAndDo(ChangeSession& s, const Plan& plan)
{
    const changes::Gate gate(s.desk(), s.clock());
    const QString whyNot =
        gate.whyNotAtOnce(plan, [&s](const QString& cluster) { return s.clusters().classOf(cluster); });
    if (!whyNot.isEmpty()) {
        s.fail({Error::Kind::Forbidden,
                whyNot,
                {},
                Texts::tr("Propose it: add --as-plan to this command and pipe it into\n"
                          "  watchkeeperctl change new --plan - --why … --submit")});
        return;
    }
    if (s.arguments().has(u"yes"_s)) {
        doIt(s, plan);
        return;
    }
    auto* input = new ChangeInput(&s);
    printNote(Texts::tr("%1. Type yes to do it now.").arg(plan.words().join(u'\n')));
    const auto giveUp = [&s] {
        printNote(Texts::tr("Nothing was done."));
        s.finish(Refused);
    };
    QObject::connect(input, &ChangeInput::interrupted, input, giveUp);
    QObject::connect(input, &ChangeInput::ended, input, giveUp);
    QObject::connect(input, &ChangeInput::line, input, [&s, input, plan, giveUp](const QString& line) {
        input->disconnect();
        input->deleteLater();
        if (line == u"yes")
            doIt(s, plan);
        else
            giveUp();
    });
    input->read();
}

namespace {

void act(ChangeSession& s)
{
    const ActionKind* action = changes::actionKind(s.arguments().words[0]);
    const auto plan = planOfAction(s, *action);
    if (!plan) {
        s.fail(plan.error());
    } else if (s.arguments().has(u"as-plan"_s)) {
        printLine(QString::fromUtf8(plan->canonical()));
        s.finish(Done);
    } else if (s.arguments().has(u"dry-run"_s)) {
        withPreview(s, *plan, [&s, plan = *plan](const QList<PlanPreview::Entry>& entries) {
            if (s.wantsJson())
                printLine(QString::fromUtf8(QJsonDocument(previewJson(plan, entries)).toJson()));
            else
                printPreview(plan, entries);
            s.finish(entries.first().error ? Refused : Done);
        });
    } else if (!s.arguments().has(u"platform"_s)) {
        s.misuse(Texts::tr("Say of which platform: --platform NAME"));
    } else {
        s.openDesk([&s, plan = *plan] { confirmAndDo(s, plan); });
    }
}

} // namespace

int runAction(const Arguments& arguments, Running& running)
{
    if (arguments.words == QStringList{u"list"_s})
        return listActions();
    std::vector<SubCommand> commands;
    for (const ActionKind* kind : changes::actionKinds())
        commands.push_back({kind->name(), 1, 100, false,
                            formOptions() << QList{"cluster"_L1, "dry-run"_L1, "as-plan"_L1, "yes"_L1}, act});
    return runSubCommand(commands, arguments, running);
}

} // namespace wk::ctl
