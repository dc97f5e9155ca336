// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QString>

#include <optional>

namespace wk::changes {

/// Objects as they were last seen, without their status, packed: what a later look is compared with.
class KnownObjects
{
public:
    struct Entry
    {
        QString kindId, space, name, version;
        QByteArray packed;
    };

    explicit KnownObjects(qint64 maxBytes) : m_maxBytes(maxBytes) {}

    /// False where there is no room: the object is then not known.
    bool put(const QString& kindId, const QJsonObject& object);
    void remove(const QString& uid);
    void clear();
    [[nodiscard]] const Entry* find(const QString& uid) const;
    [[nodiscard]] QString uidOf(const QString& kindId, const QString& space, const QString& name) const;
    /// The object with managedFields, as it was given; empty where it is not known.
    [[nodiscard]] QJsonObject object(const QString& uid) const;
    /// The first of a kind in a namespace for which `test` holds; empty where there is none.
    template <typename Test>
    [[nodiscard]] QJsonObject first(const QString& kindId, const QString& space, Test test) const
    {
        for (auto it = m_entries.begin(); it != m_entries.end(); ++it) {
            if (it->kindId != kindId || it->space != space)
                continue;
            if (QJsonObject candidate = object(it.key()); test(candidate))
                return candidate;
        }
        return {};
    }

    [[nodiscard]] qsizetype size() const { return m_entries.size(); }
    [[nodiscard]] qint64 bytes() const { return m_bytes; }

private:
    [[nodiscard]] static QString nameKey(const Entry& entry);

    qint64 m_maxBytes;
    qint64 m_bytes = 0;
    QHash<QString, Entry> m_entries;  ///< by uid
    QHash<QString, QString> m_byName; ///< kind, namespace and name to uid
};

} // namespace wk::changes
