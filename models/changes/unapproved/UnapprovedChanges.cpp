// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/UnapprovedChanges.h"

#include "changes/actions/Kube.h"
#include "core/Future.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ObjectChange)
};

constexpr int mostAtOnce = 4;          ///< objects that are read side by side
constexpr qint64 restMs = 500;         ///< between two looks at one object: a rollout writes many statuses
constexpr qint64 autoscalerMs = 1'500; ///< after which an autoscaler has written down what it wants
constexpr qint64 oursForMs = 30'000;   ///< after a plan's end
constexpr qint64 hearsayMs = 3'000;    ///< after which a cockpit has heard of a plan that runs
constexpr qint64 retryMs = 10'000;     ///< after something could not be read
constexpr auto autoscalers = "horizontalpodautoscalers.autoscaling"_L1;

QString keyOf(const QString& kindId, const QString& space, const QString& name)
{
    return kindId + u'\n' + space + u'\n' + name;
}

Result<QJsonObject> objectOf(const Result<QByteArray>& body)
{
    if (!body)
        return fail(body.error());
    const QJsonObject object = QJsonDocument::fromJson(*body).object();
    if (object.isEmpty())
        return fail(Error::Kind::Protocol, Texts::tr("The cluster's answer cannot be read."));
    return object;
}

} // namespace

const QStringList& UnapprovedChanges::kindIds()
{
    static const QStringList ids{u"deployments.apps"_s,
                                 u"statefulsets.apps"_s,
                                 u"daemonsets.apps"_s,
                                 u"configmaps"_s,
                                 QString(autoscalers),
                                 u"services"_s,
                                 u"ingresses.networking.k8s.io"_s};
    return ids;
}

UnapprovedChanges::UnapprovedChanges(Setup setup, ObjectWatch& watch, Clock& clock, QObject* parent)
    : QObject(parent), m_setup(std::move(setup)), m_watch(watch), m_clock(clock), m_judge(m_setup.managers),
      m_known(m_setup.maxBytes)
{
    connect(&m_watch, &ObjectWatch::ready, this, &UnapprovedChanges::begin);
    connect(&m_watch, &ObjectWatch::seen, this, &UnapprovedChanges::onSeen);
    connect(&m_watch, &ObjectWatch::missing, this,
            [this](const QString&, const QStringList& uids) { onMissing(uids); });
}

UnapprovedChanges::~UnapprovedChanges() = default;

void UnapprovedChanges::start()
{
    if (m_watch.isReady())
        begin();
}

void UnapprovedChanges::begin()
{
    if (std::exchange(m_begun, true))
        return;
    for (const QString& id : kindIds()) {
        const auto kind = m_watch.kind(id);
        if (!kind)
            continue; // a server that has no such kind has no such change
        for (const QString& space : m_setup.spaces)
            m_subjects.push_back(std::make_unique<Subject>(Subject{*kind, space, false, {}}));
    }
    // Followed first, read then: what changes in between is seen with another version than was read.
    for (const auto& subject : m_subjects) {
        m_watch.follow(subject->kind, subject->space);
        readSubject(*subject, {});
    }
    publish();
}

void UnapprovedChanges::readSubject(Subject& subject, const QString& continueToken)
{
    QByteArray query = "limit=500";
    if (!continueToken.isEmpty())
        query += "&continue=" + kube::encoded(continueToken);
    whenDone(m_watch.get(subject.kind.path(subject.space), query), this,
             [this, &subject](const Result<QByteArray>& body) { onPage(subject, body); });
}

void UnapprovedChanges::onPage(Subject& subject, const Result<QByteArray>& body)
{
    const auto list = objectOf(body);
    if (!list) {
        setError(list.error());
        later(retryMs, [this, &subject] { readSubject(subject, {}); });
        return;
    }
    const auto items = kube::items(*list);
    for (const QJsonObject& item : items)
        keep(subject.kind.id(), item);
    const QString next = kube::metadata(*list).value("continue"_L1).toString();
    if (!next.isEmpty()) {
        readSubject(subject, next);
        return;
    }
    subject.read = true;
    onSeen(subject.kind.id(), std::exchange(subject.early, {}));
    publish();
}

UnapprovedChanges::Subject* UnapprovedChanges::subject(const QString& kindId, const QString& space)
{
    for (const auto& subject : m_subjects) {
        if (subject->kind.id() == kindId && (subject->space == space || subject->space.isEmpty()))
            return subject.get();
    }
    return nullptr;
}

void UnapprovedChanges::onSeen(const QString& kindId, const std::vector<cluster::ObjectVersion>& versions)
{
    for (const cluster::ObjectVersion& version : versions) {
        Subject* of = subject(kindId, version.space);
        if (!of)
            continue;
        if (!of->read) {
            of->early.push_back(version);
            continue;
        }
        const KnownObjects::Entry* known = m_known.find(version.uid);
        if (m_notFollowed.contains(version.uid))
            continue;
        if (!known || known->version != version.resourceVersion)
            look(kindId, version.space, version.name);
    }
}

void UnapprovedChanges::onMissing(const QStringList& uids)
{
    for (const QString& uid : uids) {
        if (const KnownObjects::Entry* known = m_known.find(uid))
            look(known->kindId, known->space, known->name);
    }
}

void UnapprovedChanges::look(const QString& kindId, const QString& space, const QString& name)
{
    Look& look = m_looks[keyOf(kindId, space, name)];
    if (look.underWay) {
        look.again = true;
        return;
    }
    look.kindId = kindId;
    look.space = space;
    look.name = name;
    look.again = true;
    pump();
}

/// Sends what is due, a few at once; a timer for what has to rest first.
void UnapprovedChanges::pump()
{
    const qint64 now = m_clock.monotonicMs();
    qint64 next = -1;
    for (auto it = m_looks.begin(); it != m_looks.end();) {
        if (it->underWay || (!it->again && it->notBeforeMs > now)) {
            ++it;
            continue;
        }
        if (!it->again) {
            it = m_looks.erase(it); // rested, and nothing came meanwhile
            continue;
        }
        if (it->notBeforeMs > now)
            next = next < 0 ? it->notBeforeMs : std::min(next, it->notBeforeMs);
        else if (m_underWay < mostAtOnce)
            send(*it);
        ++it;
    }
    m_timer = next < 0 ? nullptr : m_clock.after(this, next - now, [this] { pump(); });
}

void UnapprovedChanges::send(Look& look)
{
    Subject* of = subject(look.kindId, look.space);
    if (!of)
        return;
    look.underWay = true;
    look.again = false;
    ++m_underWay;
    const QString key = keyOf(look.kindId, look.space, look.name);
    whenDone(m_watch.get(of->kind.objectPath(look.space, look.name), {}), this,
             [this, key](const Result<QByteArray>& body) { onObject(key, body); });
}

void UnapprovedChanges::onObject(const QString& key, const Result<QByteArray>& body)
{
    --m_underWay;
    Look& look = m_looks[key];
    look.underWay = false;
    look.notBeforeMs = m_clock.monotonicMs() + restMs;
    const auto object = objectOf(body);
    const bool gone = !object && (object.error().kind == Error::Kind::NotFound || object.error().httpStatus == 404);
    if (object || gone) {
        compare(look, gone ? QJsonObject() : *object);
    } else {
        setError(object.error());
        look.again = true; // it is still to be seen
        look.notBeforeMs = m_clock.monotonicMs() + retryMs;
    }
    pump();
}

void UnapprovedChanges::compare(const Look& look, const QJsonObject& after)
{
    const QString uid = m_known.uidOf(look.kindId, look.space, look.name);
    const QJsonObject before = m_known.object(uid);
    const bool same = kube::uid(before) == kube::uid(after);
    if (before.isEmpty() && after.isEmpty())
        return; // came and went between two looks
    if (same && kube::resourceVersion(before) == kube::resourceVersion(after))
        return;
    if (!same && !before.isEmpty()) {
        m_known.remove(uid);
        judge(targetOf(look.kindId, before), before, {});
    }
    if (after.isEmpty())
        return publish();
    keep(look.kindId, after);
    judge(targetOf(look.kindId, after), same ? before : QJsonObject(), after);
    publish();
}

/// Where the server does not note who changed a scale (before Kubernetes 1.22), the workload's autoscaler is asked
/// whether it wants that; it writes so a moment later.
void UnapprovedChanges::judge(const Target& target, const QJsonObject& before, const QJsonObject& after)
{
    Circumstances circumstances;
    circumstances.ourPlanRuns = isOurs(target);
    const ObjectChange first = m_judge.judge(target, before, after, circumstances);
    const bool scaled = first.fields.size() == 1 && first.fields.first().path == "spec.replicas"_L1;
    QJsonObject scaler;
    if (scaled && first.author.manager.isEmpty() && !circumstances.ourPlanRuns) {
        scaler = m_known.first(autoscalers, target.space, [&](const QJsonObject& candidate) {
            const QJsonObject reference = candidate.value("spec"_L1).toObject().value("scaleTargetRef"_L1).toObject();
            return reference.value("kind"_L1).toString() == target.kind &&
                   reference.value("name"_L1).toString() == target.name;
        });
    }
    // Under our name, but as far as is known here by no plan of ours: the store's word may come after the cluster's.
    if (first.author.manager == ourManager && !circumstances.ourPlanRuns)
        return later(hearsayMs, [=, this] { tell(target, before, after, {isOurs(target), {}}); });
    Subject* of = subject(autoscalers, target.space);
    if (scaler.isEmpty() || !of)
        return tell(target, before, after, circumstances);
    const QByteArray path = of->kind.objectPath(target.space, kube::metadata(scaler).value("name"_L1).toString());
    later(autoscalerMs, [=, this] {
        whenDone(m_watch.get(path, {}), this, [=, this](const Result<QByteArray>& body) {
            Circumstances known = circumstances;
            if (const auto object = objectOf(body)) {
                const QJsonValue wants = object->value("status"_L1).toObject().value("desiredReplicas"_L1);
                known.autoscalerWants = wants.toInteger(-1);
            }
            tell(target, before, after, known);
        });
    });
}

void UnapprovedChanges::tell(const Target& target, const QJsonObject& before, const QJsonObject& after,
                             Circumstances circumstances)
{
    const ObjectChange change = m_judge.judge(target, before, after, circumstances);
    if (change.verdict == ObjectChange::Verdict::Nothing)
        return;
    emit changed(change);
    if (change.verdict == ObjectChange::Verdict::Unapproved)
        emit found(change);
}

void UnapprovedChanges::keep(const QString& kindId, const QJsonObject& object)
{
    const QString uid = kube::uid(object);
    if (m_known.put(kindId, object))
        m_notFollowed.remove(uid);
    else
        m_notFollowed.insert(uid);
}

Target UnapprovedChanges::targetOf(const QString& kindId, const QJsonObject& object) const
{
    return kube::targetOf(m_setup.cluster, object, kindId.section(u'.', 0, 0));
}

void UnapprovedChanges::setRunning(const QSet<QString>& targets)
{
    const qint64 until = m_clock.monotonicMs() + oursForMs;
    const QSet<QString> over = QSet<QString>(m_running).subtract(targets); // subtract() itself gives a reference
    for (const QString& ended : over)
        m_justRan.insert(ended, until);
    m_running = targets;
}

void UnapprovedChanges::addEnded(const QSet<QString>& targets)
{
    for (const QString& ended : targets)
        m_justRan.insert(ended, m_clock.monotonicMs() + oursForMs);
}

bool UnapprovedChanges::endedJustNow(const RequestSummary& request, const Clock& clock)
{
    return request.endedAt && request.endedAt->toMSecsSinceEpoch() > clock.nowMs() - 2 * oursForMs;
}

bool UnapprovedChanges::isOurs(const Target& target) const
{
    const QString key = target.key();
    return m_running.contains(key) || m_justRan.value(key, -1) >= m_clock.monotonicMs();
}

void UnapprovedChanges::later(qint64 ms, std::function<void()> then)
{
    const quint64 id = ++m_lastWait;
    m_waits.insert(id, m_clock.after(this, ms, [this, id, run = std::move(then)] {
        const auto keep = m_waits.take(id); // alive while it runs
        run();
    }));
}

void UnapprovedChanges::setError(const Error& error)
{
    if (error.kind == Error::Kind::Cancelled)
        return;
    m_status.error = error;
    emit statusChanged();
}

void UnapprovedChanges::publish()
{
    const bool complete = std::ranges::all_of(m_subjects, [](const auto& subject) { return subject->read; });
    if (m_begun && complete && !m_status.complete) {
        m_status.complete = true;
        m_status.error.reset();
    }
    m_status.objects = m_known.size();
    m_status.notFollowed = m_notFollowed.size();
    emit statusChanged();
}

} // namespace wk::changes
