// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/checks/CheckKind.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QUrl>

#include <cmath>

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::CheckKind)
};

constexpr qint64 maxSeconds = 7 * 86'400;

void withinSeconds(MemberReader& parameters) { parameters.integer(u"withinSeconds"_s, 1, maxSeconds); }

void needsTarget(const Step& step, MemberReader& parameters, const QStringList& resources)
{
    const bool fits = step.target.type() == Target::Kind::Object && resources.contains(step.target.resourceId());
    if (!fits)
        parameters.mistakes().add(u"target"_s, Texts::tr("must be one of: %1").arg(resources.join(u", "_s)));
}

QString withLimit(const Step& step, const QString& text, qint64 otherwise)
{
    return Texts::tr("%1, within %2")
        .arg(text, secondsWords(step.parameters.value("withinSeconds"_L1).toInteger(otherwise)));
}

/// "forSeconds" and "withinSeconds", which takes in the former.
void times(const Step& step, MemberReader& parameters)
{
    withinSeconds(parameters);
    const qint64 held = parameters.integer(u"forSeconds"_s, 0, maxSeconds).value_or(0);
    const qint64 within = step.parameters.value("withinSeconds"_L1).toInteger(checkKind(step.name)->withinSeconds);
    if (held >= within)
        parameters.mistake(u"forSeconds"_s, Texts::tr("must be less than withinSeconds (%1)").arg(within));
}

/// "comparison" and "value", a decimal number as text: plans hold no fractions.
void comparison(MemberReader& parameters)
{
    parameters.choice(u"comparison"_s, {u"<"_s, u"<="_s, u">"_s, u">="_s, u"=="_s, u"!="_s}, Need::Required);
    const QString value = parameters.text(u"value"_s, Need::Required, 40);
    bool ok = false;
    const double number = value.toDouble(&ok);
    if (!value.isEmpty() && !(ok && std::isfinite(number)))
        parameters.mistake(u"value"_s, Texts::tr("must be a number written as text, such as \"0.05\""));
}

void webAddress(MemberReader& parameters)
{
    const QUrl url(parameters.text(u"url"_s, Need::Required), QUrl::StrictMode);
    const bool good =
        url.isValid() && (url.scheme() == "http"_L1 || url.scheme() == "https"_L1) && !url.host().isEmpty();
    if (parameters.has(u"url"_s) && (!good || !url.userInfo().isEmpty()))
        parameters.mistake(u"url"_s, Texts::tr("must be an http:// or https:// address without a password"));
}

void validateRollout(const Step& step, MemberReader& parameters)
{
    needsTarget(step, parameters, {u"deployments.apps"_s, u"statefulsets.apps"_s, u"daemonsets.apps"_s});
    withinSeconds(parameters);
}

QString wordsRollout(const Step& step)
{
    return withLimit(step, Texts::tr("Wait until the rollout of %1 has finished").arg(step.target.words()), 600);
}

void validatePods(const Step& step, MemberReader& parameters)
{
    needsTarget(step, parameters, {u"pods"_s});
    parameters.text(u"selector"_s, Need::Required);
    parameters.integer(u"minimum"_s, 0, 100'000);
    withinSeconds(parameters);
}

QString wordsPods(const Step& step)
{
    const qint64 minimum = step.parameters.value("minimum"_L1).toInteger(1);
    return withLimit(
        step,
        Texts::tr("Wait until at least %1 and all pods with %2 in %3 are ready")
            .arg(QString::number(minimum), step.parameters.value("selector"_L1).toString(), step.target.space),
        600);
}

void validatePromQl(const Step& step, MemberReader& parameters)
{
    parameters.text(u"query"_s, Need::Required, 10'000);
    comparison(parameters);
    parameters.boolean(u"failFast"_s);
    parameters.boolean(u"absentIsZero"_s);
    if (parameters.has(u"url"_s))
        webAddress(parameters);
    times(step, parameters);
}

QString condition(const Step& step)
{
    const QString held =
        step.parameters.contains("forSeconds"_L1)
            ? Texts::tr(" for %1").arg(secondsWords(step.parameters.value("forSeconds"_L1).toInteger()))
            : QString();
    return step.parameters.value("comparison"_L1).toString() + u' ' + step.parameters.value("value"_L1).toString() +
           held;
}

QString wordsPromQl(const Step& step)
{
    return withLimit(step,
                     Texts::tr("Wait until %1 is %2")
                         .arg(step.parameters.value("query"_L1).toString().simplified(), condition(step)),
                     900);
}

void validateSql(const Step& step, MemberReader& parameters)
{
    if (step.target.type() != Target::Kind::Database || step.target.kind.isEmpty())
        parameters.mistakes().add(u"target"_s, Texts::tr("must be a database"));
    parameters.text(u"statement"_s, Need::Required, 10'000);
    comparison(parameters);
    times(step, parameters);
}

QString wordsSql(const Step& step)
{
    return withLimit(
        step,
        Texts::tr("Wait until on %1 the result of “%2” is %3")
            .arg(step.target.words(), step.parameters.value("statement"_L1).toString().simplified(), condition(step)),
        300);
}

void validateHttp(const Step& step, MemberReader& parameters)
{
    webAddress(parameters);
    parameters.integer(u"status"_s, 100, 599);
    parameters.text(u"contains"_s);
    times(step, parameters);
}

QString wordsHttp(const Step& step)
{
    return withLimit(step,
                     Texts::tr("Wait until %1 answers %2")
                         .arg(step.parameters.value("url"_L1).toString(),
                              QString::number(step.parameters.value("status"_L1).toInteger(200))),
                     300);
}

void validateConfirm(const Step& step, MemberReader& parameters)
{
    Q_UNUSED(step);
    parameters.text(u"question"_s, Need::Required, 1000);
    withinSeconds(parameters);
}

QString wordsConfirm(const Step& step)
{
    return Texts::tr("Ask the person who runs this: %1").arg(step.parameters.value("question"_L1).toString());
}

} // namespace

QString secondsWords(qint64 n)
{
    if (n != 0 && n % 3600 == 0)
        return Texts::tr("%1 h").arg(n / 3600);
    return n != 0 && n % 60 == 0 ? Texts::tr("%1 min").arg(n / 60) : Texts::tr("%1 s").arg(n);
}

const std::vector<CheckKind>& checkKinds()
{
    using Id = CheckKind::Id;
    static const std::vector<CheckKind> all{
        {Id::RolloutFinished, u"rolloutFinished", validateRollout, wordsRollout, 600},
        {Id::PodsReady, u"podsReady", validatePods, wordsPods, 600},
        {Id::PromQl, u"promql", validatePromQl, wordsPromQl, 900},
        {Id::Sql, u"sql", validateSql, wordsSql, 300},
        {Id::Http, u"http", validateHttp, wordsHttp, 300},
        {Id::Confirm, u"confirm", validateConfirm, wordsConfirm, 86'400},
    };
    return all;
}

const CheckKind* checkKind(QStringView name)
{
    const auto& all = checkKinds();
    const auto it = std::ranges::find_if(all, [name](const CheckKind& kind) { return name == QStringView(kind.name); });
    return it == all.end() ? nullptr : &*it;
}

} // namespace wk::changes
