// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/UsedBy.h"

#include "cluster/KindCatalog.h"
#include "core/Future.h"

namespace wk::cluster {

using namespace Qt::StringLiterals;

UsedBy::UsedBy(std::shared_ptr<ClusterView> cluster, QObject* parent) : QObject(parent), m_cluster(std::move(cluster))
{
}

void UsedBy::ask(const QString& kindId, const QString& space, const QString& name, std::function<void(Answer)> done)
{
    const quint64 question = ++m_question;
    m_done = std::move(done);
    m_answer = {};
    QList<ResourceKind> kinds;
    for (const QString& id : referrerKindsOf(kindId)) {
        if (const ResourceKind kind = kindById(m_cluster->kinds(), id); !kind.resource.isEmpty())
            kinds.append(kind);
    }
    m_open = int(kinds.size());
    for (const ResourceKind& kind : std::as_const(kinds)) {
        const auto look = [id = kind.id(), word = kind.kind, kindId,
                           name](const Result<QByteArray>& list) -> Result<ReferrerScan> {
            if (!list)
                return fail(list.error());
            return referrersIn(*list, id, word, kindId, name);
        };
        // Lists are megabytes: they are looked through beside the GUI thread.
        auto scanned = m_cluster->fetchList(kind, space, "limit=" + QByteArray::number(mostObjects))
                           .then(QtFuture::Launch::Async, look);
        whenDone(scanned, this,
                 [this, question, kind](const Result<ReferrerScan>& scan) { take(question, kind, scan); });
    }
    if (m_open == 0 && m_done)
        std::exchange(m_done, nullptr)(m_answer);
}

void UsedBy::take(quint64 question, const ResourceKind& kind, const Result<ReferrerScan>& scan)
{
    if (question != m_question)
        return;
    if (scan) {
        m_answer.users += scan->found;
        if (scan->incomplete)
            m_answer.missing.append(tr("Only the first %1 %2 were looked through.")
                                        .arg(QString::number(mostObjects), kindTitle(kind).toLower()));
    } else if (const QString why = scan.error().sentence; !m_answer.missing.contains(why)) {
        m_answer.missing.append(why);
    }
    if (--m_open == 0 && m_done)
        std::exchange(m_done, nullptr)(m_answer);
}

} // namespace wk::cluster
