// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::changes {

/// What a change would do to one object, as lines of YAML.
struct Difference
{
    enum class Mark { Same, Removed, Added };
    struct Line
    {
        Mark mark = Mark::Same;
        QString text;
        bool operator==(const Line&) const = default;
    };

    QString title; ///< "deployment api-gateway in streamgate"
    QList<Line> lines;

    [[nodiscard]] bool isEmpty() const;
    /// "+", "-" and " " before each line; runs of unchanged lines are cut to `context` on either side of a change.
    [[nodiscard]] QString text(int context = 3) const;

    /// Of two texts, by lines; shortest edit script.
    [[nodiscard]] static QList<Line> lineDifference(const QStringList& before, const QStringList& after);
    /// Of an object before and after, either may be empty (created, deleted). Left out is what the server counts by
    /// itself: status, managedFields, resourceVersion, generation, creation time, uid.
    [[nodiscard]] static Difference of(const QString& title, const QJsonObject& before, const QJsonObject& after);
};

} // namespace wk::changes
