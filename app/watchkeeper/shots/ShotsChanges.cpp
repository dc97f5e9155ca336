// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the Changes panel, on a store of their own. Requests are filed and previewed, and none is carried out:
// the cluster that is drawn may be a real one.
#include "core/Future.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/shots/Shots.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/audit/AuditView.h"
#include "widgets/changes/requests/RequestView.h"
#include "widgets/changes/unapproved/UnapprovedPage.h"
#include "widgets/common/DataTable.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>

namespace wk::app {

using namespace Qt::StringLiterals;
using changes::DeskStatus;
using widgets::RequestView;

namespace {

/// More of the first deployment that the platform file knows.
std::optional<changes::Plan> examplePlan(const platform::Platform& platform)
{
    for (const platform::Service& service : platform.services) {
        for (const platform::Workload& workload : service.workloads) {
            if (workload.kind != u"Deployment" || platform.clusters.empty())
                continue;
            changes::Step step;
            step.name = u"scale"_s;
            step.target = {platform.clusters.front().name,
                           u"apps"_s,
                           u"v1"_s,
                           u"Deployment"_s,
                           u"deployments"_s,
                           workload.space,
                           workload.name};
            step.parameters = {{u"replicas"_s, workload.replicas.value_or(2) + 2}};
            step.onFailure = changes::Step::OnFailure::Rollback;
            const auto made = changes::Plan::make(platform.name, u"Room for the evening"_s, {step});
            return made ? std::optional(*made) : std::nullopt;
        }
    }
    return std::nullopt;
}

changes::RequestFields exampleFields()
{
    changes::RequestFields fields;
    fields.title = u"[gateway] - Two more replicas for the evening"_s;
    fields.risk = changes::Risk::Medium;
    fields.what = u"The gateway gets two more replicas for the evening peak."_s;
    fields.why = u"P95 latency was above its objective on three evenings."_s;
    fields.impact = u"None expected; connections in progress stay."_s;
    fields.testsPassed = {u"unit"_s, u"integration"_s};
    fields.rollbackPlan = u"Scale back to the former number of replicas."_s;
    fields.rollbackMinutes = 5;
    fields.dataRecovery = u"Not needed."_s;
    return fields;
}

/// As if somebody had given it another image, which nobody did.
changes::ObjectChange exampleChange(const changes::Plan& plan)
{
    const changes::Target& target = plan.steps().first().target;
    const auto object = [&](const QString& image, const QString& version) {
        const QJsonObject container{{u"name"_s, target.name}, {u"image"_s, image}};
        return QJsonObject{
            {u"apiVersion"_s, u"apps/v1"_s},
            {u"kind"_s, target.kind},
            {u"metadata"_s, QJsonObject{{u"name"_s, target.name},
                                        {u"namespace"_s, target.space},
                                        {u"uid"_s, u"drawn"_s},
                                        {u"resourceVersion"_s, version}}},
            {u"spec"_s,
             QJsonObject{
                 {u"template"_s, QJsonObject{{u"spec"_s, QJsonObject{{u"containers"_s, QJsonArray{container}}}}}}}}};
    };
    changes::ObjectChange change =
        changes::ChangeJudge({}).judge(target, object(u"registry.example/%1:3.9.4"_s.arg(target.name), u"1"_s),
                                       object(u"registry.example/%1:3.9.5-hotfix"_s.arg(target.name), u"2"_s));
    change.author = {u"kubectl-edit"_s, u"Update"_s, {}, QDateTime::currentDateTimeUtc().addSecs(-754)};
    return change;
}

} // namespace

/// Ready also where there is no PostgreSQL here: that is a state to look at, too.
QString Shots::deskMissing()
{
    auto& work = m_composition.changes();
    if (!work.isOpen())
        return tr("the store is not open");
    const DeskStatus::State state = work.desk().status().state;
    return state == DeskStatus::State::Current || state == DeskStatus::State::Failed ? QString()
                                                                                     : tr("the store has not answered");
}

QString Shots::deskWords()
{
    const DeskStatus& status = m_composition.changes().desk().status();
    return status.error ? status.error->text() : window().changesPanel()->headline();
}

void Shots::planChanges()
{
    const auto words = [this] { return deskWords(); };
    m_steps.push_back({u"changes"_s,
                       tr("Changes: a store of one's own, nothing in it"),
                       [this] {
                           if (qEnvironmentVariableIsEmpty("WATCHKEEPER_PRIVATE_STORE"))
                               qputenv("WATCHKEEPER_PRIVATE_STORE",
                                       QDir(m_directory).absoluteFilePath(u"store"_s).toUtf8());
                           window().openPlace(m_home);
                           window().showPanel(u"changes"_s);
                       },
                       [this] { return deskMissing(); },
                       words,
                       {},
                       {}});
    m_steps.push_back({u"changes-form"_s,
                       tr("Changes: the form of a new request"),
                       [this] {
                           const auto place = m_composition.platforms().place(m_home);
                           window().changesPanel()->newRequest(place && place->platform ? place->platform->name
                                                                                        : QString());
                       },
                       [this] { return deskMissing(); },
                       words,
                       {},
                       [this] { window().changesPanel()->showPart(u"mine"_s); }});
    planRequest();
    planUnapproved();
    for (const auto& [part, title] :
         {std::pair{u"calendar"_s, tr("Changes: the calendar")}, std::pair{u"audit"_s, tr("Changes: the audit")}})
        m_steps.push_back({u"changes-"_s + part,
                           title,
                           [this, part = part] { window().changesPanel()->showPart(part); },
                           [this] { return deskMissing(); },
                           words,
                           {},
                           {}});
}

/// What somebody changed without a request: nothing, then one thing.
void Shots::planUnapproved()
{
    const auto words = [this] { return deskWords(); };
    m_steps.push_back({u"changes-unapproved-none"_s,
                       tr("Changes: nobody changed anything without a request"),
                       [this] { window().changesPanel()->openUnapproved(); },
                       [this] { return deskMissing(); },
                       words,
                       {},
                       {}});
    // What controllers of the fleet do meanwhile stands in the same list.
    const auto drawn = [this]() -> const changes::UnapprovedItem* {
        const auto& items = m_composition.changes().unapproved().items();
        const auto found = std::ranges::find_if(items, [](const auto& item) { return !item.byController(); });
        return found == items.end() ? nullptr : &*found;
    };
    const auto filed = [drawn]() -> const changes::UnapprovedItem* {
        const changes::UnapprovedItem* item = drawn();
        return item && item->id != 0 ? item : nullptr;
    };
    m_steps.push_back({u"changes-unapproved"_s,
                       tr("Changes: one without a request, with its difference and the ways on"),
                       [this, drawn] {
                           const auto place = m_composition.platforms().place(m_home);
                           const auto plan = place && place->platform ? examplePlan(*place->platform) : std::nullopt;
                           if (plan && !drawn())
                               m_composition.changes().unapproved().take(plan->platform(), exampleChange(*plan));
                       },
                       [this, filed]() -> QString {
                           if (m_composition.changes().desk().status().state != DeskStatus::State::Current)
                               return deskMissing();
                           const changes::UnapprovedItem* item = filed();
                           if (!item)
                               return tr("the change is not on record");
                           window().changesPanel()->openUnapproved(item->key());
                           return {};
                       },
                       words,
                       {},
                       {}});
}

/// One request, filed and looked at from every side.
void Shots::planRequest()
{
    const auto usable = [this] { return m_composition.changes().desk().status().state == DeskStatus::State::Current; };
    const auto words = [this] { return deskWords(); };
    const auto requestMissing = [this, usable]() -> QString {
        auto* panel = window().changesPanel();
        if (!usable())
            return deskMissing();
        if (m_request == 0)
            return tr("the request is not filed");
        return panel->requestView()->number() == m_request && panel->requestView()->isCalm()
                   ? QString()
                   : tr("the request is not read");
    };
    m_steps.push_back({u"changes-request"_s,
                       tr("Changes: a request with its difference, worked out by the cluster"),
                       [this, usable] {
                           const auto place = m_composition.platforms().place(m_home);
                           const auto plan = place && place->platform ? examplePlan(*place->platform) : std::nullopt;
                           if (!usable() || !plan)
                               return;
                           whenDone(m_composition.changes().desk().create(exampleFields(), *plan), this,
                                    [this](const Result<qint64>& number) {
                                        if (number)
                                            window().changesPanel()->openRequest(m_request = *number);
                                        else
                                            m_failures.append(number.error().text());
                                    });
                       },
                       requestMissing,
                       words,
                       {},
                       {}});
    for (const auto& [page, name, title] :
         {std::tuple{RequestView::Page::Approvals, u"approvals"_s, tr("Changes: what approves it")},
          std::tuple{RequestView::Page::Form, u"fields"_s, tr("Changes: the form of a request that is filed")},
          std::tuple{RequestView::Page::Execution, u"execution"_s, tr("Changes: its execution")}})
        m_steps.push_back({u"changes-"_s + name,
                           title,
                           [this, page = page] { window().changesPanel()->requestView()->showPage(page); },
                           requestMissing,
                           words,
                           {},
                           {}});
}

} // namespace wk::app
