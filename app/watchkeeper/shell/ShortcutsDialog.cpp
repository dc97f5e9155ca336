// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/ShortcutsDialog.h"

#include "widgets/common/Theme.h"

#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace wk::app {

using namespace Qt::StringLiterals;
using widgets::Theme;

ShortcutsDialog::ShortcutsDialog(QWidget* parent) : QDialog(parent)
{
    setObjectName(u"shortcutsDialog"_s);
    setWindowTitle(tr("Keys"));
    const Theme& theme = Theme::of(this);
    struct Line
    {
        QString keys, meaning;
    };
    const QList<Line> lines{
        {u"Ctrl+1 … Ctrl+6"_s, tr("Overview, Cluster, Monitoring, Changes, Credentials, Settings")},
        {u"Alt+1 … Alt+6"_s, tr("Monitoring: dashboards, alerts, health, objectives, rules, explore")},
        {u"Ctrl+PgUp, Ctrl+PgDn"_s, tr("Monitoring: the dashboard or list before, the next")},
        {u"M, Shift+M, Enter"_s, tr("Chart: the next mark, the one before, open what it marks")},
        {u"Ctrl+K, :"_s, tr("Everything, by a few letters")},
        {u"Ctrl+O"_s, tr("Change platform or cluster")},
        {u"/"_s, tr("Filter the table")},
        {u"Enter"_s, tr("Open what is selected")},
        {u"Esc"_s, tr("Back: close the detail, clear the filter")},
        {u"Arrows, Page, Home, End"_s, tr("Move")},
        {u"Ctrl+C"_s, tr("Copy the selected rows")},
        {u"Ctrl+F, F3"_s, tr("Find in YAML")},
        {u"Ctrl+."_s, tr("Actions on what is selected")},
        {u"S, R, I, V, L, U"_s, tr("Scale, restart, image, variables, limits, roll back")},
        {u"A, M, W, E, N, Del"_s, tr("Autoscaler, config map, version, manifest, new, delete")},
        {u"N"_s, tr("New change request")},
        {u"A, R"_s, tr("Approve or reject the open request")},
        {u"S, D, X"_s, tr("Submit, schedule, carry out")},
        {u"F, B, I"_s, tr("Unapproved change: request after the fact, bring back, dismiss")},
        {u"F5, Ctrl+R"_s, tr("Connect anew")},
        {u"Shift+F5"_s, tr("Rules, health: ask again")},
        {u"Ctrl+D"_s, tr("Explain the connection step by step")},
        {u"Ctrl+,"_s, tr("Settings")},
        {u"Ctrl+N, Ctrl+E, Ctrl+T, Del"_s, tr("Credentials: keep a secret, replace, check, remove the selected one")},
        {u"?, F1"_s, tr("This list")},
        {u"Ctrl+Q"_s, tr("Leave")},
    };
    auto* heading = new QLabel(windowTitle(), this);
    heading->setFont(theme.font(Theme::Role::TitleStrong));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(8);
    int row = 0;
    for (const Line& line : lines) {
        auto* keys = new QLabel(line.keys, this);
        keys->setFont(theme.font(Theme::Role::Mono));
        grid->addWidget(keys, row, 0);
        grid->addWidget(new QLabel(line.meaning, this), row, 1);
        ++row;
    }
    auto* buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(heading);
    layout->addLayout(grid);
    layout->addWidget(buttons);
}

} // namespace wk::app
