// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/plan/Call.h"
#include "core/Result.h"

#include <QtCore/QFuture>

#include <memory>

namespace wk::platform {
struct ResolvedContext;
}

namespace wk::changes {

/// A server's answer, whatever its status.
struct Answer
{
    int status = 0;
    QByteArray body;
    qint64 retryAfterMs = -1; ///< from Retry-After; -1 where absent
};

/// How actions reach a cluster: an interface, so that they are tested without one.
class ClusterAccess
{
public:
    virtual ~ClusterAccess() = default;

    /// GET.
    [[nodiscard]] virtual QFuture<Result<Answer>> read(const Read& read) = 0;
    /// POST of a SelfSubjectAccessReview.
    [[nodiscard]] virtual QFuture<Result<Answer>> review(const QByteArray& body) = 0;
    /// Sends a change, exactly once, on a connection made for it. Error::Kind::Network: it is not known whether the
    /// server carried it out.
    [[nodiscard]] virtual QFuture<Result<Answer>> send(const Call& call, bool dryRun) = 0;
    /// "User “viewer” is not allowed to …": an error for an answer of 400 and more, in the cluster's words.
    [[nodiscard]] virtual Error error(const Answer& answer, const QString& what) const = 0;
    /// Who the cluster takes us for, for sentences.
    [[nodiscard]] virtual QString user() const = 0;
    /// As what it is reached, for a connection beside this one that only reads; null where there is none such.
    [[nodiscard]] virtual std::shared_ptr<const platform::ResolvedContext> context() const { return nullptr; }
};

/// The object that was asked for; an empty one where it does not exist and may not. `words` names it in sentences.
[[nodiscard]] Result<QJsonObject> objectIn(const Result<Answer>& answer, const Read& read, const ClusterAccess& access,
                                           const QString& words);

} // namespace wk::changes
