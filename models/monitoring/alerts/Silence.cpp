// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/alerts/Silence.h"

#include "monitoring/alerts/AlertmanagerFacts.h"
#include "monitoring/alerts/GoPattern.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>

#include <algorithm>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::monitoring::Silence)
};

QString rfc3339(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs); }

auto refusal(const QString& sentence) { return fail(Error::Kind::BadInput, sentence); }

/// model.LabelName.IsValid, as Alertmanager judges unless it is told to take all of UTF-8.
bool isLabelName(const QString& name)
{
    static const QRegularExpression form(u"\\A[a-zA-Z_][a-zA-Z0-9_]*\\z"_s);
    return form.match(name).hasMatch();
}

} // namespace

QString LabelMatcher::text() const
{
    QString quoted = value;
    quoted.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1).replace(u'\n', "\\n"_L1);
    const QLatin1StringView sign(isRegex ? (isEqual ? "=~" : "!~") : (isEqual ? "=" : "!="));
    return name + sign + u'"' + quoted + u'"';
}

QString matchersText(const std::vector<LabelMatcher>& matchers)
{
    QStringList parts;
    for (const LabelMatcher& one : matchers)
        parts << one.text();
    return u'{' + parts.join(u',') + u'}';
}

Result<MatcherSet> MatcherSet::of(const std::vector<LabelMatcher>& matchers)
{
    MatcherSet out;
    for (const LabelMatcher& matcher : matchers) {
        if (!isLabelName(matcher.name))
            return refusal(Texts::tr("“%1” is no name of a label.").arg(matcher.name));
        One one{matcher, {}};
        if (matcher.isRegex) {
            auto pattern = anchoredGoPattern(matcher.value);
            if (!pattern)
                return fail(std::move(pattern.error()));
            one.pattern = *std::move(pattern);
        }
        out.m_matchers.push_back(std::move(one));
    }
    return out;
}

Result<bool> MatcherSet::holds(const One& one, const QString& value)
{
    if (!one.matcher.isRegex)
        return (value == one.matcher.value) == one.matcher.isEqual;
    const auto match = one.pattern.match(value);
    if (!match.isValid())
        return fail(
            Error::Kind::Unsupported,
            Texts::tr("Whether %1 holds cannot be worked out here: it takes too many steps.").arg(one.matcher.text()),
            {}, Texts::tr("Write the expression without a repetition inside a repetition."));
    return match.hasMatch() == one.matcher.isEqual;
}

Result<bool> MatcherSet::matches(const Labels& labels) const
{
    Result<bool> out = true;
    for (const One& one : m_matchers) {
        auto held = holds(one, labelValue(labels, one.matcher.name));
        if (held && !*held)
            return false; // whatever the others are
        if (!held)
            out = std::move(held);
    }
    return out;
}

bool MatcherSet::allMatchEmpty() const
{
    return std::ranges::all_of(m_matchers, [](const One& one) { return holds(one, {}).value_or(false); });
}

Silence::State Silence::stateAt(qint64 now) const
{
    return now < startsAt ? State::Pending : now > endsAt ? State::Expired : State::Active;
}

Result<bool> Silence::matches(const Labels& labels) const
{
    const auto set = MatcherSet::of(matchers);
    return set ? set->matches(labels) : fail(set.error());
}

Result<void> checkSilence(const Silence& silence, qint64 now)
{
    const auto set = MatcherSet::of(silence.matchers);
    if (!set)
        return fail(set.error());
    if (silence.matchers.empty())
        return refusal(Texts::tr("A silence needs at least one matcher."));
    if (set->allMatchEmpty())
        return refusal(Texts::tr("Every matcher of the silence also matches an absent label, so that it would cover "
                                 "alerts of any kind. Alertmanager refuses that."));
    if (silence.startsAt <= 0 || silence.endsAt <= silence.startsAt)
        return refusal(Texts::tr("The silence has to end after it starts."));
    if (silence.endsAt <= now)
        return refusal(Texts::tr("The end of the silence has passed already."));
    if (silence.createdBy.trimmed().isEmpty())
        return refusal(Texts::tr("A silence needs the name of who makes it."));
    if (silence.comment.trimmed().isEmpty())
        return refusal(Texts::tr("A silence needs its reason."));
    return {};
}

Silence extendedSilence(const Silence& silence, qint64 until, qint64 now)
{
    Silence out = silence;
    out.endsAt = until;
    if (silence.stateAt(now) == Silence::State::Expired || silence.state == Silence::State::Expired) {
        out.id.clear();
        out.startsAt = now;
        out.updatedAt = 0;
    }
    out.state = out.stateAt(now);
    return out;
}

QByteArray silenceBody(const Silence& silence)
{
    QJsonArray matchers; // in their order: another order would be another silence
    for (const LabelMatcher& one : silence.matchers)
        matchers << QJsonObject{
            {u"name"_s, one.name}, {u"value"_s, one.value}, {u"isRegex"_s, one.isRegex}, {u"isEqual"_s, one.isEqual}};
    QJsonObject out{{u"matchers"_s, matchers},
                    {u"startsAt"_s, rfc3339(silence.startsAt)},
                    {u"endsAt"_s, rfc3339(silence.endsAt)},
                    {u"createdBy"_s, silence.createdBy},
                    {u"comment"_s, silence.comment}};
    if (!silence.id.isEmpty())
        out[u"id"_s] = silence.id;
    return QJsonDocument(out).toJson(QJsonDocument::Compact);
}

QByteArray silencesPath() { return "/api/v2/silences"; }
QByteArray silencePath(const QString& id) { return "/api/v2/silence/" + QUrl::toPercentEncoding(id); }

Result<SilencePreview> previewSilence(const std::vector<LabelMatcher>& matchers,
                                      const std::vector<ManagedAlert>& alerts, const QString& exceptId)
{
    const auto set = MatcherSet::of(matchers);
    if (!set)
        return fail(set.error());
    SilencePreview out;
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        const auto covers = set->matches(alerts[i].labels);
        if (!covers) {
            out.undecided.push_back(i);
            out.why = covers.error().text();
        } else if (*covers) {
            out.covered.push_back(i);
            if (std::ranges::any_of(alerts[i].silencedBy, [&](const QString& id) { return id != exceptId; }))
                out.alreadySilenced.push_back(i);
        }
    }
    return out;
}

} // namespace wk::monitoring
