// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/Platforms.h"
#include "widgets/cluster/ObjectActions.h"
#include "widgets/common/CommandPalette.h"

namespace wk::app {

class MainWindow;
class NavigationRail;

/// What the command palette of the main window offers: actions on what is selected, panels and commands, places, kinds,
/// namespaces, and the objects of the open table. All of it is gathered when the palette opens.
class Palette : public QObject
{
    Q_OBJECT
public:
    struct Means
    {
        MainWindow& window;
        const NavigationRail& rail;
        Platforms& platforms;
        widgets::ObjectActions& actions;
    };

    /// All outlive it.
    Palette(Means means, QObject* parent);

    void open();
    [[nodiscard]] widgets::CommandPalette* widget() const { return m_palette; }

private:
    class TableNames;

    void fillActions();
    void addActions(const widgets::ObjectActions::Objects& objects, const QString& words,
                    QList<widgets::PaletteList::Item>& items);
    void fillCommands();
    void addMonitoring(QList<widgets::PaletteList::Item>& items);
    void fillPlaces();
    void fillKinds();
    void fillSpaces();

    Means m_means;
    widgets::CommandPalette* m_palette;
    widgets::PaletteList *m_actions, *m_commands, *m_places, *m_kinds, *m_spaces;
    TableNames* m_names;
    quint64 m_round = 0; ///< of opening: what the cluster answers to an earlier one is not shown
};

} // namespace wk::app
