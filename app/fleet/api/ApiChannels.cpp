// SPDX-License-Identifier: GPL-3.0-or-later
// Channels into pods, as a kubelet plays them behind the API server: commands (pods/exec) and ports (pods/portforward).
// Source: k8s.io/apimachinery/pkg/util/remotecommand and pkg/kubelet/cri/streaming of Kubernetes.
#include "core/Duration.h"
#include "fleet/api/ApiServer.h"
#include "fleet/api/ChannelSocket.h"
#include "fleet/manifests/Manifests.h"
#include "fleet/world/Json.h"

#include <QtCore/QTimer>
#include <QtCore/QUrlQuery>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

/// What a program of a container says, and how it ends.
struct Played
{
    QByteArray out;
    QByteArray err;
    int code = 0;
    qint64 afterMs = 0;
    bool found = true;
};

/// The programs that every image here has.
Played play(const Pod& pod, const QStringList& words, qint64 nowMs)
{
    const QString program = words.value(0);
    const QByteArray name = pod.name.toUtf8();
    if (program == u"true")
        return {};
    if (program == u"false")
        return {{}, {}, 1, 0, true};
    if (program == u"echo")
        return {words.mid(1).join(u' ').toUtf8() + '\n', {}, 0, 0, true};
    if (program == u"hostname")
        return {name + '\n', {}, 0, 0, true};
    if (program == u"date")
        return {microTimeText(nowMs).toUtf8() + '\n', {}, 0, 0, true};
    if (program == u"env")
        return {"HOSTNAME=" + name + "\nPOD_IP=" + pod.ip.toUtf8() + "\nNODE_NAME=" + pod.node.toUtf8() +
                    "\nKUBERNETES_SERVICE_HOST=10.96.0.1\nKUBERNETES_SERVICE_PORT=443\n",
                {},
                0,
                0,
                true};
    if (program == u"sleep")
        return {{}, {}, 0, qint64(words.value(1).toDouble() * 1000), true};
    if (program == u"head" && words.value(1) == u"-c" && words.value(3) == u"/dev/zero")
        return {QByteArray(std::clamp<qsizetype>(words.value(2).toLongLong(), 0, 16 << 20), '\0'), {}, 0, 0, true};
    if (program == u"cat") {
        if (words.value(1) == u"/etc/hostname")
            return {name + '\n', {}, 0, 0, true};
        return {{}, "cat: can't open '" + words.value(1).toUtf8() + "': No such file or directory\n", 1, 0, true};
    }
    return {{}, {}, 0, 0, false};
}

QJsonObject endOf(const Played& played, const QStringList& words)
{
    if (!played.found)
        return statusObject(500, u"InternalError"_s,
                            u"Internal error occurred: error executing command in container: failed to exec in "
                            "container: OCI runtime exec failed: exec failed: unable to start container process: "
                            "exec: \"%1\": executable file not found in $PATH: unknown"_s.arg(words.value(0)));
    if (played.code == 0)
        return {{u"metadata"_s, QJsonObject()}, {u"status"_s, u"Success"_s}};
    const QString code = QString::number(played.code);
    return {{u"metadata"_s, QJsonObject()},
            {u"status"_s, u"Failure"_s},
            {u"message"_s, u"command terminated with non-zero exit code: exit status "_s + code},
            {u"reason"_s, u"NonZeroExitCode"_s},
            {u"details"_s,
             QJsonObject{{u"causes"_s, QJsonArray{QJsonObject{{u"reason"_s, u"ExitCode"_s}, {u"message"_s, code}}}}}}};
}

/// A command that runs.
struct PlayedCommand
{
    std::unique_ptr<ChannelSocket> socket;
    QTimer end;
};

/// A forwarded port: an HTTP server that says which pod it is. Ends with its pod.
class PlayedPort
{
public:
    PlayedPort(const Engine& engine, const Pod& pod, int port, const HttpRequest& request, HttpConnection& connection,
               const QByteArray& protocol)
        : m_engine(engine), m_space(pod.space), m_name(pod.name), m_uid(pod.uid)
    {
        m_socket = std::make_unique<ChannelSocket>(request, connection, protocol,
                                                   [this](quint8 stream, const QByteArray& bytes) {
                                                       if (stream == 0 && m_listens)
                                                           take(bytes);
                                                   });
        const QByteArray head = QByteArray(1, char(port & 0xff)) + char(port >> 8);
        m_socket->send(0, head);
        m_socket->send(1, head);
        m_listens = std::ranges::any_of(containersOf(engine.cluster(), pod),
                                        [port](const ContainerSpec& c) { return c.port == port; });
        if (!m_listens) {
            m_socket->send(1, u"an error occurred when forwarding %1 -> %1: failed to connect to localhost:%1 inside "
                              "namespace: dial tcp4 127.0.0.1:%1: connect: connection refused"_s.arg(port)
                                  .toUtf8());
            QTimer::singleShot(0, &m_look, [this] { m_socket->close(); });
        }
        QObject::connect(&m_look, &QTimer::timeout, &m_look, [this] {
            const Pod* still = m_engine.cluster().findPod(m_space, m_name);
            if (!still || still->uid != m_uid || still->nodeLost)
                m_socket->close();
        });
        m_look.start(50);
    }

private:
    void take(const QByteArray& bytes)
    {
        m_in += bytes;
        while (true) {
            const auto state = m_parser.parse(m_in);
            if (state == HttpParser::State::NeedMore)
                return;
            if (state == HttpParser::State::Bad) {
                m_socket->close();
                return;
            }
            const HttpRequest request = m_parser.take();
            const QByteArray body = request.path == "/echo"
                                        ? request.body
                                        : compact({{u"pod"_s, m_name}, {u"path"_s, QString::fromUtf8(request.path)}});
            m_socket->send(0, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                                  QByteArray::number(body.size()) + "\r\n\r\n" + body);
            if (!request.keepAlive) {
                m_socket->close();
                return;
            }
        }
    }

    const Engine& m_engine;
    QString m_space, m_name, m_uid;
    std::unique_ptr<ChannelSocket> m_socket;
    HttpParser m_parser;
    QByteArray m_in;
    QTimer m_look;
    bool m_listens = false;
};

} // namespace

void ApiServer::channel(Call& call)
{
    const Pod* pod = m_engine.cluster().findPod(call.space, call.name);
    if (!pod) {
        notFound(call);
        return;
    }
    const bool command = call.subresource == u"exec";
    static const QList<QByteArray> forCommands{"v5.channel.k8s.io", "v4.channel.k8s.io"}, forPorts{"v4.channel.k8s.io"};
    const QByteArray protocol = ChannelSocket::protocolOf(call.request, command ? forCommands : forPorts);
    if (protocol.isEmpty()) {
        refuse(call, 400, u"BadRequest"_s, u"unable to upgrade: no supported protocol was offered"_s);
        return;
    }
    if (pod->nodeLost) {
        refuse(call, 500, u"InternalError"_s,
               u"error dialing backend: dial tcp: lookup %1: i/o timeout"_s.arg(pod->node));
        return;
    }
    if (command)
        playCommand(call, *pod, protocol);
    else
        playPort(call, *pod, protocol);
}

void ApiServer::playPort(Call& call, const Pod& pod, const QByteArray& protocol)
{
    bool ok = false;
    const int port = call.request.query.value(u"ports"_s).toInt(&ok);
    if (!ok || port < 1 || port > 0xffff)
        refuse(call, 400, u"BadRequest"_s, u"query parameter \"ports\" is required"_s);
    else if (pod.phase != u"Running")
        refuse(call, 400, u"BadRequest"_s,
               u"unable to forward port because pod is not running. Current status=%1"_s.arg(pod.phase));
    else
        call.connection.hold(
            std::make_shared<PlayedPort>(m_engine, pod, port, call.request, call.connection, protocol));
}

void ApiServer::playCommand(Call& call, const Pod& pod, const QByteArray& protocol)
{
    const QUrlQuery query(QString::fromUtf8(call.request.rawQuery).replace(u'+', u"%20"_s));
    const QStringList words = query.allQueryItemValues(u"command"_s, QUrl::FullyDecoded);
    const auto bad = [&](const QString& message) { refuse(call, 400, u"BadRequest"_s, message); };
    if (words.isEmpty())
        return bad(u"you must specify at least one command for the container"_s);
    QStringList names;
    for (const ContainerSpec& s : containersOf(m_engine.cluster(), pod))
        names.append(s.name);
    const QString wanted = call.request.query.value(u"container"_s);
    if (wanted.isEmpty() && names.size() > 1)
        return bad(
            u"a container name must be specified for pod %1, choose one of: [%2]"_s.arg(pod.name, names.join(u' ')));
    const auto at = wanted.isEmpty() ? 0 : names.indexOf(wanted);
    if (at < 0)
        return bad(u"container %1 is not valid for pod %2"_s.arg(wanted, pod.name));
    if (pod.containers.at(std::size_t(at)).phase != ContainerStatus::Phase::Running) {
        refuse(call, 500, u"InternalError"_s,
               u"unable to upgrade connection: container not found (\"%1\")"_s.arg(names.at(at)));
        return;
    }
    const Played played = play(pod, words, m_engine.nowMs());
    auto running = std::make_shared<PlayedCommand>();
    running->socket =
        std::make_unique<ChannelSocket>(call.request, call.connection, protocol, [](quint8, const QByteArray&) {});
    call.connection.hold(running);
    constexpr qsizetype piece = 32 << 10;
    for (const auto& [stream, bytes] : {std::pair(quint8(1), played.out), std::pair(quint8(2), played.err)})
        for (qsizetype from = 0; from < bytes.size(); from += piece)
            running->socket->send(stream, bytes.mid(from, piece));
    // The connection holds it, and the timer with it.
    QObject::connect(&running->end, &QTimer::timeout, &running->end,
                     [socket = running->socket.get(), status = compact(endOf(played, words))] {
                         socket->send(3, status);
                         socket->close();
                     });
    running->end.setSingleShot(true);
    running->end.start(int(played.afterMs));
}

} // namespace wk::fleet
