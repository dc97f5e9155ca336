// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/Transport.h"
#include "platform/KubeConfig.h"

#include <QtCore/QObject>

#include <functional>
#include <memory>

namespace wk::cluster {

/// Asks the API server what this identity may list, with one SelfSubjectAccessReview per kind, all at once. A review is
/// a POST that stores nothing.
class DoctorAccess : public QObject
{
public:
    struct Answer
    {
        QString kind; ///< "deployments.apps"
        bool allowed = false;
        QString reason; ///< the server's
    };
    using Done = std::function<void(Result<QList<Answer>>)>;

    DoctorAccess(net::Transport& transport, const platform::ResolvedContext& context, qint64 limitMs, QObject* parent);

    /// In one namespace, or in all (empty). Fails where the server does not answer reviews.
    void ask(const QString& space, Done done);

private:
    void answered(qsizetype index, Result<Answer> answer);

    net::Transport& m_transport;
    platform::ResolvedContext m_context;
    qint64 m_limitMs;
    QList<Answer> m_answers;
    qsizetype m_open = 0;
    std::optional<Error> m_error;
    Done m_done;
};

} // namespace wk::cluster
