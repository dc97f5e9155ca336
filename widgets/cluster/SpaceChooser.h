// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/TableSource.h"

#include <QtWidgets/QComboBox>

#include <memory>

namespace wk::widgets {

/// Chooses a namespace, or all of them. Its list follows the cluster's namespaces; where those are forbidden, a name
/// can be typed.
class SpaceChooser : public QComboBox
{
    Q_OBJECT
public:
    explicit SpaceChooser(QWidget* parent = nullptr);

    void setNamespaces(std::shared_ptr<table::TableSource> namespaces);
    /// Empty for all. A name that is not in the list is added.
    void setSpace(const QString& space);
    [[nodiscard]] QString space() const { return m_space; }

signals:
    void spaceChosen(const QString& space);

private:
    void refill();
    void choose(const QString& space);

    std::shared_ptr<table::TableSource> m_namespaces;
    QString m_space;
};

} // namespace wk::widgets
