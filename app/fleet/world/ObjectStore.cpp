// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/world/ObjectStore.h"

#include "fleet/world/Json.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

QString keyOf(const QString& space, const QString& name) { return space.isEmpty() ? name : space + u'/' + name; }

void stamp(QJsonObject& json, qint64 revision)
{
    QJsonObject metadata = json.value(u"metadata").toObject();
    metadata[u"resourceVersion"_s] = QString::number(revision);
    json[u"metadata"_s] = metadata;
}

std::unexpected<Error> gone(qint64 revision, qint64 oldest)
{
    return fail(Error::Kind::Gone, u"too old resource version: %1 (%2)"_s.arg(revision).arg(oldest));
}

} // namespace

ObjectStore::ObjectStore(qsizetype history, qint64 firstRevision) : m_history(history), m_revision(firstRevision) {}

ObjectPtr ObjectStore::put(const QString& resource, QJsonObject json)
{
    const QString space = at(json, u"metadata", u"namespace").toString();
    const QString name = at(json, u"metadata", u"name").toString();
    Collection& c = m_collections[resource];
    ObjectPtr& slot = c.objects[keyOf(space, name)];
    if (slot) {
        stamp(json, slot->revision);
        if (json == slot->json)
            return slot;
    }
    stamp(json, ++m_revision);
    auto object = std::make_shared<Object>();
    object->json = std::move(json);
    object->space = space;
    object->name = name;
    object->revision = m_revision;
    Change change{slot ? ChangeType::Modified : ChangeType::Added, m_revision, object, slot};
    slot = object;
    record(resource, c, std::move(change));
    return object;
}

ObjectPtr ObjectStore::remove(const QString& resource, const QString& space, const QString& name)
{
    Collection& c = m_collections[resource];
    const auto it = c.objects.find(keyOf(space, name));
    if (it == c.objects.end())
        return {};
    const ObjectPtr last = it->second;
    c.objects.erase(it);
    auto object = std::make_shared<Object>(*last);
    object->dropEncodings();
    object->revision = ++m_revision;
    stamp(object->json, m_revision);
    record(resource, c, Change{ChangeType::Deleted, m_revision, object, last});
    return object;
}

void ObjectStore::record(const QString& resource, Collection& c, Change change)
{
    if (change.previous)
        change.previous->dropEncodings();
    c.log.push_back(change);
    while (qsizetype(c.log.size()) > m_history) {
        c.compacted = c.log.front().revision;
        c.log.pop_front();
    }
    // A watcher may end itself (and its subscription) while it is told.
    const auto observers = c.observers;
    bool stale = false;
    for (const auto& weak : observers) {
        if (const auto s = weak.lock())
            s->call(change);
        else
            stale = true;
    }
    if (stale)
        std::erase_if(c.observers, [](const auto& w) { return w.expired(); });
    if (m_all)
        m_all(resource, change);
}

ObjectPtr ObjectStore::find(const QString& resource, const QString& space, const QString& name) const
{
    const auto c = m_collections.find(resource);
    if (c == m_collections.end())
        return {};
    const auto it = c->second.objects.find(keyOf(space, name));
    return it == c->second.objects.end() ? ObjectPtr() : it->second;
}

qsizetype ObjectStore::count(const QString& resource) const
{
    const auto c = m_collections.find(resource);
    return c == m_collections.end() ? 0 : qsizetype(c->second.objects.size());
}

std::vector<ObjectPtr> ObjectStore::select(const std::map<QString, ObjectPtr>& objects, const QString& space)
{
    std::vector<ObjectPtr> out;
    if (space.isEmpty()) {
        out.reserve(objects.size());
        for (const auto& [key, object] : objects)
            out.push_back(object);
        return out;
    }
    const QString prefix = space + u'/';
    for (auto it = objects.lower_bound(prefix); it != objects.end() && it->first.startsWith(prefix); ++it)
        out.push_back(it->second);
    return out;
}

std::vector<ObjectPtr> ObjectStore::list(const QString& resource, const QString& space) const
{
    const auto c = m_collections.find(resource);
    return c == m_collections.end() ? std::vector<ObjectPtr>() : select(c->second.objects, space);
}

Result<std::vector<ObjectPtr>> ObjectStore::listAt(const QString& resource, const QString& space, qint64 revision) const
{
    const auto c = m_collections.find(resource);
    if (c == m_collections.end())
        return std::vector<ObjectPtr>();
    if (revision < c->second.compacted)
        return gone(revision, c->second.compacted);
    std::map<QString, ObjectPtr> objects = c->second.objects;
    for (auto it = c->second.log.rbegin(); it != c->second.log.rend() && it->revision > revision; ++it) {
        const QString key = keyOf(it->object->space, it->object->name);
        if (it->previous)
            objects[key] = it->previous;
        else
            objects.erase(key);
    }
    return select(objects, space);
}

Result<std::vector<Change>> ObjectStore::changesAfter(const QString& resource, qint64 revision) const
{
    const auto c = m_collections.find(resource);
    if (c == m_collections.end())
        return std::vector<Change>();
    if (revision < c->second.compacted)
        return gone(revision, c->second.compacted);
    const auto& log = c->second.log;
    const auto first =
        std::upper_bound(log.begin(), log.end(), revision, [](qint64 r, const Change& x) { return r < x.revision; });
    return std::vector<Change>(first, log.end());
}

void ObjectStore::compact()
{
    for (auto& [resource, c] : m_collections) {
        c.log.clear();
        c.compacted = m_revision;
    }
}

std::shared_ptr<void> ObjectStore::observe(const QString& resource, Observer observer)
{
    auto s = std::make_shared<Subscription>(Subscription{std::move(observer)});
    m_collections[resource].observers.push_back(s);
    return s;
}

} // namespace wk::fleet
