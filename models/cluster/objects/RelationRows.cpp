// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/RelationRows.h"

#include <QtCore/QCoreApplication>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using table::Health;

Labels labelsOf(const QString& text)
{
    Labels out;
    for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
        if (const qsizetype at = part.indexOf(u'='); at > 0)
            out.insert(part.first(at).trimmed(), part.mid(at + 1).trimmed());
    }
    return out;
}

Labels labelsOf(const QJsonObject& object)
{
    Labels out;
    for (auto it = object.begin(); it != object.end(); ++it)
        out.insert(it.key(), it.value().toString());
    return out;
}

bool selects(const Labels& selector, const Labels& labels)
{
    if (selector.isEmpty())
        return false;
    for (auto it = selector.begin(); it != selector.end(); ++it) {
        const auto found = labels.constFind(it.key());
        if (found == labels.cend() || *found != it.value())
            return false;
    }
    return true;
}

const RelationRows::Sheet& RelationRows::sheet(const QString& kindId)
{
    std::shared_ptr<Sheet>& sheet = m_sheets[kindId];
    if (!sheet) {
        sheet = std::make_shared<Sheet>();
        if (const auto source = m_rowsOf(kindId)) {
            sheet->columns = source->columns();
            sheet->rows = source->rows();
            sheet->known = source->freshness().isLive();
        }
    }
    return *sheet;
}

const QString& RelationRows::textAt(const table::Row& row, int column)
{
    static const QString none;
    const auto* value =
        column >= 0 && size_t(column) < row.cells.size() ? std::get_if<QString>(&row.cells[size_t(column)]) : nullptr;
    return value ? *value : none;
}

QString RelationRows::text(const QString& kindId, const table::Row& row, QStringView column)
{
    return textAt(row, table::indexOfColumn(sheet(kindId).columns, column));
}

Relation RelationRows::of(const QString& kindId, const table::Row& row)
{
    Relation out{.kindId = kindId,
                 .kind = kindName(kindId),
                 .space = row.space,
                 .name = row.name,
                 .health = row.health,
                 .words = row.reason,
                 .self = false,
                 .parts = {}};
    if (out.words.isEmpty())
        out.words = text(kindId, row, u"status");
    return out;
}

Relation RelationRows::find(const QString& kindId, const QString& space, const QString& name)
{
    Relation out{.kindId = kindId,
                 .kind = kindName(kindId),
                 .space = space,
                 .name = name,
                 .health = Health::None,
                 .words = {},
                 .self = false,
                 .parts = {}};
    const Sheet& all = sheet(kindId);
    for (const table::RowPtr& row : all.rows) {
        if (row->name == name && row->space == space)
            return of(kindId, *row);
    }
    if (all.known) {
        out.health = Health::Bad;
        out.words = QCoreApplication::translate("wk::cluster::Relations", "does not exist");
    }
    return out;
}

QString RelationRows::kindName(const QString& kindId) const
{
    for (const ResourceKind& kind : m_kinds) {
        if (kind.id() == kindId)
            return kind.kind;
    }
    return kindId.section(u'.', 0, 0);
}

QString RelationRows::kindIdOfOwner(const QString& word) const
{
    // Built-in kinds are told as "ReplicaSet", by a server's own table as "replicaset.apps". Built-in ones come first.
    const QString kind = word.section(u'.', 0, 0), group = word.section(u'.', 1);
    for (const ResourceKind& known : m_kinds) {
        if ((known.kind.compare(kind, Qt::CaseInsensitive) == 0 || known.singular == kind) &&
            (group.isEmpty() || group == known.group))
            return known.id();
    }
    return {};
}

} // namespace wk::cluster
