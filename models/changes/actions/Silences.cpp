// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/actions/ObjectAction.h"
#include "changes/plan/SilenceSteps.h"

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

/// What happens on an Alertmanager: nothing to read in a cluster, no call to it. Here it is data; SilenceRunner carries
/// it out, and knows how to take it back once it is done.
class SilenceAction : public ActionKind
{
public:
    Place place() const override { return Place::Alertmanager; }
    bool supports(const Target& target) const override { return target.type() == Target::Kind::Silence; }
    QList<Permission> permissions(const Step&) const override { return {}; }
    Risk risk(const Step&) const override { return Risk::Low; }
    Precondition precondition(const Step&, const QJsonObject&, const Around&) const override { return {}; }
    Result<Prepared> prepare(const Step&, const Answers&, const Context&) const override { return Prepared(); }

protected:
    static void validateMatchers(const Step& step, MemberReader& parameters)
    {
        if (parameters.texts(u"matchers"_s, Need::Required).isEmpty())
            return;
        if (const auto good = silenceMatchers(step.parameters); !good)
            parameters.mistake(u"matchers"_s, good.error().text());
    }
    static QString matchersWords(const Step& step)
    {
        QStringList out;
        const QJsonArray all = step.parameters.value("matchers"_L1).toArray();
        for (const auto& one : all)
            out << one.toString();
        return out.join(u", "_s);
    }
};

QString lengthWords(qint64 minutes)
{
    if (minutes % (24 * 60) == 0)
        return ActionTexts::tr("%1 d").arg(minutes / (24 * 60));
    return minutes % 60 == 0 ? ActionTexts::tr("%1 h").arg(minutes / 60) : ActionTexts::tr("%1 min").arg(minutes);
}

class MakeSilence final : public SilenceAction
{
public:
    QString name() const override { return u"silence"_s; }
    QString title() const override { return ActionTexts::tr("Silence alerts"); }

    void validate(const Step& step, MemberReader& parameters) const override
    {
        validateMatchers(step, parameters);
        parameters.integer(u"minutes"_s, 1, 366LL * 24 * 60, Need::Required);
        for (const QString& text : {u"reason"_s, u"author"_s})
            if (parameters.text(text, Need::Required).trimmed().isEmpty() && parameters.has(text))
                parameters.mistake(text, ActionTexts::tr("must say something"));
        parameters.boolean(u"extends"_s);
    }

    QString words(const Step& step, const QJsonObject&) const override
    {
        const QString length = lengthWords(step.parameters.value("minutes"_L1).toInteger());
        const QString reason = step.parameters.value("reason"_L1).toString().simplified();
        return (step.parameters.value("extends"_L1).toBool()
                    ? ActionTexts::tr("Let the silence of alerts with %1 on %2 last %3 from now on: %4")
                    : ActionTexts::tr("Silence alerts with %1 on %2 for %3: %4"))
            .arg(matchersWords(step), step.target.cluster, length, reason);
    }
};

class ExpireSilence final : public SilenceAction
{
public:
    QString name() const override { return u"expireSilence"_s; }
    QString title() const override { return ActionTexts::tr("End a silence"); }

    void validate(const Step& step, MemberReader& parameters) const override { validateMatchers(step, parameters); }

    QString words(const Step& step, const QJsonObject&) const override
    {
        return ActionTexts::tr("End the silence of alerts with %1 on %2").arg(matchersWords(step), step.target.cluster);
    }
};

} // namespace

void addSilences(KindList& list)
{
    list.push_back(std::make_unique<MakeSilence>());
    list.push_back(std::make_unique<ExpireSilence>());
}

} // namespace wk::changes
