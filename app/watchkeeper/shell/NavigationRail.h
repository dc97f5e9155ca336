// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QFrame>

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace wk::app {

/// The panels, as icon and word, at the left edge of the window.
class NavigationRail : public QFrame
{
    Q_OBJECT
public:
    explicit NavigationRail(QWidget* parent = nullptr);

    /// `bottom` entries stand at the lower end. The n-th entry of both is reached by Ctrl+n.
    void addPanel(const QString& id, const QString& title, const QString& iconName, bool bottom);
    void setCurrent(const QString& id);
    [[nodiscard]] QStringList ids() const { return m_ids; }
    [[nodiscard]] QString title(const QString& id) const;

signals:
    void chosen(const QString& id);

private:
    QButtonGroup* m_group;
    QVBoxLayout* m_top;
    QVBoxLayout* m_bottom;
    QStringList m_ids;
};

} // namespace wk::app
