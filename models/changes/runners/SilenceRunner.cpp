// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/SilenceRunner.h"

#include "changes/plan/SilenceSteps.h"
#include "changes/runners/SilenceReach.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;
using monitoring::Silence;

namespace {

const Silence* ofId(const std::vector<Silence>& all, const QString& id)
{
    const auto found = std::ranges::find(all, id, &Silence::id);
    return found == all.end() ? nullptr : &*found;
}

/// Seen by what it says: Alertmanager itself chooses id and beginning.
bool isWhatWasSent(const Silence& silence, const Silence& sent, qint64 endsAt)
{
    return silence.matchers == sent.matchers && silence.createdBy == sent.createdBy &&
           silence.comment == sent.comment && silence.endsAt == endsAt;
}

class SilenceJob final : public Promising<Performed>
{
public:
    SilenceJob(const SilenceRunner::Places& places, Clock& clock, const Step& step, StepRunner::BeforeSending before,
               MaySend maySend)
        : m_clock(clock), m_step(step), m_record(std::move(before)), m_maySend(std::move(maySend)),
          m_reach(places, clock, step.target.cluster)
    {
    }

    void start() override
    {
        m_reach.find([this](const Result<std::vector<Silence>>& all) {
            if (!all)
                end(fail(all.error()));
            else
                prepare(*all);
        });
    }

private:
    [[nodiscard]] bool ends() const { return m_step.name == "expireSilence"_L1; }

    void prepare(const std::vector<Silence>& all)
    {
        const qint64 now = m_clock.nowMs();
        const Silence* known = ofId(all, m_step.target.name);
        m_before.calls = {Call()};
        Call& call = m_before.calls.front();
        call.words = m_step.words();
        if (ends()) {
            const auto matchers = silenceMatchers(m_step.parameters);
            if (!known || !matchers || known->matchers != *matchers) {
                end(fail(Error::Kind::Conflict,
                         known ? SilenceTexts::tr("The silence %1 matches something else than what was agreed on: %2.")
                                     .arg(known->id, matchersText(known->matchers))
                               : SilenceTexts::tr("There is no silence %1 any more.").arg(m_step.target.name)));
                return;
            }
            if (known->stateAt(now) == Silence::State::Expired)
                return done(known->id, SilenceTexts::tr("The silence had ended already."), {});
            m_before.inverse = anew(*known, now);
            call.form = Call::Form::Delete;
            call.path = m_reach.prefix() + monitoring::silencePath(known->id);
        } else {
            const auto wanted = wantedSilence(m_step, known, now);
            if (!wanted)
                return end(fail(wanted.error()));
            m_wanted = *wanted;
            m_before.inverse =
                known ? Inverse{{},
                                SilenceTexts::tr("The silence lasted until %1 before.")
                                    .arg(QDateTime::fromMSecsSinceEpoch(known->endsAt, Qt::UTC).toString(Qt::ISODate))}
                      : Inverse();
            call.form = Call::Form::Create;
            call.path = m_reach.prefix() + monitoring::silencesPath();
            call.body = QJsonDocument::fromJson(monitoring::silenceBody(m_wanted)).object();
        }
        await(m_record(m_before), [this](const Result<void>& recorded) {
            if (!recorded)
                end(fail(recorded.error()));
            else if (m_maySend && !m_maySend())
                end(fail(Error::Kind::Cancelled, SilenceTexts::tr("This was given up before anything was sent.")));
            else
                m_reach.send(m_before.calls.front(), [this](const Result<QByteArray>& answer) { sent(answer); });
        });
    }

    /// The rest of what it would have lasted.
    [[nodiscard]] Inverse anew(const Silence& silence, qint64 now) const
    {
        Silence again = silence;
        again.id.clear();
        return {{silenceStep(m_step.target.cluster, again, now)}, {}};
    }

    void sent(const Result<QByteArray>& answer)
    {
        if (!answer)
            return end(fail(answer.error()));
        if (ends())
            return done(m_step.target.name, SilenceTexts::tr("The silence has ended."), m_before.inverse);
        const auto id = monitoring::readSilenceId(*answer);
        if (!id)
            return end(fail(id.error()));
        Inverse inverse = m_before.inverse;
        if (m_wanted.id.isEmpty()) {
            m_wanted.id = *id;
            inverse = {{expireSilenceStep(m_step.target.cluster, m_wanted)}, {}};
        }
        done(*id,
             SilenceTexts::tr("Alerts with %1 are silenced until %2.")
                 .arg(matchersText(m_wanted.matchers),
                      QDateTime::fromMSecsSinceEpoch(m_wanted.endsAt, Qt::UTC).toString(Qt::ISODate)),
             inverse);
    }

    void done(const QString& id, const QString& sentence, const Inverse& inverse)
    {
        Performed out;
        out.sentence = sentence;
        out.inverse = inverse;
        out.result = {{u"sentence"_s, sentence}, {u"id"_s, id}, {u"server"_s, m_reach.words()}};
        end(std::move(out));
    }

    Clock& m_clock;
    const Step m_step;
    StepRunner::BeforeSending m_record;
    MaySend m_maySend;
    Before m_before;
    Silence m_wanted;
    SilenceReach m_reach;
};

class SilenceLook final : public Promising<Observation>
{
public:
    SilenceLook(const SilenceRunner::Places& places, Clock& clock, const Step& step, const Before& before)
        : m_clock(clock), m_step(step), m_before(before), m_reach(places, clock, step.target.cluster)
    {
    }

    void start() override
    {
        m_reach.find([this](const Result<std::vector<Silence>>& all) {
            if (all)
                end(judged(*all));
            else
                end(fail(all.error()));
        });
    }

private:
    [[nodiscard]] Observation judged(const std::vector<Silence>& all) const
    {
        using State = Observation::State;
        if (m_step.name == "expireSilence"_L1) {
            const Silence* known = ofId(all, m_step.target.name);
            const bool over = !known || known->stateAt(m_clock.nowMs()) == Silence::State::Expired;
            return {over ? State::Done : State::NotDone,
                    over ? SilenceTexts::tr("The silence has ended.") : SilenceTexts::tr("The silence goes on."),
                    m_before.inverse};
        }
        const auto wanted = wantedSilence(m_step, ofId(all, m_step.target.name), m_clock.nowMs());
        const QJsonObject body = m_before.calls.isEmpty() ? QJsonObject() : m_before.calls.front().body;
        const qint64 endsAt =
            QDateTime::fromString(body.value("endsAt"_L1).toString(), Qt::ISODateWithMs).toMSecsSinceEpoch();
        if (!wanted)
            return {State::Mixed, wanted.error().sentence};
        for (const Silence& one : all) {
            if (!isWhatWasSent(one, *wanted, endsAt))
                continue;
            Inverse inverse = m_before.inverse;
            if (!m_step.parameters.value("extends"_L1).toBool())
                inverse = {{expireSilenceStep(m_step.target.cluster, one)}, {}};
            return {State::Done, SilenceTexts::tr("The silence is there: %1.").arg(one.id), inverse};
        }
        return {State::NotDone, SilenceTexts::tr("There is no such silence.")};
    }

    Clock& m_clock;
    const Step m_step;
    const Before m_before;
    SilenceReach m_reach;
};

} // namespace

QFuture<Result<Performed>> SilenceRunner::perform(const Step& step, StepRunner::BeforeSending before,
                                                  StepRunner::Progress)
{
    return m_jobs.run(std::make_unique<SilenceJob>(m_places, m_clock, step, std::move(before), m_maySend));
}

QFuture<Result<Observation>> SilenceRunner::observe(const Step& step, const Before& before)
{
    return m_jobs.run(std::make_unique<SilenceLook>(m_places, m_clock, step, before));
}

} // namespace wk::changes
