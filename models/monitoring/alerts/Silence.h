// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "monitoring/prometheus/Answer.h"

#include <QtCore/QRegularExpression>

namespace wk::monitoring {

struct ManagedAlert;

/// One condition on a label. `isRegex`: Go's RE2, of the whole value.
struct LabelMatcher
{
    QString name, value;
    bool isRegex = false;
    bool isEqual = true; ///< false: != and !~

    /// name="value", as amtool writes and reads it; fit for AlertFilter::matchers.
    [[nodiscard]] QString text() const;
    bool operator==(const LabelMatcher&) const = default;
};

/// {a="b",c=~"d"}.
[[nodiscard]] QString matchersText(const std::vector<LabelMatcher>& matchers);

/// Conditions ready to be asked. An alert that has no such label is asked as if the label were empty, as Alertmanager
/// does (alertmanager/pkg/labels: Matchers.Matches).
class MatcherSet
{
public:
    /// Fails in words where Alertmanager would not take a matcher.
    [[nodiscard]] static Result<MatcherSet> of(const std::vector<LabelMatcher>& matchers);

    /// Whether all of them hold. Fails where an expression takes more steps on a value than are taken here.
    [[nodiscard]] Result<bool> matches(const Labels& labels) const;
    /// Whether they hold for any alert at all, one without labels included: Alertmanager refuses a silence like that.
    [[nodiscard]] bool allMatchEmpty() const;

private:
    struct One
    {
        LabelMatcher matcher;
        QRegularExpression pattern; ///< where it is one
    };
    [[nodiscard]] static Result<bool> holds(const One& one, const QString& value);
    std::vector<One> m_matchers;
};

/// Times in ms since the epoch.
struct Silence
{
    enum class State { Pending, Active, Expired };

    QString id; ///< empty: not made yet
    std::vector<LabelMatcher> matchers;
    qint64 startsAt = 0, endsAt = 0, updatedAt = 0;
    QString createdBy, comment;
    State state = State::Pending; ///< as the server said

    [[nodiscard]] State stateAt(qint64 now) const;
    [[nodiscard]] Result<bool> matches(const Labels& labels) const;
    bool operator==(const Silence&) const = default;
};

/// "pending", "active", "expired", as the API names them.
[[nodiscard]] QString silenceStateName(Silence::State state);

// What a silence is made, extended and ended by. Nothing is sent here.
// Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml, silence/silence.go

/// Why Alertmanager would refuse it, or why nobody could tell later what it was for: no matcher, one that is wrong, all
/// matching the empty label set, an end before the start or in the past, no author, no reason.
[[nodiscard]] Result<void> checkSilence(const Silence& silence, qint64 now);

/// `silence` until `until`: the same one where it still runs or waits, since then Alertmanager changes it in place; a
/// new one with the same matchers, from now on, where it is over.
[[nodiscard]] Silence extendedSilence(const Silence& silence, qint64 until, qint64 now);

/// What is POSTed to silencesPath(), to make one, or to change the one whose id it carries.
[[nodiscard]] QByteArray silenceBody(const Silence& silence);
/// Under the address of the server.
[[nodiscard]] QByteArray silencesPath();
/// What is DELETEd to end it now.
[[nodiscard]] QByteArray silencePath(const QString& id);

/// Which of the alerts a silence covers.
struct SilencePreview
{
    std::vector<std::size_t> covered;         ///< indexes into the alerts
    std::vector<std::size_t> alreadySilenced; ///< those among them that another silence covers now
    std::vector<std::size_t> undecided;       ///< could not be worked out; see `why`
    QString why;
};
[[nodiscard]] Result<SilencePreview> previewSilence(const std::vector<LabelMatcher>& matchers,
                                                    const std::vector<ManagedAlert>& alerts,
                                                    const QString& exceptId = {});

} // namespace wk::monitoring
