// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/doctor/DoctorAccess.h"

#include "cluster/connection/ApiClient.h"
#include "net/Send.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

struct Kind
{
    const char* group;
    const char* plural;
    bool namespaced;
};

/// What the cockpit cannot do without, and what roles usually leave out.
constexpr Kind Kinds[] = {
    {"", "pods", true},           {"apps", "deployments", true}, {"apps", "statefulsets", true},
    {"apps", "daemonsets", true}, {"batch", "jobs", true},       {"", "services", true},
    {"", "configmaps", true},     {"", "secrets", true},         {"", "events", true},
    {"", "namespaces", false},    {"", "nodes", false},          {"", "persistentvolumes", false},
};

QByteArray review(const Kind& kind, const QString& space)
{
    QJsonObject attributes{{u"verb"_s, u"list"_s},
                           {u"group"_s, QString::fromLatin1(kind.group)},
                           {u"resource"_s, QString::fromLatin1(kind.plural)}};
    if (kind.namespaced && !space.isEmpty())
        attributes.insert(u"namespace"_s, space);
    return QJsonDocument(QJsonObject{{u"apiVersion"_s, u"authorization.k8s.io/v1"_s},
                                     {u"kind"_s, u"SelfSubjectAccessReview"_s},
                                     {u"spec"_s, QJsonObject{{u"resourceAttributes"_s, attributes}}}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

DoctorAccess::DoctorAccess(net::Transport& transport, const platform::ResolvedContext& context, qint64 limitMs,
                           QObject* parent)
    : QObject(parent), m_transport(transport), m_context(context), m_limitMs(limitMs)
{
}

void DoctorAccess::ask(const QString& space, Done done)
{
    m_done = std::move(done);
    m_error.reset();
    m_answers.clear();
    m_open = qsizetype(std::size(Kinds));
    for (const Kind& kind : Kinds) {
        const QString group = QString::fromLatin1(kind.group);
        m_answers << Answer{QString::fromLatin1(kind.plural) + (group.isEmpty() ? QString() : u'.' + group), false, {}};
    }
    for (qsizetype i = 0; i < m_answers.size(); ++i) {
        net::Request request;
        request.verb = "POST";
        request.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
        request.body = review(Kinds[i], space);
        request.idleTimeoutMs = m_limitMs;
        net::send(m_transport, request, 1 << 20).then(this, [this, i](const Result<net::Response>& response) {
            if (!response) {
                answered(i, fail(response.error()));
                return;
            }
            if (response->head.status >= 300) {
                answered(i,
                         fail(statusError(m_context, response->head, response->body, u"selfsubjectaccessreviews"_s)));
                return;
            }
            const QJsonObject status = QJsonDocument::fromJson(response->body).object().value("status"_L1).toObject();
            answered(i, Answer{m_answers[i].kind, status.value("allowed"_L1).toBool(),
                               status.value("reason"_L1).toString()});
        });
    }
}

void DoctorAccess::answered(qsizetype index, Result<Answer> answer)
{
    if (answer)
        m_answers[index] = *answer;
    else if (!m_error)
        m_error = answer.error();
    if (--m_open > 0)
        return;
    const Done done = std::exchange(m_done, nullptr);
    if (m_error)
        done(fail(*m_error));
    else
        done(m_answers);
}

} // namespace wk::cluster
