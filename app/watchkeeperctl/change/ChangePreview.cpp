// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangePlan.h"

#include "changes/plan/WayBack.h"

#include <QtCore/QJsonArray>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::Plan;
using changes::Step;

PlanPreview::PlanPreview(ChangeClusters& clusters, Plan plan, Done done, QObject* parent)
    : QObject(parent), m_clusters(clusters), m_plan(std::move(plan)), m_done(std::move(done))
{
}

void PlanPreview::add(std::optional<Error> error, const changes::Preview& preview)
{
    m_entries << Entry{std::move(error), preview};
    next();
}

void PlanPreview::next()
{
    if (m_entries.size() == m_plan.steps().size()) {
        m_done(m_entries);
        deleteLater();
        return;
    }
    const Step& step = m_plan.steps()[m_entries.size()];
    if (!step.isAction()) {
        add({});
        return;
    }
    if (step.target.type() != changes::Target::Kind::Object) {
        add(Error{Error::Kind::Unsupported, tr("Nothing outside a cluster can be tried without doing it"), {}, {}});
        return;
    }
    const auto actions = m_clusters.actions(step.target.cluster);
    if (!actions)
        add(actions.error());
    else
        ask(**actions, step);
}

void PlanPreview::ask(changes::ClusterActions& actions, const Step& step)
{
    whenDone(actions.allowed(step), this, [this, &actions, step](const Result<changes::Allowance>& allowance) {
        if (!allowance || !allowance->allowed) {
            add(allowance ? Error{Error::Kind::Forbidden, allowance->sentence, {}, {}} : allowance.error());
            return;
        }
        whenDone(actions.preview(step), this, [this](const Result<changes::Preview>& preview) {
            if (preview)
                add({}, *preview);
            else
                add(preview.error());
        });
    });
}

void withPreview(ChangeSession& session, const Plan& plan, std::function<void(const QList<PlanPreview::Entry>&)> then)
{
    session.clusters().use(plan.platform());
    (new PlanPreview(session.clusters(), plan, std::move(then), &session))->start();
}

namespace {

/// The difference of one step, or the sentence that stands for it, and that it has no way back where that is so.
QString differenceText(const Step& step, const PlanPreview::Entry& entry)
{
    if (!step.isAction())
        return {};
    const changes::Inverse& back = entry.preview.inverse;
    const bool known = !entry.error && back.steps.isEmpty();
    const QString noWay = known && !back.reason.isEmpty() ? back.reason : changes::noWayBack(step);
    QStringList out;
    if (entry.error) {
        out << entry.error->text();
    } else if (entry.preview.changesNothing()) {
        return PlanPreview::tr("Everything is as wanted already: nothing would be changed.");
    } else {
        out << entry.preview.notes;
        for (const changes::Difference& difference : entry.preview.differences)
            out << difference.title + u'\n' + difference.text().trimmed();
    }
    if (!noWay.isEmpty())
        out << PlanPreview::tr("Cannot be taken back: %1").arg(noWay);
    if (const QString unseen = changes::cannotBeSeen(step); !unseen.isEmpty())
        out << unseen;
    return out.join(u'\n');
}

} // namespace

void printPreview(const Plan& plan, const QList<PlanPreview::Entry>& entries)
{
    for (qsizetype i = 0; i < plan.steps().size(); ++i) {
        printLine(u"%1. %2"_s.arg(i + 1).arg(plan.steps()[i].words()));
        const QString text = differenceText(plan.steps()[i], entries[i]);
        if (!text.isEmpty())
            printLine(u"   "_s + QString(text).replace(u'\n', u"\n   "_s));
    }
}

QJsonArray previewJson(const Plan& plan, const QList<PlanPreview::Entry>& entries)
{
    QJsonArray out;
    for (qsizetype i = 0; i < plan.steps().size(); ++i) {
        QJsonObject entry{{u"step"_s, int(i) + 1}, {u"words"_s, plan.steps()[i].words()}};
        if (entries[i].error)
            entry.insert(u"error"_s, entries[i].error->text());
        else if (plan.steps()[i].isAction())
            entry.insert(u"difference"_s, differenceText(plan.steps()[i], entries[i]));
        out.append(entry);
    }
    return out;
}

} // namespace wk::ctl
