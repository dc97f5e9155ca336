// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ClusterAccess.h"
#include "cluster/connection/ClusterConnection.h"

namespace wk::changes {

/// The only one who can make a write permit: carries what actions ask and send over a connection to a cluster.
class MutationSender final : public ClusterAccess
{
public:
    /// `connection` outlives it.
    explicit MutationSender(cluster::ClusterConnection& connection) : m_connection(connection) {}

    [[nodiscard]] QFuture<Result<Answer>> read(const Read& read) override;
    [[nodiscard]] QFuture<Result<Answer>> review(const QByteArray& body) override;
    [[nodiscard]] QFuture<Result<Answer>> send(const Call& call, bool dryRun) override;
    [[nodiscard]] Error error(const Answer& answer, const QString& what) const override;
    [[nodiscard]] QString user() const override;
    [[nodiscard]] std::shared_ptr<const platform::ResolvedContext> context() const override;

private:
    cluster::ClusterConnection& m_connection;
};

} // namespace wk::changes
