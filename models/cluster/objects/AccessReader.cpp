// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/AccessReader.h"

#include "cluster/KindCatalog.h"
#include "core/Future.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

Result<QJsonArray> itemsOf(const Result<QByteArray>& list)
{
    if (!list)
        return fail(list.error());
    return QJsonDocument::fromJson(*list).object().value(u"items"_s).toArray();
}

} // namespace

AccessReader::AccessReader(std::shared_ptr<ClusterView> cluster, QObject* parent)
    : QObject(parent), m_cluster(std::move(cluster))
{
}

void AccessReader::ask(const ResourceKind& kind, const QString& space, const QString& name,
                       std::function<void(Answer)> done)
{
    const quint64 question = ++m_question;
    m_done = std::move(done);
    m_kind = kind;
    m_space = space;
    m_name = name;
    m_answer = {};
    m_book = {};
    m_open = 1; // the review
    whenDone(m_cluster->fetchOwnRules(space), this, [this, question](const Result<QByteArray>& review) {
        if (question != m_question)
            return;
        m_answer.own = review ? ownRightsOf(*review, m_kind, m_name) : Result<OwnRights>(fail(review.error()));
        finishOne();
    });
    askBook();
}

void AccessReader::askBook()
{
    const struct
    {
        const char16_t* kindId;
        QJsonArray RoleBook::*items;
        bool ofSpace;
    } lists[] = {{u"roles.rbac.authorization.k8s.io", &RoleBook::roles, true},
                 {u"clusterroles.rbac.authorization.k8s.io", &RoleBook::clusterRoles, false},
                 {u"rolebindings.rbac.authorization.k8s.io", &RoleBook::bindings, true},
                 {u"clusterrolebindings.rbac.authorization.k8s.io", &RoleBook::clusterBindings, false}};
    for (const auto& [kindId, items, ofSpace] : lists) {
        const ResourceKind kind = kindById(m_cluster->kinds(), QString::fromUtf16(kindId));
        if (kind.resource.isEmpty() || (ofSpace && m_space.isEmpty()))
            continue;
        ++m_open;
        auto read = m_cluster->fetchList(kind, ofSpace ? m_space : QString()).then(QtFuture::Launch::Async, itemsOf);
        whenDone(read, this, [this, question = m_question, items](const Result<QJsonArray>& found) {
            if (question != m_question)
                return;
            if (found)
                m_book.*items = *found;
            else if (const QString why = found.error().sentence; !m_answer.missing.contains(why))
                m_answer.missing.append(why);
            finishOne();
        });
    }
}

void AccessReader::finishOne()
{
    if (--m_open > 0 || !m_done)
        return;
    m_answer.grants = grantsOn(m_book, m_kind, m_space, m_name);
    std::exchange(m_done, nullptr)(m_answer);
}

} // namespace wk::cluster
