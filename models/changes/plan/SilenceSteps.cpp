// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/SilenceSteps.h"

#include "monitoring/alerts/MatcherText.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>

namespace wk::changes {

using namespace Qt::StringLiterals;
using monitoring::LabelMatcher;
using monitoring::Silence;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::SilenceSteps)
};

constexpr qint64 minuteMs = 60'000;

QJsonArray written(const std::vector<LabelMatcher>& matchers)
{
    QJsonArray out;
    for (const LabelMatcher& one : matchers)
        out << one.text();
    return out;
}

Step stepOn(const QString& cluster, const QString& action, const QString& name, const QJsonObject& parameters)
{
    Step out;
    out.name = action;
    out.target.cluster = cluster;
    out.target.kind = u"Silence"_s;
    out.target.name = name;
    out.parameters = parameters;
    return out;
}

} // namespace

Step silenceStep(const QString& cluster, const Silence& silence, qint64 now)
{
    QJsonObject parameters{{u"matchers"_s, written(silence.matchers)},
                           {u"minutes"_s, std::max<qint64>(1, (silence.endsAt - now + minuteMs - 1) / minuteMs)},
                           {u"reason"_s, silence.comment},
                           {u"author"_s, silence.createdBy}};
    QString name = silence.id;
    if (name.isEmpty()) {
        // Told apart by what they match: two people who mean the same are not in each other's way by chance.
        const QByteArray text = (matchersText(silence.matchers) + silence.comment).toUtf8();
        name =
            u"new-"_s + QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().left(8));
    } else {
        parameters.insert(u"extends"_s, true);
    }
    return stepOn(cluster, u"silence"_s, name, parameters);
}

Step expireSilenceStep(const QString& cluster, const Silence& silence)
{
    return stepOn(cluster, u"expireSilence"_s, silence.id, {{u"matchers"_s, written(silence.matchers)}});
}

Result<std::vector<LabelMatcher>> silenceMatchers(const QJsonObject& parameters)
{
    std::vector<LabelMatcher> out;
    const QJsonArray texts = parameters.value("matchers"_L1).toArray();
    for (const auto& value : texts) {
        const QString text = value.toString();
        auto one = monitoring::parseMatchers(text);
        if (!one)
            return fail(std::move(one.error()));
        if (one->size() != 1 || one->front().text() != text)
            return fail(Error::Kind::BadInput, Texts::tr("“%1” is not one matcher, written in full.").arg(text), {},
                        Texts::tr("Write each as name=\"value\"."));
        out.push_back(one->front());
    }
    const auto set = monitoring::MatcherSet::of(out);
    if (!set)
        return fail(set.error());
    if (out.empty() || set->allMatchEmpty())
        return fail(Error::Kind::BadInput,
                    Texts::tr("A silence needs a matcher that does not also match an absent label."));
    return out;
}

Result<Silence> wantedSilence(const Step& step, const Silence* known, qint64 now)
{
    auto matchers = silenceMatchers(step.parameters);
    if (!matchers)
        return fail(std::move(matchers.error()));
    const QJsonObject& given = step.parameters;
    const qint64 until = now + given.value("minutes"_L1).toInteger() * minuteMs;
    Silence out;
    if (given.value("extends"_L1).toBool()) {
        if (!known)
            return fail(Error::Kind::NotFound, Texts::tr("There is no silence %1 any more.").arg(step.target.name));
        if (known->matchers != *matchers)
            return fail(Error::Kind::Conflict,
                        Texts::tr("The silence %1 matches something else than what was agreed on: %2.")
                            .arg(step.target.name, matchersText(known->matchers)));
        out = monitoring::extendedSilence(*known, until, now);
    } else {
        out.startsAt = now;
        out.endsAt = until;
    }
    out.matchers = *std::move(matchers);
    out.createdBy = given.value("author"_L1).toString();
    out.comment = given.value("reason"_L1).toString();
    if (const auto good = monitoring::checkSilence(out, now); !good)
        return fail(good.error());
    return out;
}

} // namespace wk::changes
