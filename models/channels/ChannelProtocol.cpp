// SPDX-License-Identifier: GPL-3.0-or-later
#include "channels/ChannelProtocol.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>

namespace wk::channels {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::channels::ChannelProtocol)
};

QByteArray podPath(const QString& space, const QString& pod, const char* subresource)
{
    return "/api/v1/namespaces/" + QUrl::toPercentEncoding(space) + "/pods/" + QUrl::toPercentEncoding(pod) + '/' +
           subresource;
}

} // namespace

const QList<QByteArray>& commandProtocols()
{
    static const QList<QByteArray> all{"v5.channel.k8s.io", "v4.channel.k8s.io"};
    return all;
}

const QList<QByteArray>& portProtocols()
{
    static const QList<QByteArray> all{"v4.channel.k8s.io"};
    return all;
}

QByteArray channelMessage(quint8 stream, QByteArrayView bytes)
{
    QByteArray out;
    out.reserve(bytes.size() + 1);
    out.append(char(stream));
    out.append(bytes);
    return out;
}

Result<int> exitCodeOf(const QByteArray& status)
{
    const QJsonObject object = QJsonDocument::fromJson(status).object();
    const QString outcome = object.value("status"_L1).toString(), message = object.value("message"_L1).toString();
    if (outcome == "Success"_L1)
        return 0;
    if (outcome != "Failure"_L1)
        return fail(Error::Kind::Protocol, Texts::tr("The cluster did not say how the command ended."),
                    QString::fromUtf8(status.first(std::min<qsizetype>(status.size(), 1000))));
    if (object.value("reason"_L1).toString() == "NonZeroExitCode"_L1) {
        for (const QJsonValue& cause : object.value("details"_L1)["causes"_L1].toArray()) {
            bool ok = false;
            const int code = cause["message"_L1].toString().toInt(&ok);
            if (ok && cause["reason"_L1].toString() == "ExitCode"_L1)
                return code;
        }
    }
    return fail(Error::Kind::Conflict, Texts::tr("The command could not be run in the container: %1").arg(message),
                message, Texts::tr("Programs that an image does not contain cannot be run in it."));
}

net::Request commandRequest(const QString& space, const QString& pod, const QString& container,
                            const QStringList& command)
{
    net::Request request;
    request.path = podPath(space, pod, "exec");
    for (const QString& word : command)
        request.query += "command=" + QUrl::toPercentEncoding(word) + '&';
    if (!container.isEmpty())
        request.query += "container=" + QUrl::toPercentEncoding(container) + '&';
    request.query += "stdout=true&stderr=true";
    return request;
}

net::Request portRequest(const QString& space, const QString& pod, int port)
{
    net::Request request;
    request.path = podPath(space, pod, "portforward");
    request.query = "ports=" + QByteArray::number(port);
    request.idleTimeoutMs = 5'000;
    return request;
}

Error channelError(Error error, const QString& doing, const QString& subresource)
{
    if (error.kind != Error::Kind::Forbidden)
        return error;
    error.sentence = Texts::tr("You are not allowed to %1.").arg(doing);
    error.remedy = Texts::tr("Ask for a role with get and create on %1.").arg(subresource);
    return error;
}

} // namespace wk::channels
