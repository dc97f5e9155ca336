// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/cluster/ObjectActions.h"

#include <QtWidgets/QWidget>

class QHBoxLayout;
class QMenu;
class QToolButton;

namespace wk::widgets {

/// What can be done with one object, above its detail: the first few as buttons, all in a menu beside them.
///
/// objectNames inside: "bar-<id>", "barMore" and in its menu "action-<id>".
class ActionBar : public QWidget
{
    Q_OBJECT
public:
    static constexpr int mostButtons = 3;

    explicit ActionBar(QWidget* parent = nullptr);

    /// Null, or nothing that can be done: the bar is not shown.
    void setObject(ObjectActions* offers, const ObjectActions::Object& object);

private:
    QHBoxLayout* m_row;
    QToolButton* m_more;
    QMenu* m_menu = nullptr;
    QList<QToolButton*> m_buttons;
};

} // namespace wk::widgets
