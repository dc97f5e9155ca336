// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>

#include <map>

namespace wk::test {

/// What people do to a store, written down in tests/store/data:
///
///     # a comment
///     rule a viewer does not approve
///       after submitted
///       vera: approve => WK403
///       root: sql SELECT …
///           a deeper line goes on with the one before it
///
/// A block begins with its kind and its name at the left edge; what it says is for StoreScript.
struct ScriptBlock
{
    QString kind;
    QString name;
    QStringList lines;
};

/// Of a file, or of all in a folder. Ends the program where a file cannot be read or a name stands twice: then the test
/// is wrong, not the store.
[[nodiscard]] QList<ScriptBlock> readScripts(const QString& path);

/// The lines that bring a request to a state, by the state's name: the blocks of kind "way".
[[nodiscard]] std::map<QString, QStringList> readWays(const QString& path);

} // namespace wk::test
