// SPDX-License-Identifier: GPL-3.0-or-later
#include "TinyServer.h"

#include <QtCore/QFile>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>
#include <QtNetwork/QSslSocket>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wk::test {

namespace {

QByteArray response(const char* status, const QByteArray& body)
{
    return QByteArray("HTTP/1.1 ") + status +
           "\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" +
           body;
}

QByteArray failure(const char* status, int code, const char* reason, const char* message)
{
    return response(status, R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")" +
                                QByteArray(message) + R"(","reason":")" + reason + R"(","code":)" +
                                QByteArray::number(code) + "}");
}

QByteArray reply(const QByteArray& path, bool known)
{
    if (!known)
        return failure("401 Unauthorized", 401, "Unauthorized", "Unauthorized");
    if (path == "/version")
        return response("200 OK", R"({"major":"1","minor":"20","gitVersion":"v1.20.2"})");
    if (path == "/readyz" || path == "/livez")
        return response("200 OK", "ok");
    if (path == "/api")
        return response("200 OK", R"({"kind":"APIVersions","versions":["v1"]})");
    if (path == "/apis")
        return response("200 OK", R"({"kind":"APIGroupList","apiVersion":"v1","groups":[]})");
    if (path == "/api/v1")
        return response(
            "200 OK",
            R"({"kind":"APIResourceList","groupVersion":"v1","resources":[)"
            R"({"name":"pods","singularName":"","namespaced":true,"kind":"Pod","verbs":["get","list","watch"]},)"
            R"({"name":"secrets","singularName":"","namespaced":true,"kind":"Secret","verbs":["get","list","watch"]}]})");
    if (path.endsWith("/secrets"))
        return failure("403 Forbidden", 403, "Forbidden",
                       R"(secrets is forbidden: User \"someone\" cannot list resource \"secrets\" in API group \"\")");
    if (path.endsWith("/pods"))
        return response("200 OK",
                        R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]})");
    if (path.endsWith("/selfsubjectaccessreviews"))
        return response("201 Created", R"({"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1",)"
                                       R"("status":{"allowed":true}})");
    return failure("404 Not Found", 404, "NotFound", "not found");
}

} // namespace

TinyServer::TinyServer(const QString& certificate, const QString& key)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(QSslCertificate::fromPath(certificate));
    QFile file(key);
    if (file.open(QIODevice::ReadOnly))
        tls.setPrivateKey(QSslKey(&file, QSsl::Rsa));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone); // asks for no client certificate
    m_server.setSslConfiguration(tls);
    connect(&m_server, &QSslServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket* socket = m_server.nextPendingConnection()) {
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
            answer(socket);
        }
    });
    m_server.listen(QHostAddress::LocalHost);
}

void TinyServer::answer(QTcpSocket* socket)
{
    QByteArray& text = m_pending[socket];
    text += socket->readAll();
    for (qsizetype end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const QByteArray head = text.left(end);
        const qsizetype at = head.toLower().indexOf("content-length: ");
        const qsizetype length = at < 0 ? 0 : head.mid(at + 16).split('\r').first().toLongLong();
        if (text.size() < end + 4 + length)
            return;
        text.remove(0, end + 4 + length);
        socket->write(reply(head.split(' ').value(1).split('?').first(), head.contains("Bearer good-token")));
    }
}

BlackHole::BlackHole()
{
    m_listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(m_listener, 0) != 0 ||
        getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return;
    m_port = ntohs(address.sin_port);
    for (int& filler : m_fillers) {
        filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(filler, reinterpret_cast<sockaddr*>(&address), length); // left in progress on purpose
    }
}

BlackHole::~BlackHole()
{
    close(m_listener);
    for (const int filler : m_fillers)
        close(filler);
}

} // namespace wk::test
