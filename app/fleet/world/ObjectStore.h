// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonObject>
#include <QtCore/QString>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace wk::fleet {

/// One version of one object. Immutable; its encodings are kept once made and dropped when a newer version replaces it.
struct Object
{
    QJsonObject json; ///< complete, metadata.resourceVersion included
    QString space;    ///< namespace, empty where cluster-scoped
    QString name;
    qint64 revision = 0;

    mutable QByteArray jsonBytes;  ///< filled by the encoder
    mutable QByteArray protoBytes; ///< the message without envelope, filled by the encoder
    void dropEncodings() const
    {
        jsonBytes.clear();
        protoBytes.clear();
    }
};
using ObjectPtr = std::shared_ptr<const Object>;

enum class ChangeType { Added, Modified, Deleted };

struct Change
{
    ChangeType type = ChangeType::Added;
    qint64 revision = 0;
    ObjectPtr object;   ///< Deleted: the last state, carrying the deletion's revision
    ObjectPtr previous; ///< the version before; null for Added
};

/// The simulated etcd of one cluster: versioned objects by kind, one revision counter, and per kind a bounded log of
/// changes from which watches resume and earlier revisions are reconstructed. Single-threaded.
class ObjectStore
{
public:
    /// Keeps at most `history` changes of each kind; the first revision given out is `firstRevision` + 1.
    explicit ObjectStore(qsizetype history = 10'000, qint64 firstRevision = 1000);

    [[nodiscard]] qint64 revision() const { return m_revision; }

    /// Creates or replaces; stamps metadata.resourceVersion. An update that changes nothing else makes no new version,
    /// as in the API server.
    ObjectPtr put(const QString& resource, QJsonObject json);
    /// Null where no such object exists.
    ObjectPtr remove(const QString& resource, const QString& space, const QString& name);
    [[nodiscard]] ObjectPtr find(const QString& resource, const QString& space, const QString& name) const;
    [[nodiscard]] qsizetype count(const QString& resource) const;

    /// All objects of a kind in key order (namespace, name), of one namespace if `space` is not empty.
    [[nodiscard]] std::vector<ObjectPtr> list(const QString& resource, const QString& space = {}) const;
    /// The same as it was at an earlier revision; Error::Kind::Gone where the log no longer reaches that far back.
    [[nodiscard]] Result<std::vector<ObjectPtr>> listAt(const QString& resource, const QString& space,
                                                        qint64 revision) const;
    /// Changes after `revision`, oldest first; Error::Kind::Gone as above.
    [[nodiscard]] Result<std::vector<Change>> changesAfter(const QString& resource, qint64 revision) const;
    /// Forgets every change up to now, as an etcd compaction does.
    void compact();

    using Observer = std::function<void(const Change&)>;
    /// Called after every change of the kind, until the returned token is released.
    [[nodiscard]] std::shared_ptr<void> observe(const QString& resource, Observer observer);
    /// Called after every change of any kind (tests, statistics).
    void observeAll(std::function<void(const QString& resource, const Change&)> observer)
    {
        m_all = std::move(observer);
    }

private:
    struct Subscription
    {
        Observer call;
    };
    struct Collection
    {
        std::map<QString, ObjectPtr> objects; ///< by "namespace/name"
        std::deque<Change> log;
        qint64 compacted = 0; ///< changes up to this revision are gone
        std::vector<std::weak_ptr<Subscription>> observers;
    };
    void record(const QString& resource, Collection& c, Change change);
    [[nodiscard]] static std::vector<ObjectPtr> select(const std::map<QString, ObjectPtr>& objects,
                                                       const QString& space);

    std::unordered_map<QString, Collection> m_collections;
    std::function<void(const QString&, const Change&)> m_all;
    qsizetype m_history;
    qint64 m_revision;
};

} // namespace wk::fleet
