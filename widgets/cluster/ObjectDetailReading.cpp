// SPDX-License-Identifier: GPL-3.0-or-later
// How an open detail follows its object: the row in the table, and the object itself, read again when the row changes.
#include "widgets/cluster/ObjectDetail.h"

#include "cluster/objects/ObjectYaml.h"
#include "core/Future.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/StateView.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonDocument>
#include <QtWidgets/QStackedWidget>

namespace wk::widgets {

using namespace Qt::StringLiterals;

void ObjectDetail::findRow()
{
    for (const table::RowPtr& row : m_source->rows()) {
        if (row->name == m_name && row->space == m_space) {
            m_row = row;
            return;
        }
    }
}

void ObjectDetail::onBatch(const table::Batch& batch)
{
    if (batch.reset) {
        const table::RowPtr before = std::exchange(m_row, nullptr);
        findRow();
        if (!m_row && before && m_source->freshness().isLive())
            onGone();
        else if (m_row && (!before || !before->sameContent(*m_row)))
            setRow(m_row);
        return;
    }
    for (const table::RowPtr& row : batch.upserts) {
        if (row->name == m_name && row->space == m_space) {
            setRow(row);
            return;
        }
    }
    if (m_row && std::find(batch.removed.begin(), batch.removed.end(), m_row->id) != batch.removed.end())
        onGone();
}

void ObjectDetail::setRow(table::RowPtr row)
{
    m_row = std::move(row);
    m_gone = false;
    refreshHeader();
    fetchSoon();
}

void ObjectDetail::onGone()
{
    m_gone = true;
    m_row.reset();
    hideSecret();
    refreshHeader();
}

void ObjectDetail::fetchSoon()
{
    if (m_fetching) {
        m_again = true;
        return;
    }
    const qint64 wait = m_fetchedMs + refetchMs - m_clock->monotonicMs();
    if (m_fetchedMs == 0 || wait <= 0) {
        fetch();
    } else if (!m_refetchTimer) {
        m_refetchTimer = m_clock->after(this, wait, [this] { fetch(); });
    }
}

void ObjectDetail::fetch()
{
    if (!m_cluster)
        return;
    m_refetchTimer.reset();
    m_fetching = true;
    m_again = false;
    const quint64 generation = m_generation;
    if (!m_loaded) {
        m_state->showLoading(tr("Reading %1 %2").arg(m_kind.kind, m_name));
        m_stack->setCurrentWidget(m_state);
    }
    whenDone(m_cluster->fetchObject(m_kind, m_space, m_name), this,
             [this, generation](const Result<QByteArray>& answer) {
                 if (generation == m_generation)
                     onFetched(answer);
             });
}

void ObjectDetail::take(const QJsonObject& object, const QString& yaml)
{
    m_error.reset();
    m_object = object;
    m_summary = cluster::summariseObject(object);
    m_secretData = m_summary.secretKeys.isEmpty()
                       ? QJsonObject()
                       : object.value(u"data"_s).toObject(); // sizes: ClusterView leaves the values out
    if (m_yaml->text() != yaml)
        m_yaml->setText(yaml, CodeView::Language::Yaml);
    refreshHeader();
    readCertificates();
}

void ObjectDetail::onFetched(const Result<QByteArray>& answer)
{
    m_fetching = false;
    m_fetchedMs = m_clock->monotonicMs();
    if (answer) {
        if (const auto yaml = cluster::yamlFromJson(*answer, {.hideManagedFields = false}))
            take(QJsonDocument::fromJson(*answer).object(), *yaml);
        else
            m_error = yaml.error();
    } else if (answer.error().kind == Error::Kind::NotFound) {
        onGone();
        if (!m_loaded)
            m_error = answer.error();
    } else {
        m_error = answer.error();
    }
    m_loaded = true;
    refresh();
    emit loaded();
    if (m_again && !m_gone)
        fetchSoon();
}

} // namespace wk::widgets
