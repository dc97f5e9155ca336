// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/HttpFailure.h"
#include "net/HttpTransport.h"

#include <QtCore/QObject>

class QNetworkAccessManager;
class QNetworkRequest;

namespace wk::net {

/// One running request of HttpTransport. Shared by the transport's pool and by the caller's Exchange; a callback may
/// destroy either.
class HttpExchange final : public QObject, public std::enable_shared_from_this<HttpExchange>
{
public:
    HttpExchange(const HttpOptions& options, Clock& clock, Request request, Handlers handlers,
                 std::shared_ptr<QByteArray> buffer);
    ~HttpExchange() override;

    void start(QNetworkAccessManager& manager, const QNetworkRequest& request);
    /// Reports `error` from the event loop, without having sent anything.
    void startFailed(Error error);
    /// Ends it now, without a callback.
    void cancel();
    void setPaused(bool paused);

    std::function<void()> released; ///< called once when the manager's slot is free again

private:
    void onHead();
    void onReadable();
    void onFinished();
    void watch();
    void onSilence();
    void finish(std::optional<Error> error);
    void release();
    void dropHandlers();
    [[nodiscard]] std::optional<Error> outcome() const;

    const HttpOptions& m_options;
    Clock& m_clock;
    Request m_request;
    Handlers m_handlers;
    std::shared_ptr<QByteArray> m_buffer;
    QNetworkReply* m_reply = nullptr;
    std::shared_ptr<void> m_timer;
    HttpFailure m_seen;
    qint64 m_lastByteMs = 0;
    int m_calling = 0; ///< callbacks on the stack
    bool m_headGiven = false;
    bool m_compressed = false;
    bool m_paused = false;
    bool m_ended = false; ///< the reply has finished; its data may still wait for a paused consumer
    bool m_reading = false;
    bool m_done = false;
};

} // namespace wk::net
