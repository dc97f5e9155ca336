// SPDX-License-Identifier: GPL-3.0-or-later
// The list half of Reflector.
#include "cluster/connection/ReflectorParts.h"

namespace wk::cluster {

namespace {
constexpr int pageSize = 500;
constexpr int throttledTries = 10; ///< of a single list, as kubectl's client does (rest/with_retry.go)
} // namespace

void Reflector::startList(ListFrom from)
{
    using Phase = ReflectorStatus::Phase;
    dropStreams();
    dropList();
    m_list = std::make_unique<ListCall>();
    m_list->from = from;
    setPhase(Phase::Listing);
    m_sink.listBegan(!m_status.synced);
    // A list that the watch cache serves ignores `limit`; one from etcd is read in pages, so that neither side holds it
    // whole. A single list (`get`) is wanted at once: one answer.
    sendPage(from == ListFrom::Quorum && m_options.watch, {});
    publish();
}

void Reflector::sendPage(bool paged, const QString& continueToken)
{
    net::Request request;
    request.path = m_kind.path(m_space);
    QByteArray query;
    if (!continueToken.isEmpty()) {
        // A continue token holds its resource version: naming one beside it is a 400.
        query = "&limit=" + QByteArray::number(pageSize) + "&continue=" + continueToken.toUtf8().toPercentEncoding();
    } else if (m_list->from == ListFrom::Cache) {
        query = "&resourceVersion=0";
    } else if (m_list->from == ListFrom::Last) {
        query = "&resourceVersion=" + m_version.toUtf8().toPercentEncoding() + "&resourceVersionMatch=NotOlderThan";
    } else if (paged) {
        query = "&limit=" + QByteArray::number(pageSize);
    }
    query += selectors();
    request.query = query.mid(1);
    request.headers = {{"Accept", m_renderer->listAccept()}};
    request.idleTimeoutMs = m_options.stallMs;

    const quint64 serial = ++m_serial;
    m_list->serial = serial;
    m_list->paged = paged;
    m_list->response = {};
    m_list->decoder.reset();
    retire(std::move(m_list->exchange));
    m_list->exchange = m_transport.open(
        request, {[this, serial](const net::ResponseHead& head) { onListHead(serial, head); },
                  [this, serial](QByteArrayView bytes) { onListData(serial, bytes); },
                  [this, serial](std::optional<Error> error) { onListFinished(serial, std::move(error)); }});
}

void Reflector::onListHead(quint64 serial, const net::ResponseHead& head)
{
    if (!m_list || m_list->serial != serial)
        return;
    m_list->response.begin(head);
    if (!m_list->response.ok())
        return;
    auto decoder = m_renderer->listDecoder(m_list->response.contentType);
    if (decoder)
        m_list->decoder = std::move(*decoder);
    else
        listFailed(std::move(decoder.error()));
}

void Reflector::onListData(quint64 serial, QByteArrayView bytes)
{
    if (!m_list || m_list->serial != serial)
        return;
    m_status.proofMs = m_clock.nowMs();
    if (!m_list->decoder) {
        m_list->response.keep(bytes);
        return;
    }
    const auto fed = m_list->decoder->feed(bytes, [this](Decoded&& object) { m_sink.listed(std::move(object)); });
    if (!fed)
        listFailed(fed.error());
}

void Reflector::onListFinished(quint64 serial, std::optional<Error> error)
{
    if (!m_list || m_list->serial != serial)
        return;
    if (error) {
        listFailed(std::move(*error));
        return;
    }
    if (!m_list->response.ok()) {
        const Response response = std::move(m_list->response);
        onListRefused(response);
        return;
    }
    if (!m_list->decoder) {
        listFailed({Error::Kind::Protocol, tr("The list of %1 came without a header.").arg(m_kind.id()), {}, {}});
        return;
    }
    const auto end = m_list->decoder->finish([this](Decoded&& object) { m_sink.listed(std::move(object)); });
    if (!end) {
        listFailed(end.error());
    } else if (!end->continueToken.isEmpty()) {
        // A page may hold fewer objects than its limit, even none: only an empty token ends the list.
        ++m_list->page;
        sendPage(m_list->paged, end->continueToken);
    } else {
        listDone(*end);
    }
}

void Reflector::onListRefused(const Response& response)
{
    if (response.expired() || response.tooLargeVersion()) {
        const bool later = m_list->page > 0;
        const bool quorum = m_list->from == ListFrom::Quorum;
        if (later || !quorum) {
            // Page 2 and later: the snapshot has expired. The token that a 410 may carry goes on in a newer snapshot,
            // which is no consistent list: read it once more, whole. Page 1: the server does not have our version.
            dropList();
            m_versionLost = true;
            m_list = std::make_unique<ListCall>();
            m_list->from = ListFrom::Quorum;
            m_sink.listBegan(!m_status.synced);
            sendPage(!later && m_options.watch, {});
            return;
        }
        listFailed(errorOf(response, false), response.retryAfterMs);
    } else if (response.isRefusal()) {
        dropList();
        refuse(errorOf(response, false));
    } else {
        listFailed(errorOf(response, false), response.retryAfterMs);
    }
}

void Reflector::listDone(const ListEnd& end)
{
    using Phase = ReflectorStatus::Phase;
    retire(std::move(m_list->exchange));
    m_list.reset();
    m_version = end.resourceVersion;
    m_versionLost = false;
    m_garbled = 0;
    m_throttled = 0;
    m_status.synced = true;
    m_status.refused = false;
    m_status.silent = false;
    m_status.proofMs = m_clock.nowMs();
    m_status.error.reset();
    m_refusedSinceMs = -1;
    m_refusals.reset();
    m_sink.listEnded();
    if (m_options.watch) {
        startWatch();
    } else {
        setPhase(Phase::Done);
        publish();
    }
}

void Reflector::dropList()
{
    if (!m_list)
        return;
    retire(std::move(m_list->exchange));
    m_list.reset();
    m_sink.listFailed();
}

void Reflector::listFailed(Error error, qint64 waitAtLeastMs)
{
    using Phase = ReflectorStatus::Phase;
    dropList();
    const bool throttled = error.httpStatus == 429;
    if (!m_status.refused) // else the verdict stands until there is another one
        m_status.error = std::move(error);
    // A single list is not tried again, but where the server only asks for patience.
    m_throttled = throttled ? m_throttled + 1 : 0;
    if (!m_options.watch && (!throttled || m_throttled > throttledTries)) {
        setPhase(Phase::Failed);
    } else {
        setPhase(Phase::Waiting);
        wait(m_backoff.next(std::max<qint64>(0, waitAtLeastMs)), waitAtLeastMs > 0, [this] { resume(); });
    }
    publish();
}

} // namespace wk::cluster
