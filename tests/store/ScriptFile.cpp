// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScriptFile.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QSet>

namespace wk::test {

using namespace Qt::StringLiterals;

QList<ScriptBlock> readScripts(const QString& path)
{
    if (const QFileInfo folder(path); folder.isDir()) {
        QList<ScriptBlock> all;
        for (const QFileInfo& file : QDir(path).entryInfoList({u"*.txt"_s}, QDir::Files, QDir::Name))
            all += readScripts(file.filePath());
        return all;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    QList<ScriptBlock> blocks;
    QSet<QString> names;
    const auto lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString& line : lines) {
        const QString text = line.trimmed();
        if (text.isEmpty() || text.startsWith(u'#'))
            continue;
        if (!line.startsWith(u' ')) {
            blocks.append({text.section(u' ', 0, 0), text.section(u' ', 1), {}});
            if (names.contains(text))
                qFatal("%s: “%s” stands twice", qPrintable(path), qPrintable(text));
            names.insert(text);
        } else if (blocks.isEmpty()) {
            qFatal("%s: a line before the first block: %s", qPrintable(path), qPrintable(text));
        } else if (line.startsWith(u"    ") && !blocks.last().lines.isEmpty()) {
            blocks.last().lines.last() += u' ' + text;
        } else {
            blocks.last().lines.append(text);
        }
    }
    return blocks;
}

std::map<QString, QStringList> readWays(const QString& path)
{
    std::map<QString, QStringList> ways;
    for (const ScriptBlock& block : readScripts(path)) {
        if (block.kind == u"way")
            ways[block.name] = block.lines;
    }
    return ways;
}

} // namespace wk::test
