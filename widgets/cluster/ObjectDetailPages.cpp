// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of an open detail, each brought up to date when it is looked at, and what can be copied from them.
#include "widgets/cluster/ObjectDetail.h"

#include "cluster/objects/Certificates.h"
#include "cluster/objects/KubectlLine.h"
#include "cluster/objects/ObjectYaml.h"
#include "core/Future.h"
#include "widgets/cluster/detail/AccessView.h"
#include "widgets/cluster/detail/RelatedView.h"
#include "widgets/cluster/detail/RevisionView.h"
#include "widgets/cluster/detail/UsageView.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/Icons.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"

#include <QtCore/QJsonDocument>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

void ObjectDetail::buildTabs()
{
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(u"detailTabs"_s);
    m_tabs->setAccessibleName(tr("Parts of the detail"));
    for (const QString& title : {tr("Summary"), tr("Usage"), tr("Related"), tr("Revisions"), tr("Access"), tr("YAML")})
        m_tabs->addTab(title);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
}

void ObjectDetail::buildPages()
{
    m_state = new StateView(this);
    m_state->setObjectName(u"detailState"_s);
    m_summaryView = new SummaryView(this);
    m_summaryView->setObjectName(u"detailSummary"_s);
    m_summaryView->setAccessibleName(tr("Summary"));
    m_related = new RelatedView(this);
    m_history = new RevisionView(m_clock, this);
    m_access = new AccessView(this);
    m_usage = new UsageView(m_clock, this);
    m_yaml = new CodeView(this);
    m_yaml->setObjectName(u"detailYaml"_s);
    m_yaml->setFolding({u"metadata.managedFields"_s});
    m_stack = new QStackedWidget(this);
    for (QWidget* page : QList<QWidget*>{m_summaryView, m_usage, m_related, m_history, m_access, m_yaml, m_state})
        m_stack->addWidget(page);
    connect(m_tabs, &QTabBar::currentChanged, this, &ObjectDetail::refresh);
    connect(m_summaryView, &SummaryView::linkActivated, this, &ObjectDetail::onLink);
    connect(m_access, &AccessView::linkActivated, this, &ObjectDetail::onLink);
    connect(m_related, &RelatedView::targetRequested, this, &ObjectDetail::targetRequested);
    connect(m_state, &StateView::actionTriggered, this, &ObjectDetail::fetch);
}

QWidget* ObjectDetail::makeCopyButton()
{
    auto* button = new QToolButton(this);
    button->setObjectName(u"detailCopy"_s);
    button->setIcon(icon(u"copy"));
    button->setAutoRaise(true);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setToolTip(tr("Copy the object"));
    button->setAccessibleName(tr("Copy the object"));
    auto* menu = new QMenu(button);
    const std::pair<CopyAs, QString> forms[] = {{CopyAs::Yaml, tr("Copy as YAML")},
                                                {CopyAs::Json, tr("Copy as JSON")},
                                                {CopyAs::Kubectl, tr("Copy the kubectl command")}};
    for (const auto& [form, title] : forms)
        connect(menu->addAction(title), &QAction::triggered, this, [this, form = form] { copy(form); });
    button->setMenu(menu);
    return button;
}

void ObjectDetail::showPage(Page page)
{
    if (m_tabs->isTabVisible(int(page)))
        m_tabs->setCurrentIndex(int(page));
}

ObjectDetail::Page ObjectDetail::page() const { return Page(m_tabs->currentIndex()); }

void ObjectDetail::refreshPage()
{
    switch (page()) {
    case Page::Summary:
        m_summaryView->setSections(sections());
        m_stack->setCurrentWidget(m_summaryView);
        break;
    case Page::Usage:
        m_usage->setObject(m_cluster, m_kind, m_space, m_name, m_source);
        m_stack->setCurrentWidget(m_usage);
        break;
    case Page::Related:
        m_related->setObject(m_cluster, m_kind, m_object);
        m_stack->setCurrentWidget(m_related);
        break;
    case Page::Revisions:
        m_history->setObject(m_cluster, m_object);
        m_stack->setCurrentWidget(m_history);
        break;
    case Page::Access:
        m_access->setObject(m_cluster, m_kind, m_space, m_name);
        m_stack->setCurrentWidget(m_access);
        break;
    case Page::Yaml: m_stack->setCurrentWidget(m_yaml); break;
    }
}

QString ObjectDetail::textFor(CopyAs form) const
{
    QJsonObject object = cluster::withoutSecretValues(m_object);
    QJsonObject metadata = object.value(u"metadata"_s).toObject();
    metadata.remove(u"managedFields"_s);
    object.insert(u"metadata"_s, metadata);
    switch (form) {
    case CopyAs::Yaml: return cluster::yamlFromValue(object);
    case CopyAs::Json: return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented));
    case CopyAs::Kubectl: break;
    }
    return cluster::kubectlGet(m_cluster ? m_cluster->name() : QString(), m_kind, m_space, m_name);
}

void ObjectDetail::copy(CopyAs form)
{
    if (!m_cluster || (m_object.isEmpty() && form != CopyAs::Kubectl)) {
        emit notice(tr("There is nothing to copy yet"));
        return;
    }
    QApplication::clipboard()->setText(textFor(form));
    emit notice(form == CopyAs::Kubectl ? tr("Copied the kubectl command for %1").arg(m_name)
                                        : tr("Copied %1").arg(m_name));
}

void ObjectDetail::readCertificates()
{
    const bool any = std::ranges::any_of(m_summary.secretKeys, [](const QString& key) {
        return key.endsWith(u".crt") || key.endsWith(u".pem") || key.endsWith(u".cer") || key.endsWith(u".cert");
    });
    if (!any)
        return;
    const quint64 generation = m_generation;
    whenDone(m_cluster->fetchObject(m_kind, m_space, m_name, true), this,
             [this, generation](const Result<QByteArray>& answer) {
                 // Where the values cannot be read, the summary has said so already.
                 if (generation != m_generation || !answer)
                     return;
                 m_certificates =
                     cluster::certificateSections(QJsonDocument::fromJson(*answer).object(), m_clock->nowMs());
                 refresh();
             });
}

} // namespace wk::widgets
