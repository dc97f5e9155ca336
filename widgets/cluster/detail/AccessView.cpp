// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/detail/AccessView.h"

#include "widgets/cluster/DetailSections.h"
#include "widgets/common/StateView.h"

#include <QtCore/QCoreApplication>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using cluster::Grant;
using table::Health;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::widgets::AccessView", text); }

SummarySection ownSection(const Result<cluster::OwnRights>& own, const QString& me)
{
    SummarySection section{.title = me.isEmpty() ? tr("What you may do") : tr("What you may do, as %1").arg(me),
                           .items = {}};
    if (!own) {
        section.items.append(SummaryItem{.key = tr("Unknown"), .value = own.error().text(), .health = Health::Unknown});
        return section;
    }
    for (const cluster::Right& right : own->rights) {
        const QString verb = right.subresource.isEmpty() ? right.verb : right.verb + u' ' + right.subresource;
        section.items.append(SummaryItem{.key = right.words,
                                         .value = right.allowed ? tr("yes") : tr("no"),
                                         .health = right.allowed ? Health::Good : Health::None,
                                         .tooltip = tr("Verb: %1").arg(verb)});
    }
    if (own->incomplete)
        section.items.append(
            SummaryItem{.key = tr("Not all of it"),
                        .value = own->why.isEmpty() ? tr("the server decides by more than its rules") : own->why,
                        .health = Health::Info});
    return section;
}

SummaryItem itemOf(const Grant& grant)
{
    const QString verbs = grant.verbs.contains(u"*"_s) ? tr("everything") : grant.verbs.join(u", "_s);
    const QString where = grant.bindingSpace.isEmpty() ? tr("in all namespaces") : tr("in this namespace");
    return SummaryItem{.key = grant.subject,
                       .value = tr("%1 · %2 %3, by %4").arg(verbs, grant.roleKind, grant.role, grant.binding),
                       .tooltip = grant.subjectKind + u", "_s + where,
                       .link = linkTo(grant.bindingKindId, grant.bindingSpace, grant.binding)};
}

} // namespace

QList<SummarySection> accessSections(const cluster::AccessReader::Answer& answer, const QString& me)
{
    QList<SummarySection> out;
    if (answer.own)
        out.append(ownSection(*answer.own, me));
    SummarySection changing{.title = tr("Who may change it"), .items = {}},
        reading{.title = tr("Who may read it"), .items = {}};
    for (const Grant& grant : answer.grants)
        (grant.changes() ? changing : reading).items.append(itemOf(grant));
    for (const SummarySection& section : {changing, reading}) {
        if (!section.items.isEmpty())
            out.append(section);
    }
    if (answer.grants.isEmpty() && answer.missing.isEmpty())
        out.append(SummarySection{
            .title = tr("Who may do what"),
            .items = {SummaryItem{.key = tr("Nobody"), .value = tr("no role that is bound here names this kind")}}});
    SummarySection missing{.title = tr("Not known"), .items = {}};
    for (const QString& sentence : answer.missing)
        missing.items.append(SummaryItem{.key = tr("Roles"), .value = sentence, .health = Health::Unknown});
    if (!missing.items.isEmpty())
        out.append(missing);
    return out;
}

AccessView::AccessView(QWidget* parent)
    : QStackedWidget(parent), m_summary(new SummaryView(this)), m_state(new StateView(this))
{
    setObjectName(u"accessView"_s);
    m_summary->setObjectName(u"accessSummary"_s);
    m_summary->setAccessibleName(tr("Access"));
    m_state->setObjectName(u"accessState"_s);
    addWidget(m_summary);
    addWidget(m_state);
    setFocusProxy(m_summary);
    connect(m_summary, &SummaryView::linkActivated, this, &AccessView::linkActivated);
}

AccessView::~AccessView() = default;

void AccessView::clear()
{
    m_reader.reset();
    m_key.clear();
    m_summary->setSections({});
}

void AccessView::setObject(const std::shared_ptr<cluster::ClusterView>& cluster, const cluster::ResourceKind& kind,
                           const QString& space, const QString& name)
{
    const QString key = linkTo(kind.id(), space, name);
    if (key == m_key)
        return;
    m_key = key;
    m_me = cluster->state().userName;
    m_state->showLoading(tr("Reading roles and bindings"));
    setCurrentWidget(m_state);
    m_reader = std::make_unique<cluster::AccessReader>(cluster);
    m_reader->ask(kind, space, name, [this](const cluster::AccessReader::Answer& answer) { take(answer); });
}

void AccessView::take(const cluster::AccessReader::Answer& answer)
{
    m_summary->setSections(accessSections(answer, m_me));
    setCurrentWidget(m_summary);
}

} // namespace wk::widgets
