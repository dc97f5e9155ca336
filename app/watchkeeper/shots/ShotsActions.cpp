// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what can be done with an object: the detail with its actions, their forms, the question before, and the
// palette. Nothing is sent but what a server only pretends to do.
#include "table/TableModel.h"
#include "watchkeeper/Composition.h"
#include "watchkeeper/changes/ClusterOffers.h"
#include "watchkeeper/shell/Palette.h"
#include "watchkeeper/shots/Shots.h"
#include "widgets/changes/ConfirmDialog.h"
#include "widgets/changes/plan/ActionDialog.h"
#include "widgets/changes/plan/ActionForm.h"
#include "widgets/changes/plan/PairRow.h"
#include "widgets/cluster/ClusterPanel.h"
#include "widgets/common/DataTable.h"

#include <QtWidgets/QLineEdit>
#include <QtWidgets/QScrollArea>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

/// As a person would begin to fill it in.
void fill(const QString& action, widgets::ActionDialog& dialog)
{
    if (action == u"scale")
        dialog.findChild<QLineEdit*>(u"action-replicas"_s)->setText(u"6"_s);
    if (action == u"setImage")
        for (auto* image : dialog.findChildren<QLineEdit*>(QRegularExpression(u"^action-images/"_s)).mid(0, 1))
            image->setText(image->text() + u"-hotfix"_s);
    if (action == u"setEnv")
        if (auto* first = dialog.findChild<widgets::PairRow*>())
            first->setText(u"another value"_s);
}

} // namespace

void Shots::planActions()
{
    m_steps.push_back({u"actions"_s,
                       tr("Cluster: a deployment and what can be done with it"),
                       [this] {
                           window().openPlace(m_home);
                           openKind(u"deployments.apps"_s);
                       },
                       [this]() -> QString {
                           if (const QString missing = tableMissing(); !missing.isEmpty())
                               return missing;
                           const auto* model = panel().dataTable()->model();
                           if (model->rowCount() > 0 && !panel().isDetailOpen())
                               panel().open({.kindId = u"deployments.apps"_s,
                                             .space = model->rowAt(0)->space,
                                             .name = model->rowAt(0)->name,
                                             .filter = {}});
                           return panel().selectedObjects().isEmpty() ? tr("no deployment is chosen") : QString();
                       },
                       [this] { return tableWords(); },
                       {},
                       {}});
    for (const auto& [action, title] :
         {std::pair(u"scale"_s, tr("Action: scale")), std::pair(u"setImage"_s, tr("Action: images by container")),
          std::pair(u"setEnv"_s, tr("Action: variables of a container")),
          std::pair(u"setResources"_s, tr("Action: requests and limits")),
          std::pair(u"applyObject"_s, tr("Action: a manifest")),
          std::pair(u"restart"_s, tr("Action: restart, which asks for nothing"))})
        planActionDialog(action, title);
    planPalette();
}

void Shots::planActionDialog(const QString& action, const QString& title)
{
    const auto dialog = [this] { return qobject_cast<widgets::ActionDialog*>(m_dialog.data()); };
    m_steps.push_back({u"action-"_s + action, title,
                       [this, action] {
                           window().findChild<ClusterOffers*>()->trigger(action, panel().selectedObjects());
                           m_dialog = window().findChild<widgets::ActionDialog*>();
                       },
                       [dialog, action, filled = std::make_shared<bool>(false)]() -> QString {
                           if (!dialog() || !dialog()->isCalm())
                               return tr("the cluster has not answered");
                           if (!std::exchange(*filled, true)) {
                               fill(action, *dialog());
                               return tr("the form is not filled in");
                           }
                           return {};
                       },
                       [dialog] { return dialog()->plan() ? dialog()->plan()->words().join(u'\n') : QString(); },
                       [this] { return m_dialog.data(); },
                       [this] {
                           m_dialog->setAttribute(Qt::WA_DeleteOnClose, false);
                           m_dialog->reject();
                           delete m_dialog.data();
                       }});
}

void Shots::planPalette()
{
    m_steps.push_back({u"action-confirm"_s, tr("Action: the question before it is done at once"),
                       [this] {
                           m_dialog = new widgets::ConfirmDialog(
                               {tr("Delete pods now?"), tr("Delete pod api-gateway-7d9f8 in streamgate"),
                                tr("Cluster staging (staging) of streamgate"), tr("one object: api-gateway-7d9f8"),
                                u"staging"_s, tr("Delete pods now"), true},
                               &window());
                           m_dialog->ensurePolished();
                           m_dialog->adjustSize();
                       },
                       [] { return QString(); }, [] { return QString(); }, [this] { return m_dialog.data(); },
                       [this] { delete m_dialog.data(); }});
    const auto missing = [this] {
        const auto* palette = window().commandPalette();
        return palette && palette->widget()->isVisible() && palette->widget()->isComplete()
                   ? QString()
                   : tr("the palette has not found all yet");
    };
    for (const auto& [name, text, title] :
         {std::tuple(u"palette"_s, QString(), tr("Palette: everything, actions first")),
          std::tuple(u"palette-typed"_s, u"sc"_s, tr("Palette: what fits two letters")),
          std::tuple(u"palette-none"_s, u"qqzz"_s, tr("Palette: nothing fits"))})
        m_steps.push_back({name,
                           title,
                           [this, text] {
                               window().showPalette();
                               window().commandPalette()->widget()->findChild<QLineEdit*>()->setText(text);
                           },
                           missing,
                           [] { return QString(); },
                           {},
                           [this] { window().commandPalette()->widget()->leave(); }});
}

} // namespace wk::app
