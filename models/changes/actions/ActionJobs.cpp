// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ActionJobs.h"

#include "changes/actions/Kube.h"
#include "changes/plan/JsonTree.h"
#include "changes/plan/Passwords.h"

#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

bool isGood(const Answer& answer) { return answer.status >= 200 && answer.status < 300; }
QJsonObject bodyOf(const Answer& answer) { return QJsonDocument::fromJson(answer.body).object(); }

/// "deployment api-gateway in shop" of an object that a server gave.
QString titleOf(const QJsonObject& object) { return kube::targetOf({}, object, u"x"_s).words(); }

} // namespace

void ActionJob::readOne(const Read& read, Read1 done)
{
    await(m_access.read(read), [this, read, done = std::move(done)](const Result<Answer>& answer) {
        done(objectIn(answer, read, m_access, m_step.target.words()));
    });
}

void ActionJob::gather(std::function<void(Result<Answers>)> done)
{
    m_answers.clear();
    m_reads.clear();
    m_gathered = std::move(done);
    gatherMore();
}

void ActionJob::gatherMore()
{
    if (m_reads.isEmpty())
        m_reads = readsAfter(m_answers);
    if (m_reads.isEmpty()) {
        std::exchange(m_gathered, nullptr)(std::exchange(m_answers, {}));
        return;
    }
    readOne(m_reads.takeFirst(), [this](Result<QJsonObject> object) {
        if (!object) {
            std::exchange(m_gathered, nullptr)(fail(std::move(object.error())));
            return;
        }
        m_answers << std::move(*object);
        gatherMore();
    });
}

Result<Prepared> ActionJob::prepare(const Answers& answers) const
{
    return m_kind->prepare(m_step, answers, {m_clock.nowMs()});
}

void ActionJob::stand(const QJsonObject& live, bool follows, std::function<void(Precondition)> done)
{
    Precondition strict = m_kind->precondition(m_step, live, {follows, false});
    if (!strict.fields.contains(u"/metadata/generation"_s) || !valueAt(live, u"/spec/replicas").isDouble()) {
        done(std::move(strict));
        return;
    }
    // Every server since Kubernetes 1.2 lists all of them in the first version, too.
    const QByteArray path =
        "/apis/autoscaling/v1/namespaces/" + m_step.target.space.toUtf8() + "/horizontalpodautoscalers";
    readOne({path, {}, true}, [this, live, strict, done = std::move(done)](const Result<QJsonObject>& list) {
        const bool autoscaled = list && !kube::autoscalerOf(m_step.target, *list).isEmpty();
        done(autoscaled ? m_kind->precondition(m_step, live, {false, true}) : strict);
    });
}

Error ActionJob::unknownAction(const QString& name)
{
    return {Error::Kind::BadInput,
            ActionsTexts::tr("“%1” is no action that a cluster can be asked for.").arg(name),
            {},
            {}};
}

void LookJob::start()
{
    if (!m_kind)
        end(fail(unknownAction(m_step.name)));
    else
        gather([this](Result<Answers> answers) { end(std::move(answers)); });
}

void AllowanceJob::start()
{
    if (!m_kind)
        end(fail(unknownAction(m_step.name)));
    else
        next(m_kind->permissions(m_step));
}

void AllowanceJob::next(QList<Permission> rest)
{
    if (rest.isEmpty()) {
        end(Allowance{true, {}});
        return;
    }
    const Permission asked = rest.takeFirst();
    await(m_access.review(asked.review()), [this, asked, rest](Result<Answer> answer) {
        if (!answer || !isGood(*answer)) {
            end(fail(answer ? m_access.error(*answer, asked.words()) : std::move(answer.error())));
            return;
        }
        if (valueAt(bodyOf(*answer), u"/status/allowed").toBool())
            next(rest);
        else
            end(Allowance{false,
                          ActionsTexts::tr("User “%1” is not allowed to %2.").arg(m_access.user(), asked.words())});
    });
}

bool Preview::changesNothing() const
{
    return std::ranges::all_of(differences, &Difference::isEmpty) && notes.isEmpty();
}

void PreviewJob::start()
{
    if (!m_kind || m_kind->place() != ActionKind::Place::Cluster) {
        end(fail(unknownAction(m_step.name)));
        return;
    }
    gather([this](Result<Answers> answers) {
        auto prepared = answers ? prepare(*answers) : Result<Prepared>(fail(std::move(answers.error())));
        if (!prepared) {
            end(fail(std::move(prepared.error())));
            return;
        }
        m_prepared = std::move(*prepared);
        m_preview.notes = m_prepared.notes;
        m_preview.inverse = m_prepared.inverse;
        m_preview.live = m_prepared.live;
        stand(m_prepared.live, false, [this](Precondition precondition) {
            m_preview.precondition = std::move(precondition);
            next();
        });
    });
}

void PreviewJob::next()
{
    if (m_at == m_prepared.calls.size()) {
        end(std::move(m_preview));
        return;
    }
    const Call& call = m_prepared.calls.at(m_at);
    if (call.form == Call::Form::Create || call.form == Call::Form::Evict) {
        pretend({});
    } else if (call.objectPath() == m_step.target.path() && !m_prepared.live.isEmpty()) {
        pretend(m_prepared.live);
    } else {
        readOne({call.objectPath(), {}, true}, [this](Result<QJsonObject> before) {
            if (before)
                pretend(*before);
            else
                end(fail(std::move(before.error())));
        });
    }
}

void PreviewJob::pretend(const QJsonObject& before)
{
    const Call call = m_prepared.calls.at(m_at++);
    await(m_access.send(call, true), [this, call, before](Result<Answer> answer) {
        if (answer)
            onAnswer(call, before, *answer);
        else
            end(fail(std::move(answer.error())));
    });
}

void PreviewJob::onAnswer(const Call& call, const QJsonObject& before, const Answer& answer)
{
    const bool evict = call.form == Call::Form::Evict;
    if (evict && answer.status == 429) {
        m_preview.notes << ActionsTexts::tr("%1: put off for now by a disruption budget").arg(call.words);
    } else if (answer.status == 409 && call.form != Call::Form::Create && ++m_attempts < maxAttempts) {
        // A controller wrote the object's status in between: look at it again.
        m_preview = {};
        m_at = 0;
        m_timer = m_clock.after(this, 100LL * m_attempts, [this] { start(); });
        return;
    } else if (!isGood(answer)) {
        end(fail(m_access.error(answer, call.words)));
        return;
    } else if (evict || (call.form == Call::Form::Delete && m_prepared.calls.size() > 1)) {
        m_preview.notes << call.words;
    } else {
        QJsonObject after = call.form == Call::Form::Delete ? QJsonObject() : bodyOf(answer);
        if (call.path.endsWith("/scale")) // its answer is a Scale
            after = mergePatched(before, QJsonObject{{u"spec"_s, call.body.value("spec"_L1)}}).toObject();
        m_preview.differences << Difference::of(titleOf(after.isEmpty() ? before : after), before, after);
    }
    next();
}

void StateJob::start()
{
    if (!m_kind || m_kind->place() != ActionKind::Place::Cluster) {
        end(fail(unknownAction(m_step.name)));
        return;
    }
    gather([this](const Result<Answers>& answers) {
        if (!answers) {
            end(fail(answers.error()));
            return;
        }
        // What the objects do not allow now, earlier steps may make possible: they are compared nevertheless.
        const auto prepared = prepare(*answers);
        stand(prepared ? prepared->live : answers->value(0), m_follows,
              [this](Precondition precondition) { end(std::move(precondition)); });
    });
}

void ObserveJob::next()
{
    if (m_at == m_before.calls.size()) {
        Observation out;
        out.state = m_notDone == 0 ? Observation::State::Done
                    : m_done == 0  ? Observation::State::NotDone
                                   : Observation::State::Mixed;
        switch (out.state) {
        case Observation::State::Done:
            out.sentence = ActionsTexts::tr("It was carried out: the cluster is as this step wanted it.");
            break;
        case Observation::State::NotDone: out.sentence = ActionsTexts::tr("It was not carried out."); break;
        case Observation::State::Mixed:
            out.sentence =
                ActionsTexts::tr("It was carried out in part: %1 of %2.").arg(m_done).arg(m_done + m_notDone);
            break;
        }
        out.inverse = m_before.inverse;
        end(std::move(out));
        return;
    }
    const Call call = m_before.calls.at(m_at++);
    readOne({call.objectPath(), {}, true}, [this, call](Result<QJsonObject> object) {
        if (!object) {
            end(fail(std::move(object.error())));
            return;
        }
        bool done = false;
        if (call.form == Call::Form::Delete || call.form == Call::Form::Evict) {
            done = object->isEmpty() || kube::uid(*object) != call.goingUid() ||
                   kube::metadata(*object).contains("deletionTimestamp"_L1);
        } else {
            QJsonObject wanted = call.body;
            QJsonObject meta = kube::metadata(wanted);
            for (const auto server : {"uid"_L1, "resourceVersion"_L1})
                meta.remove(server);
            wanted.insert(u"metadata"_s, meta);
            // What was hidden on the way into the record stood in the object before: no plan holds any.
            done = !object->isEmpty() && covers(passwords::masked(*object), passwords::masked(wanted));
        }
        if (done && (call.form == Call::Form::Create || call.form == Call::Form::Apply))
            identify(m_before.inverse, call, kube::uid(*object));
        ++(done ? m_done : m_notDone);
        next();
    });
}

void identify(Inverse& inverse, const Call& created, const QString& uid)
{
    for (Step& step : inverse.steps) {
        if (step.target.path() == created.objectPath())
            step.precondition.uid = uid;
    }
}

} // namespace wk::changes
