// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/api/Access.h"
#include "fleet/api/Encoding.h"
#include "fleet/api/HttpServer.h"
#include "fleet/api/Selector.h"
#include "fleet/api/Writes.h"
#include "fleet/world/Engine.h"

#include <QtCore/QObject>

class QNetworkAccessManager;

namespace wk::fleet {

/// The Kubernetes API of one simulated cluster: routing, access, reading, writing. Answers as kube-apiserver does, down
/// to its Status bodies.
class ApiServer : public QObject
{
    Q_OBJECT
public:
    ApiServer(Engine& engine, Access access, QObject* parent = nullptr);

    [[nodiscard]] HttpServer& http() { return m_http; }
    /// Answers 429 with that Retry-After until the duration has passed (real time).
    void throttle(qint64 durationMs, int retryAfterSeconds);
    /// From now on that service is the program that listens on that port of loopback: a real Prometheus. A service that
    /// there is not yet is made, with `servicePort`.
    void forward(const QString& space, const QString& service, quint16 port, int servicePort);

    struct Counters
    {
        qint64 requests = 0;
        qint64 watches = 0; ///< open now
        qint64 dropped = 0; ///< slow readers
    };
    [[nodiscard]] const Counters& counters() const { return *m_counters; }

private:
    struct Call
    {
        const HttpRequest& request;
        HttpConnection& connection;
        User user;
        QString verb;
        QString group;
        QString version;
        QString resourceName;
        QString space;
        QString name;
        QString subresource;
        const Resource* resource = nullptr;
        QByteArray rest; ///< of a path through a proxy: what the service is asked for
    };

    void handle(const HttpRequest& request, HttpConnection& connection);
    [[nodiscard]] bool document(const HttpRequest& request, HttpConnection& connection);
    [[nodiscard]] bool parsePath(const QByteArray& path, Call& call) const;
    void handleResource(Call& call);
    void get(Call& call, Format format);
    void getScale(Call& call);
    void list(Call& call, Format format);
    void watch(Call& call, Format format);
    // ApiLogs.cpp
    void log(Call& call);
    // ApiChannels.cpp
    void channel(Call& call);
    void playCommand(Call& call, const Pod& pod, const QByteArray& protocol);
    void playPort(Call& call, const Pod& pod, const QByteArray& protocol);
    // ApiExtras.cpp
    void metrics(Call& call);
    void review(Call& call);
    // ApiProxy.cpp
    void proxy(Call& call);
    void passOn(Call& call, quint16 port);
    // ApiWrite.cpp
    void write(Call& call);
    [[nodiscard]] Writes::Answer carryOut(Call& call, const WriteTarget& target, const QJsonObject& body,
                                          const QJsonObject& options);
    void removeAll(Call& call, const WriteTarget& target, const DeleteRequest& options);
    void answerObject(Call& call, int code, const QJsonObject& object);
    [[nodiscard]] static bool knowsSubresource(const Call& call);
    [[nodiscard]] static std::optional<Format> formatFor(const Call& call);
    [[nodiscard]] Encoder encoderFor(const Call& call, Format format) const;

    /// Refusals; each names what was asked as the real server does.
    void refuse(const HttpRequest& request, HttpConnection& connection, const QJsonObject& status,
                const HttpHeaders& extra = {});
    void refuse(Call& call, int code, const QString& reason, const QString& message, QJsonObject details = {});
    void forbid(Call& call);
    void notFound(Call& call);
    void pageNotFound(HttpConnection& connection);
    void unknownResource(Call& call);

    Engine& m_engine;
    Access m_access;
    HttpServer m_http;
    qint64 m_throttledUntil = 0;
    int m_retryAfter = 1;
    QHash<QString, quint16> m_forwards; ///< by namespace/service
    QNetworkAccessManager* m_network = nullptr;
    std::shared_ptr<Counters> m_counters = std::make_shared<Counters>();
};

} // namespace wk::fleet
