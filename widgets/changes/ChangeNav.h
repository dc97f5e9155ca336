// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QListWidget>

namespace wk::widgets {

/// The parts of the Changes panel with how many requests each has. What wants something of the person stands out by
/// icon, weight and number.
class ChangeNav : public QListWidget
{
    Q_OBJECT
public:
    explicit ChangeNav(QWidget* parent = nullptr);

    /// `apart`: with some room above.
    void addPart(const QString& id, const QString& title, bool apart = false);
    /// -1: no number, because nobody knows or it means nothing.
    void setCount(const QString& id, int count, table::Health health, const QString& tip);
    [[nodiscard]] QString currentPart() const;
    void setCurrentPart(const QString& id);
    [[nodiscard]] QStringList parts() const;
    [[nodiscard]] int count(const QString& id) const;

signals:
    void partChosen(const QString& id);
    /// Enter: on to the table.
    void partActivated(const QString& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QListWidgetItem* itemOf(const QString& id) const;
};

} // namespace wk::widgets
