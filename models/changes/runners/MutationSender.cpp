// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/runners/MutationSender.h"

#include "cluster/connection/ApiClient.h"

#include <QtCore/QCoreApplication>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::MutationSender)
};

Result<Answer> toAnswer(Result<net::Response> response)
{
    if (!response)
        return fail(std::move(response.error()));
    return Answer{response->head.status, std::move(response->body), response->head.retryAfterMs()};
}

/// A change may wait for admission webhooks, which a server gives 30 s each.
constexpr qint64 changeTimeoutMs = 90'000;

} // namespace

QFuture<Result<Answer>> MutationSender::read(const Read& read)
{
    net::Request request;
    request.path = read.path;
    request.query = read.query;
    request.headers = {{"Accept", "application/json"}};
    return m_connection.ask(request).then(toAnswer);
}

QFuture<Result<Answer>> MutationSender::review(const QByteArray& body)
{
    net::Request request;
    request.verb = "POST";
    request.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    request.body = body;
    return m_connection.ask(request).then(toAnswer);
}

QFuture<Result<Answer>> MutationSender::send(const Call& call, bool dryRun)
{
    net::Request request;
    request.verb = call.verb();
    request.path = call.path;
    request.query = call.queryFor(dryRun);
    request.headers = {{"Accept", "application/json"}, {"Content-Type", call.contentType()}};
    request.body = call.bodyFor(dryRun);
    request.idleTimeoutMs = changeTimeoutMs;
    return m_connection.change(request, cluster::WritePermit()).then(toAnswer);
}

Error MutationSender::error(const Answer& answer, const QString& what) const
{
    net::ResponseHead head;
    head.status = answer.status;
    Error error = cluster::statusError(m_connection.context(), head, answer.body, what);
    error.retryAfterMs = answer.retryAfterMs;
    if (answer.status == 403) {
        error.sentence = Texts::tr("User “%1” is not allowed to do this: %2.").arg(user(), what);
        error.remedy = Texts::tr("Propose the change to somebody who is.");
    } else if (answer.status == 400 || answer.status == 409 || answer.status == 422) {
        error.sentence = Texts::tr("The cluster refused this: %1.").arg(what);
        error.remedy = error.detail;
    }
    return error;
}

QString MutationSender::user() const { return m_connection.context().userName; }

std::shared_ptr<const platform::ResolvedContext> MutationSender::context() const
{
    return std::make_shared<const platform::ResolvedContext>(m_connection.context());
}

} // namespace wk::changes
