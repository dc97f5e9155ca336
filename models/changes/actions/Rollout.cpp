// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/Fields.h"
#include "changes/actions/ObjectAction.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/WayBack.h"

#include <QtCore/QDateTime>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

constexpr auto restartedAt = "kubectl.kubernetes.io/restartedAt"_L1;
constexpr auto revisionAnnotation = "deployment.kubernetes.io/revision"_L1;

bool isPaused(const QJsonObject& live) { return valueAt(live, u"/spec/paused").toBool(); }

QJsonObject templatePatch(const QJsonObject& change) { return {{u"spec"_s, QJsonObject{{u"template"_s, change}}}}; }

/// As `kubectl rollout restart`: a new annotation makes a new pod template.
/// Source: kubectl/pkg/polymorphichelpers/objectrestarter.go.
class Restart final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step&, MemberReader&) const override {}

    QString words(const Step& step, const QJsonObject&) const override
    {
        return ActionTexts::tr("Restart the pods of %1, a few at a time").arg(step.target.words());
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context& context) const override
    {
        const QJsonObject& live = answers.first();
        if (isPaused(live))
            return fail(Error::Kind::Conflict,
                        ActionTexts::tr("The %1 is paused, so a restart would not begin.").arg(step.target.words()), {},
                        ActionTexts::tr("Resume it first."));
        const QString now = QDateTime::fromMSecsSinceEpoch(context.nowMs, Qt::UTC).toString(Qt::ISODate);
        Prepared out;
        out.live = live;
        const QJsonObject annotations{{QString(restartedAt), now}};
        out.calls << kube::merge(step.target, live,
                                 templatePatch({{u"metadata"_s, QJsonObject{{u"annotations"_s, annotations}}}}),
                                 words(step, live));
        if (kube::textAt(live, u"/spec/updateStrategy/type") == "OnDelete"_L1)
            out.notes << ActionTexts::tr("Its update strategy is OnDelete: a pod is renewed only when it is deleted.");
        out.inverse = kube::noInverse(noWayBack(step));
        return out;
    }
};

class PauseOrResume final : public ObjectAction
{
public:
    PauseOrResume(Facts facts, bool pause) : ObjectAction(std::move(facts)), m_pause(pause) {}

    void validate(const Step&, MemberReader&) const override {}

    QString words(const Step& step, const QJsonObject&) const override
    {
        return (m_pause ? ActionTexts::tr("Pause the rollout of %1") : ActionTexts::tr("Resume the rollout of %1"))
            .arg(step.target.words());
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        if (isPaused(live) == m_pause)
            return alreadySo(live, (m_pause ? ActionTexts::tr("The %1 is paused already.")
                                            : ActionTexts::tr("The %1 is not paused."))
                                       .arg(step.target.words()));
        Prepared out;
        out.live = live;
        const QJsonValue value = m_pause ? QJsonValue(true) : QJsonValue(QJsonValue::Null);
        out.calls << kube::merge(step.target, live, {{u"spec"_s, QJsonObject{{u"paused"_s, value}}}},
                                 words(step, live));
        out.inverse = kube::inverse(m_pause ? u"resume"_s : u"pause"_s, step.target, {}, live);
        return out;
    }

private:
    bool m_pause;
};

/// One entry of a rollout's history.
struct Revision
{
    qint64 number = 0;
    QJsonObject podTemplate;
    QJsonObject annotations; ///< of the replica set that kept it
};

/// As `kubectl rollout undo`. A deployment keeps its former pod templates in replica sets, the others in controller
/// revisions. Source: kubectl/pkg/polymorphichelpers/rollback.go.
class Undo final : public ObjectAction
{
public:
    using ObjectAction::ObjectAction;

    void validate(const Step&, MemberReader& parameters) const override
    {
        parameters.integer(u"toRevision"_s, 0, maxJsonRevision);
    }

    QList<ActionField> fields(const Step& step, const Answers& answers) const override
    {
        ActionField out{u"toRevision"_s, ActionTexts::tr("Revision"), ActionField::Kind::Choice, true};
        out.choices << ActionField::Choice{QJsonValue::Undefined, ActionTexts::tr("the one before")};
        if (answers.size() < 2)
            return {out};
        const QJsonObject now = valueAt(answers.first(), u"/spec/template").toObject();
        Revisions all = history(step.target, answers.first(), answers.at(1));
        std::ranges::reverse(all);
        for (const Revision& revision : std::as_const(all)) {
            if (mergeDifference(now, revision.podTemplate).isEmpty())
                continue;
            QStringList images;
            const QJsonArray containers = valueAt(revision.podTemplate, u"/spec/containers").toArray();
            for (const auto& container : containers)
                images << container.toObject().value("image"_L1).toString();
            out.choices << ActionField::Choice{
                revision.number,
                ActionTexts::tr("%1 with %2").arg(QString::number(revision.number), images.join(u", "_s))};
        }
        return {out};
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        const qint64 to = wanted(step);
        return to == 0 ? ActionTexts::tr("Bring back the revision of %1 before this one").arg(step.target.words())
                       : ActionTexts::tr("Bring back revision %1 of %2").arg(QString::number(to), step.target.words());
    }

    QList<Permission> permissions(const Step& step) const override
    {
        Permission history = permission(step.target, u"list"_s);
        history.resource = keeper(step.target);
        history.name.clear();
        return {permission(step.target, u"patch"_s), history};
    }

    QList<Read> reads(const Step& step, const Answers& soFar) const override
    {
        if (soFar.size() != 1)
            return ObjectAction::reads(step, soFar);
        cluster::ResourceKind kind = step.target.resourceKind();
        kind.resource = keeper(step.target);
        const QJsonObject selector = valueAt(soFar.first(), u"/spec/selector").toObject();
        return {{kind.path(step.target.space), "labelSelector=" + kube::selectorQuery(selector), false}};
    }

    Result<Prepared> prepare(const Step& step, const Answers& answers, const Context&) const override
    {
        const QJsonObject& live = answers.first();
        const QString who = step.target.words();
        if (isPaused(live))
            return fail(Error::Kind::Conflict,
                        ActionTexts::tr("The %1 is paused, so nothing can be brought back.").arg(who), {},
                        ActionTexts::tr("Resume it first."));
        const QList<Revision> all = history(step.target, live, answers.at(1));
        const QJsonObject now = valueAt(live, u"/spec/template").toObject();
        const auto current =
            std::ranges::find_if(all, [&](const Revision& r) { return mergeDifference(now, r.podTemplate).isEmpty(); });
        const auto chosen = choose(all, wanted(step), current == all.end() ? -1 : current->number);
        if (chosen == all.end())
            return fail(Error::Kind::NotFound, missing(step, all), {},
                        ActionTexts::tr("A workload keeps only its last revisions (revisionHistoryLimit)."));
        if (chosen == current)
            return alreadySo(
                live, ActionTexts::tr("The %1 is at revision %2 already.").arg(who, QString::number(chosen->number)));
        Prepared out;
        out.live = live;
        QJsonObject patch = templatePatch(mergeDifference(now, chosen->podTemplate));
        const QJsonObject annotations = mergeDifference(
            valueAt(live, u"/metadata/annotations").toObject(),
            chosen->annotations.isEmpty() ? valueAt(live, u"/metadata/annotations").toObject() : chosen->annotations);
        if (!annotations.isEmpty())
            patch.insert(u"metadata"_s, QJsonObject{{u"annotations"_s, annotations}});
        out.calls << kube::merge(
            step.target, live, patch,
            ActionTexts::tr("Bring back revision %1 of %2").arg(QString::number(chosen->number), who));
        out.inverse =
            current == all.end()
                ? kube::noInverse(ActionTexts::tr("The present revision of the %1 is not in its history.").arg(who))
                : kube::inverse(name(), step.target, {{u"toRevision"_s, current->number}}, live);
        return out;
    }

    /// "The one before" is another one once a third was rolled out, even where the first came back after it.
    Precondition precondition(const Step& step, const QJsonObject& live, const Around& around) const override
    {
        Precondition out = ObjectAction::precondition(step, live, around);
        const QJsonValue revision = kube::metadata(live).value("annotations"_L1).toObject().value(revisionAnnotation);
        if (!around.follows && revision.isString())
            out.fields[u"/metadata/annotations/"_s + pointerPart(revisionAnnotation)] = revision;
        else if (const qint64 generation = kube::metadata(live).value("generation"_L1).toInteger();
                 !around.follows && generation > 0)
            out.fields[u"/metadata/generation"_s] = generation;
        return out;
    }

private:
    static constexpr qint64 maxJsonRevision = 1'000'000'000;
    using Revisions = QList<Revision>;

    static qint64 wanted(const Step& step) { return step.parameters.value("toRevision"_L1).toInteger(0); }
    static bool isDeployment(const Target& target) { return target.resource == "deployments"_L1; }
    static QString keeper(const Target& target)
    {
        return isDeployment(target) ? u"replicasets"_s : u"controllerrevisions"_s;
    }

    static QString missing(const Step& step, const Revisions& all)
    {
        QStringList numbers;
        for (const Revision& revision : all)
            numbers << QString::number(revision.number);
        if (wanted(step) == 0)
            return ActionTexts::tr("The %1 has no revision before this one.").arg(step.target.words());
        return ActionTexts::tr("The %1 has no revision %2; there are: %3.")
            .arg(step.target.words(), QString::number(wanted(step)), numbers.join(u", "_s));
    }

    /// Lowest number first.
    static Revisions history(const Target& target, const QJsonObject& live, const QJsonObject& list)
    {
        Revisions out;
        const auto items = kube::items(list);
        for (const QJsonObject& item : items) {
            if (kube::controllerOf(item).value("uid"_L1).toString() != kube::uid(live))
                continue;
            out << (isDeployment(target) ? fromReplicaSet(live, item) : fromControllerRevision(item));
        }
        std::ranges::sort(out, {}, &Revision::number);
        return out;
    }

    static Revision fromReplicaSet(const QJsonObject& live, const QJsonObject& set)
    {
        Revision out;
        const QJsonObject kept = kube::metadata(set).value("annotations"_L1).toObject();
        out.number = kept.value(revisionAnnotation).toString().toLongLong();
        out.podTemplate = valueAt(set, u"/spec/template").toObject();
        QJsonObject meta = kube::metadata(out.podTemplate);
        QJsonObject labels = meta.value("labels"_L1).toObject();
        labels.remove("pod-template-hash"_L1);
        meta.insert(u"labels"_s, labels);
        out.podTemplate.insert(u"metadata"_s, meta);
        // Those that the controller keeps for itself stay the deployment's own: rollback.go, annotationsToSkip.
        const QJsonObject own = kube::metadata(live).value("annotations"_L1).toObject();
        out.annotations = kept;
        for (const auto skipped :
             {"kubectl.kubernetes.io/last-applied-configuration"_L1, revisionAnnotation,
              "deployment.kubernetes.io/revision-history"_L1, "deployment.kubernetes.io/desired-replicas"_L1,
              "deployment.kubernetes.io/max-replicas"_L1, "deprecated.deployment.rollback.to"_L1}) {
            out.annotations.remove(skipped);
            if (own.contains(skipped))
                out.annotations.insert(skipped, own.value(skipped));
        }
        return out;
    }

    static Revision fromControllerRevision(const QJsonObject& item)
    {
        Revision out;
        out.number = item.value("revision"_L1).toInteger();
        out.podTemplate = valueAt(item, u"/data/spec/template").toObject();
        out.podTemplate.remove("$patch"_L1);
        return out;
    }

    static Revisions::const_iterator choose(const Revisions& all, qint64 number, qint64 current)
    {
        if (number > 0)
            return std::ranges::find(all, number, &Revision::number);
        for (auto it = all.end(); it != all.begin();) {
            --it;
            if (it->number != current)
                return it;
        }
        return all.end();
    }
};

} // namespace

void addRollout(KindList& list)
{
    const std::vector<const char16_t*> workloads{u"deployments.apps", u"statefulsets.apps", u"daemonsets.apps"};
    list.push_back(std::make_unique<Restart>(ObjectAction::Facts{
        u"restart", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Restart"), workloads, Risk::Low}));
    list.push_back(std::make_unique<PauseOrResume>(
        ObjectAction::Facts{
            u"pause", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Pause rollout"), {u"deployments.apps"}, Risk::Low},
        true));
    list.push_back(std::make_unique<PauseOrResume>(
        ObjectAction::Facts{u"resume",
                            QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Resume rollout"),
                            {u"deployments.apps"},
                            Risk::Low},
        false));
    list.push_back(std::make_unique<Undo>(ObjectAction::Facts{
        u"undo", QT_TRANSLATE_NOOP("wk::changes::ActionKind", "Roll back"), workloads, Risk::Medium}));
}

} // namespace wk::changes
