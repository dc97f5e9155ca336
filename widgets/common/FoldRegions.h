// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>

namespace wk::widgets {

/// Lines that fold away below a line of YAML (or of JSON that is laid out by indentation).
struct FoldRegion
{
    int first = 0; ///< the line that stays, from 0
    int last = 0;  ///< the last one that goes
    QString path;  ///< "metadata.managedFields", "spec.containers.0": the same place in another text of the object
    bool operator==(const FoldRegion&) const = default;
};

/// The regions of a text, by their first line: whatever is indented below a line, and a list that stands directly below
/// its key, as kubectl writes it.
[[nodiscard]] QList<FoldRegion> foldRegionsOf(const QString& text);

} // namespace wk::widgets
