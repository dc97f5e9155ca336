// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/Plan.h"

#include "changes/plan/Json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace wk::changes {

using namespace Qt::StringLiterals;
using Need = MemberReader::Need;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Plan)
};

constexpr auto formatName = "watchkeeper/plan/v1"_L1;

std::unexpected<Mistakes> refused(const QString& why)
{
    Mistakes mistakes;
    mistakes.add({}, why);
    return std::unexpected(std::move(mistakes));
}

} // namespace

Plan::Made Plan::make(const QString& platform, const QString& title, const QList<Step>& steps)
{
    QJsonArray list;
    for (const Step& step : steps)
        list.append(step.toJson());
    const QJsonObject object{
        {u"format"_s, QString(formatName)}, {u"platform"_s, platform}, {u"title"_s, title}, {u"steps"_s, list}};
    const auto text = canonicalJson(object);
    // Read back: what was made by hand is judged by the same rules as what comes from elsewhere.
    return text ? parse(*text) : Made(refused(text.error().sentence));
}

Plan::Made Plan::parse(const QByteArray& json)
{
    const auto root = parseJson(json);
    if (!root)
        return refused(root.error().sentence + u' ' + root.error().detail);
    if (!root->isObject())
        return refused(Texts::tr("A plan must be a JSON object"));
    Plan plan;
    Mistakes mistakes;
    const QJsonObject object = root->toObject();
    MemberReader reader(object, {}, mistakes);
    reader.choice(u"format"_s, {QString(formatName)}, Need::Required);
    plan.m_platform = reader.text(u"platform"_s, Need::Required, 128);
    plan.m_title = reader.text(u"title"_s, Need::Required, 300);
    const QJsonArray list = reader.array(u"steps"_s, Need::Required);
    reader.finish();
    if (list.size() > maxSteps)
        mistakes.add(u"steps"_s, Texts::tr("must not be more than %1").arg(maxSteps));
    QJsonArray canonicalSteps;
    for (int i = 0; i < std::min<qsizetype>(list.size(), maxSteps); ++i) {
        const QJsonObject step = list.at(i).toObject();
        mistakes.enterStep(i, step.value(step.contains("action"_L1) ? "action"_L1 : "check"_L1).toString().left(64));
        plan.m_steps << Step::fromJson(list.at(i), mistakes);
        canonicalSteps.append(plan.m_steps.last().toJson());
    }
    if (!mistakes.isEmpty())
        return std::unexpected(std::move(mistakes));
    // Written from what was understood, so that a default that is spelled out has no second hash.
    const auto text = canonicalJson(QJsonObject{{u"format"_s, QString(formatName)},
                                                {u"platform"_s, plan.m_platform},
                                                {u"title"_s, plan.m_title},
                                                {u"steps"_s, canonicalSteps}});
    if (!text)
        return refused(text.error().sentence);
    plan.m_canonical = *text;
    plan.m_sha256 = sha256Hex(plan.m_canonical);
    return plan;
}

Result<Plan> Plan::fromStore(const QByteArray& bytes, const QByteArray& sha256)
{
    if (sha256Hex(bytes) != sha256)
        return fail(Error::Kind::Conflict, Texts::tr("The plan in the store is not the one that was approved."),
                    Texts::tr("Its SHA-256 is %1, not %2.")
                        .arg(QString::fromLatin1(sha256Hex(bytes)), QString::fromLatin1(sha256)),
                    Texts::tr("Do not run it. Tell who looks after the store."));
    auto plan = parse(bytes);
    if (!plan)
        return fail(plan.error().error());
    if (plan->m_canonical != bytes)
        return fail(Error::Kind::Conflict, Texts::tr("The plan in the store is not written as plans are."), {},
                    Texts::tr("It was filed by another program. File it again from here."));
    return *plan;
}

QStringList Plan::words() const
{
    QStringList out;
    for (int i = 0; i < m_steps.size(); ++i) {
        const Step& step = m_steps.at(i);
        QString line = u"%1. %2."_s.arg(i + 1).arg(step.words());
        if (step.onFailure == Step::OnFailure::Rollback)
            line += u' ' + Texts::tr("If this fails, everything done so far is rolled back.");
        out << line;
    }
    return out;
}

} // namespace wk::changes
