// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FoldRegions.h"

#include <QtCore/QHash>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

struct Line
{
    int indent = -1; ///< -1: nothing but space, which belongs to what is around it
    bool item = false;
    bool key = false; ///< ends with a colon: a value stands below
    QStringView words;
};

Line lineOf(QStringView text)
{
    Line line;
    const QStringView trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return line;
    line.indent = int(trimmed.begin() - text.begin());
    line.item = trimmed.startsWith(u"- ") || trimmed == u"-";
    line.key = trimmed.endsWith(u':');
    line.words = trimmed;
    return line;
}

/// "- name: api" and "name: api" are both called by their key.
QString keyOf(const Line& line)
{
    QStringView words = line.words;
    if (line.item)
        words = words.mid(1).trimmed();
    const qsizetype colon = words.indexOf(u':');
    QString key = (colon < 0 ? words : words.first(colon)).toString();
    return key.remove(u'"');
}

/// What encloses a line: each with the indentation at which it stands.
class Path
{
public:
    QString enter(const Line& line)
    {
        // A list item is inside a key that stands at the same column.
        while (!m_levels.isEmpty() && (m_levels.last().indent > line.indent ||
                                       (m_levels.last().indent == line.indent && (m_levels.last().item || !line.item))))
            m_levels.removeLast();
        QString name = keyOf(line);
        if (line.item) {
            const QString list = text();
            name = QString::number(m_items[list]++);
        }
        m_levels.append({line.indent, line.item, name});
        const QString path = text();
        // The item's first key stands beside its dash; what follows at that column are its brothers.
        return path;
    }

private:
    struct Level
    {
        int indent;
        bool item;
        QString name;
    };
    [[nodiscard]] QString text() const
    {
        QStringList names;
        for (const Level& level : m_levels)
            names.append(level.name);
        return names.join(u'.');
    }
    QList<Level> m_levels;
    QHash<QString, int> m_items; ///< met so far, by list
};

} // namespace

QList<FoldRegion> foldRegionsOf(const QString& text)
{
    const QStringList texts = text.split(u'\n');
    QList<Line> lines;
    lines.reserve(texts.size());
    for (const QString& line : texts)
        lines.append(lineOf(line));
    QList<FoldRegion> out;
    Path path;
    int textUntil = -1; // the lines of a literal block are text, whatever they look like
    for (int i = 0; i < lines.size(); ++i) {
        const Line& head = lines[i];
        if (head.indent < 0 || i <= textUntil)
            continue;
        const QString here = path.enter(head);
        int last = i;
        for (int j = i + 1; j < lines.size(); ++j) {
            const Line& line = lines[j];
            const bool inside =
                line.indent > head.indent || (line.indent == head.indent && line.item && head.key && !head.item);
            if (line.indent >= 0 && !inside)
                break;
            if (line.indent >= 0)
                last = j;
        }
        if (head.words.endsWith(u'|') || head.words.endsWith(u"|-") || head.words.endsWith(u"|+"))
            textUntil = last;
        if (last > i)
            out.append(FoldRegion{i, last, here});
    }
    return out;
}

} // namespace wk::widgets
