// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What Reflector's three source files share.
#include "cluster/connection/Reflector.h"

namespace wk::cluster {

/// One HTTP response, as far as it has come.
struct Reflector::Response
{
    static constexpr qsizetype maxErrorBody = 64 * 1024;

    int status = 0;
    QByteArray contentType;
    qint64 retryAfterMs = -1;
    QByteArray body; ///< of a refusal only

    void begin(const net::ResponseHead& head)
    {
        status = head.status;
        contentType = head.header("Content-Type");
        retryAfterMs = head.retryAfterMs();
    }
    [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
    void keep(QByteArrayView bytes)
    {
        body.append(bytes.first(std::min(bytes.size(), std::max<qsizetype>(0, maxErrorBody - body.size()))));
    }
    /// 410, however it is dressed.
    [[nodiscard]] bool expired() const
    {
        const auto s = decodeStatus(contentType, body);
        return status == 410 || (s && (s->code == 410 || s->reason == u"Expired" || s->reason == u"Gone"));
    }
    /// "Too large resource version": the server is behind what we have seen (restored from a backup, another replica).
    [[nodiscard]] bool tooLargeVersion() const
    {
        const auto s = decodeStatus(contentType, body);
        return s &&
               (s->causes.contains(u"ResourceVersionTooLarge") || s->message.contains(u"Too large resource version"));
    }
    /// An answer that another try in a moment will not change.
    [[nodiscard]] bool isRefusal() const { return status == 403 || status == 404 || status == 405; }
};

/// One list: one response, or several pages of one.
struct Reflector::ListCall
{
    quint64 serial = 0;
    ListFrom from = ListFrom::Cache;
    bool paged = false;
    int page = 0;
    Response response;
    std::unique_ptr<ListDecoder> decoder;
    std::unique_ptr<net::Exchange> exchange;
};

/// One watch request.
struct Reflector::Stream
{
    quint64 serial = 0;
    bool initialEvents = false; ///< a streamed list that has not ended yet
    bool fromNowhere = false;   ///< began at "" or "0": synthetic ADDED events carry no position
    bool open = false;
    qint64 askedMs = 0; ///< monotonic, before the request: a proxy may hold the head back until the first event
    qint64 events = 0;
    Response response;
    std::unique_ptr<WatchDecoder> decoder;
    std::unique_ptr<net::Exchange> exchange;
    std::shared_ptr<void> answerTimer;
    std::shared_ptr<void> initialTimer;
    std::optional<Status> ended; ///< an ERROR event came
};

} // namespace wk::cluster
