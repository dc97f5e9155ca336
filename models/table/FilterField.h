// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Column.h"

#include <QtCore/QStringList>

namespace wk::table {

/// What the left side of a filter term speaks of.
struct FilterField
{
    enum class Target {
        None,   ///< no such field; `candidates` were probably meant
        Many,   ///< the short form fits all of `candidates`
        Column, ///< `column`
        Space,
        Name,
        Reason,
        Health, ///< health: and is:
        Label,
    };
    Target target = Target::None;
    int column = -1;
    QStringList candidates;
};

/// Fields that exist besides the columns, with a line of explanation each.
struct BuiltinField
{
    QString name;
    FilterField::Target target;
    QString description;
};
[[nodiscard]] const QList<BuiltinField>& builtinFields();

/// By exact id, exact title, then unambiguous beginning; without regard to case.
[[nodiscard]] FilterField findField(const Columns& columns, QStringView name);

/// Lower case without blanks and punctuation, as a person would type a title.
[[nodiscard]] QString plainTitle(const QString& title);

/// The candidates within two typing mistakes of `word`, nearest first.
[[nodiscard]] QStringList nearest(const QString& word, const QStringList& candidates);

} // namespace wk::table
