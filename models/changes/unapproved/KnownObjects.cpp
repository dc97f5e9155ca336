// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/unapproved/KnownObjects.h"

#include "changes/actions/Kube.h"

#include <QtCore/QJsonDocument>

namespace wk::changes {

using namespace Qt::StringLiterals;

QString KnownObjects::nameKey(const Entry& entry) { return entry.kindId + u'\n' + entry.space + u'\n' + entry.name; }

bool KnownObjects::put(const QString& kindId, const QJsonObject& object)
{
    const QString uid = kube::uid(object);
    remove(uid);
    const QJsonObject metadata = kube::metadata(object);
    QJsonObject kept = object;
    kept.remove("status"_L1);
    Entry entry{kindId, metadata.value("namespace"_L1).toString(), metadata.value("name"_L1).toString(),
                kube::resourceVersion(object), qCompress(QJsonDocument(kept).toJson(QJsonDocument::Compact), 3)};
    if (uid.isEmpty() || m_bytes + entry.packed.size() > m_maxBytes)
        return false;
    m_bytes += entry.packed.size();
    m_byName.insert(nameKey(entry), uid);
    m_entries.insert(uid, std::move(entry));
    return true;
}

void KnownObjects::remove(const QString& uid)
{
    const auto it = m_entries.find(uid);
    if (it == m_entries.end())
        return;
    m_bytes -= it->packed.size();
    if (const auto named = m_byName.find(nameKey(*it)); named != m_byName.end() && *named == uid)
        m_byName.erase(named);
    m_entries.erase(it);
}

void KnownObjects::clear()
{
    m_entries.clear();
    m_byName.clear();
    m_bytes = 0;
}

const KnownObjects::Entry* KnownObjects::find(const QString& uid) const
{
    const auto it = m_entries.constFind(uid);
    return it == m_entries.constEnd() ? nullptr : &*it;
}

QString KnownObjects::uidOf(const QString& kindId, const QString& space, const QString& name) const
{
    return m_byName.value(nameKey({kindId, space, name, {}, {}}));
}

QJsonObject KnownObjects::object(const QString& uid) const
{
    const Entry* entry = find(uid);
    return entry ? QJsonDocument::fromJson(qUncompress(entry->packed)).object() : QJsonObject();
}

} // namespace wk::changes
