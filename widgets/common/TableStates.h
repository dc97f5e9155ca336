// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QString>

namespace wk::widgets {

/// Where tables keep their columns, widths, sort and filter between sessions.
class TableStates
{
public:
    virtual ~TableStates() = default;
    [[nodiscard]] virtual QJsonObject load(const QString& tableId) const = 0;
    virtual void save(const QString& tableId, const QJsonObject& state) = 0;
};

} // namespace wk::widgets
