// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/objects/AccessRules.h"

#include <functional>
#include <optional>

namespace wk::cluster {

/// Reads what this identity may do with an object, and who else may: a review of its own rules, the roles and bindings
/// that are about the object's namespace. On the GUI thread; roles are looked through on threads of their own.
class AccessReader : public QObject
{
    Q_OBJECT
public:
    struct Answer
    {
        std::optional<Result<OwnRights>> own; ///< not set where nobody asked
        QList<Grant> grants;
        QStringList missing; ///< sentences: which roles or bindings could not be read
    };

    explicit AccessReader(std::shared_ptr<ClusterView> cluster, QObject* parent = nullptr);

    /// `done` comes once, unless this is destroyed or asked anew before.
    void ask(const ResourceKind& kind, const QString& space, const QString& name, std::function<void(Answer)> done);

private:
    void askBook();
    void finishOne();

    std::shared_ptr<ClusterView> m_cluster;
    std::function<void(Answer)> m_done;
    ResourceKind m_kind;
    QString m_space, m_name;
    Answer m_answer;
    RoleBook m_book;
    quint64 m_question = 0;
    int m_open = 0;
};

} // namespace wk::cluster
