// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/api/ManagedFields.h"
#include "fleet/world/Engine.h"
#include "fleet/world/Resources.h"

#include <expected>

namespace wk::fleet {

/// What a write is about and who does it.
struct WriteTarget
{
    const Resource* resource = nullptr;
    QString space;
    QString name;        ///< empty for a creation
    QString subresource; ///< "", "status"
    QString manager;     ///< fieldManager, or the user agent up to its slash
    bool dryRun = false;
    bool force = false; ///< server-side apply
};

struct DeleteRequest
{
    QString uid; ///< preconditions; empty: none
    QString resourceVersion;
    QString propagation; ///< Foreground, Background, Orphan; empty: the kind's default
    qint64 graceSeconds = -1;
};

struct Written
{
    QJsonObject object; ///< in the version that was asked for
    bool created = false;
    bool gone = false; ///< a deletion that is over already
};

/// Changes of one cluster's objects by the rules of kube-apiserver's registry: defaults, validation, optimistic
/// concurrency, generations, managed fields, dry runs. A refusal is the metav1.Status that the server would send.
class Writes
{
public:
    using Answer = std::expected<Written, QJsonObject>;

    explicit Writes(Engine& engine) : m_engine(engine) {}

    [[nodiscard]] Answer create(const WriteTarget& target, QJsonObject body);
    [[nodiscard]] Answer replace(const WriteTarget& target, QJsonObject body);
    /// `contentType` names the kind of patch.
    [[nodiscard]] Answer patch(const WriteTarget& target, const QByteArray& contentType, const QByteArray& body);
    [[nodiscard]] Answer remove(const WriteTarget& target, const DeleteRequest& request);
    /// spec.replicas by the scale subresource; the answer is a Scale.
    [[nodiscard]] Answer scale(const WriteTarget& target, const QJsonObject& scale);
    [[nodiscard]] std::expected<QJsonObject, QJsonObject> scaleOf(const WriteTarget& target) const;
    /// Deletes a pod unless a disruption budget forbids it: 429 then. `name` is the one that the Eviction carries.
    [[nodiscard]] Answer evict(const WriteTarget& target, const QString& name, const DeleteRequest& request);

private:
    [[nodiscard]] ObjectPtr find(const WriteTarget& target) const;
    [[nodiscard]] Answer apply(const WriteTarget& target, const QByteArray& body);
    /// The last step of every write. `old` is null for a creation; `apply` carries managed fields of its own.
    [[nodiscard]] Answer commit(const WriteTarget& target, const ObjectPtr& old, QJsonObject object, bool apply);
    [[nodiscard]] Answer checked(const WriteTarget& target, const ObjectPtr& old, QJsonObject object, bool apply);
    [[nodiscard]] Author author(const WriteTarget& target, bool apply) const;

    Engine& m_engine;
};

/// The refusals that several places need.
[[nodiscard]] QJsonObject notFoundStatus(const Resource& resource, const QString& name,
                                         const QString& subresource = {});
[[nodiscard]] QJsonObject conflictStatus(const Resource& resource, const QString& name, const QString& why);

} // namespace wk::fleet
