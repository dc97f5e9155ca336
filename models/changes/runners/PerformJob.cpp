// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/PerformJob.h"

#include "changes/actions/Kube.h"
#include "changes/plan/JsonTree.h"

#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

void PerformJob::start()
{
    if (!m_kind || m_kind->place() != ActionKind::Place::Cluster)
        end(fail(unknownAction(m_step.name)));
    else
        attempt();
}

void PerformJob::later(qint64 ms, void (PerformJob::*then)())
{
    m_timer = m_clock.after(this, ms, [this, then] { (this->*then)(); });
}

void PerformJob::tell(const QString& text) const
{
    if (m_progress)
        m_progress(text);
}

void PerformJob::attempt()
{
    ++m_attempts;
    gather([this](Result<Answers> answers) { judge(std::move(answers)); });
}

void PerformJob::judge(Result<Answers> answers)
{
    if (!answers) {
        end(fail(std::move(answers.error())));
        return;
    }
    auto prepared = prepare(*answers);
    // What this step itself has sent already is no drift.
    const QJsonObject live = prepared ? prepared->live : answers->value(0);
    const QString drift = m_succeeded > 0 ? QString() : m_step.precondition.drift(live, m_step.target.words());
    if (!drift.isEmpty()) {
        end(fail(Error::Kind::Conflict, drift, {},
                 ActionsTexts::tr("Nothing was sent. Look at what changed, then file the change again.")));
        return;
    }
    if (!prepared) {
        end(fail(std::move(prepared.error())));
        return;
    }
    if (m_recorded && m_succeeded == 0 && prepared->inverse.steps != m_inverse.steps) {
        end(fail(Error::Kind::Conflict,
                 ActionsTexts::tr("The %1 was changed while this step was under way.").arg(m_step.target.words()), {},
                 ActionsTexts::tr("Nothing was sent. Look at what changed, then file the change again.")));
        return;
    }
    m_prepared = std::move(*prepared);
    m_queue = m_prepared.calls;
    m_vanishing = m_prepared.vanishing;
    m_putOff.clear();
    if (m_recorded)
        sendNext();
    else
        record();
}

void PerformJob::record()
{
    m_inverse = m_prepared.inverse;
    m_words = m_kind->words(m_step, m_prepared.live);
    m_total = m_queue.size();
    const Before before{m_inverse, m_queue, m_vanishing, kube::uid(m_prepared.live),
                        kube::resourceVersion(m_prepared.live)};
    await(m_before(before), [this](Result<void> recorded) {
        if (!recorded) {
            end(fail(std::move(recorded.error())));
            return;
        }
        m_recorded = true;
        m_deadlineMs = m_clock.monotonicMs() + m_prepared.withinSeconds * 1000;
        sendNext();
    });
}

void PerformJob::sendNext()
{
    if (m_queue.isEmpty() && !m_putOff.isEmpty()) {
        m_queue = std::exchange(m_putOff, {});
        if (isLate()) {
            end(fail(Error::Kind::Throttled,
                     ActionsTexts::tr("Not carried out in time: %1 of %2 requests are still put off, the first: %3.")
                         .arg(QString::number(m_queue.size()), QString::number(m_total), m_queue.first().words),
                     {}, ActionsTexts::tr("A disruption budget may allow none to go; look at it.")));
            return;
        }
        later(evictAgainMs, &PerformJob::sendNext);
        return;
    }
    if (m_queue.isEmpty()) {
        waitForVanishing();
        return;
    }
    if (m_maySend && !m_maySend()) {
        end(fail(Error::Kind::Cancelled,
                 ActionsTexts::tr("Not sent any more: the lease may be lost, and somebody else may go on."), {},
                 ActionsTexts::tr("Look at what happened, then take the execution over.")));
        return;
    }
    const Call call = m_queue.takeFirst();
    await(m_access.send(call, false), [this, call](Result<Answer> answer) { onAnswer(call, std::move(answer)); });
}

void PerformJob::onAnswer(const Call& call, Result<Answer> answer)
{
    if (!answer) {
        end(fail(std::move(answer.error())));
        return;
    }
    const bool goes = call.form == Call::Form::Delete || call.form == Call::Form::Evict;
    if ((answer->status >= 200 && answer->status < 300) || (goes && answer->status == 404)) {
        ++m_succeeded;
        if (m_total > 1)
            tell(ActionsTexts::tr("%1 of %2: %3")
                     .arg(QString::number(m_succeeded), QString::number(m_total), call.words));
        const QJsonObject object = QJsonDocument::fromJson(answer->body).object();
        const QString uid = goes ? QString() : kube::uid(object);
        if (!uid.isEmpty())
            m_objects.append(QJsonObject{{u"path"_s, QString::fromLatin1(call.objectPath())},
                                         {u"uid"_s, uid},
                                         {u"resourceVersion"_s, kube::resourceVersion(object)}});
        if (call.form == Call::Form::Create || call.form == Call::Form::Apply)
            identify(m_inverse, call, uid);
        sendNext();
        return;
    }
    const Error why = m_access.error(*answer, call.words);
    if (answer->status == 429) { // the server did nothing yet
        m_putOff << call;
        sendNext();
    } else if (answer->status == 409 && goes) {
        lookAtRefused(call, why);
    } else if (answer->status == 409 && call.form != Call::Form::Create && m_succeeded == 0) {
        again(why);
    } else { // what was sent is not gathered again: it would be sent to what came in its place
        end(fail(why));
    }
}

/// One that has to go was not the one that was meant, or something about it changed at that moment.
void PerformJob::lookAtRefused(const Call& call, const Error& why)
{
    readOne({call.objectPath(), {}, true}, [this, call, why](const Result<QJsonObject>& object) {
        const bool exact = valueAt(call.body, u"/preconditions").toObject().contains("resourceVersion"_L1);
        if (!object) {
            end(fail(object.error()));
        } else if (object->isEmpty() || kube::uid(*object) != call.goingUid()) {
            ++m_succeeded; // it is gone; another one came under its name, which nobody meant
            sendNext();
        } else if (exact && m_succeeded == 0) {
            again(why);
        } else if (exact) {
            end(fail(why));
        } else {
            m_putOff << call;
            sendNext();
        }
    });
}

void PerformJob::again(const Error& why)
{
    if (m_attempts >= maxAttempts) {
        end(fail(why));
        return;
    }
    later(100LL * m_attempts, &PerformJob::attempt);
}

void PerformJob::waitForVanishing()
{
    if (m_vanishing.isEmpty()) {
        finish();
        return;
    }
    const Vanishing first = m_vanishing.first();
    readOne({first.path, {}, true}, [this, first](Result<QJsonObject> object) {
        if (!object) {
            end(fail(std::move(object.error())));
        } else if (object->isEmpty() || kube::uid(*object) != first.uid) {
            m_vanishing.removeFirst();
            waitForVanishing();
        } else if (isLate()) {
            end(fail(Error::Kind::Conflict,
                     ActionsTexts::tr("Still there after the time allowed: %1, and %2 more.")
                         .arg(kube::targetOf({}, *object, u"x"_s).words())
                         .arg(m_vanishing.size() - 1),
                     {}, ActionsTexts::tr("It was asked to go; a finalizer or a long grace period may hold it.")));
        } else {
            tell(ActionsTexts::tr("Waiting for %1 to go").arg(kube::targetOf({}, *object, u"x"_s).words()));
            later(lookAgainMs, &PerformJob::waitForVanishing);
        }
    });
}

void PerformJob::finish()
{
    Performed out;
    out.sentence = m_total == 0 ? m_prepared.notes.join(u' ') : ActionsTexts::tr("Done: %1.").arg(m_words);
    out.inverse = m_inverse;
    out.result = {{u"sentence"_s, out.sentence}, {u"objects"_s, m_objects}};
    end(std::move(out));
}

} // namespace wk::changes
