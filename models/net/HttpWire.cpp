// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpWire.h"

#include "net/TlsSetup.h"

#include <QtCore/QCoreApplication>

namespace wk::net {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::net::HttpWire)
};

bool hasLineBreak(const Headers& headers)
{
    const auto bad = [](const QByteArray& s) { return s.contains('\r') || s.contains('\n') || s.contains('\0'); };
    return std::ranges::any_of(headers,
                               [&](const auto& h) { return bad(h.first) || bad(h.second) || h.first.isEmpty(); });
}

bool hasBlank(const QByteArray& text)
{
    return std::ranges::any_of(text, [](char c) { return uchar(c) <= 0x20 || uchar(c) >= 0x7f; });
}

/// A chunked body (RFC 9112 §7.1) from its first byte; nullopt while its end is not there.
std::optional<QByteArray> dechunked(QByteArrayView in)
{
    QByteArray out;
    while (true) {
        const qsizetype end = in.indexOf("\r\n");
        if (end < 0)
            return std::nullopt;
        bool ok = false;
        const QByteArray digits = in.first(end).toByteArray().split(';').first().trimmed();
        const qint64 size = digits.toLongLong(&ok, 16);
        if (!ok || size < 0 || size > in.size() - end - 4)
            return std::nullopt;
        if (size == 0)
            return out;
        out += in.sliced(end + 2, size);
        in = in.sliced(end + 2 + size + 2);
    }
}

} // namespace

Result<void> dial(QSslSocket& socket, const HttpOptions& options)
{
    const auto tls = tlsSetup(options);
    if (!tls)
        return fail(tls.error());
    const auto proxy = proxySetup(effectiveProxy(options), options.asked);
    if (!proxy)
        return fail(proxy.error());
    socket.setProxy(*proxy);
    const QString host = options.base.host();
    const auto port = quint16(serverPort(options.base));
    if (options.base.scheme() == "https"_L1) {
        socket.setSslConfiguration(*tls);
        socket.connectToHostEncrypted(host, port, options.tlsServerName.isEmpty() ? host : options.tlsServerName);
    } else {
        socket.connectToHost(host, port);
    }
    return {};
}

Result<QByteArray> requestHead(const HttpOptions& options, const Request& request, const Headers& wire)
{
    if (hasLineBreak(options.defaultHeaders) || hasLineBreak(request.headers) || hasBlank(request.path) ||
        hasBlank(request.query)) {
        return fail(Error::Kind::BadInput, Texts::tr("A request header or address holds a line break."));
    }
    const QByteArray prefix = options.base.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash)
                                  .path(QUrl::FullyEncoded)
                                  .toLatin1();
    QByteArray host = options.base.host(QUrl::FullyEncoded).toLatin1();
    if (host.contains(':'))
        host = '[' + host + ']';
    QByteArray out = request.verb + ' ' + (prefix == "/" ? QByteArray() : prefix) + request.path;
    if (!request.query.isEmpty())
        out += '?' + request.query;
    out += " HTTP/1.1\r\nHost: " + host + ':' + QByteArray::number(serverPort(options.base)) + "\r\n";
    for (const Headers& headers : {wire, options.defaultHeaders, request.headers}) {
        for (const auto& [name, value] : headers)
            out += name + ": " + value + "\r\n";
    }
    return out + "\r\n";
}

std::optional<ResponseHead> readResponseHead(QByteArrayView text)
{
    const auto lines = text.toByteArray().split('\n');
    ResponseHead head;
    if (!lines.first().startsWith("HTTP/1."))
        return std::nullopt;
    head.status = lines.first().split(' ').value(1).trimmed().toInt();
    if (head.status < 100 || head.status > 599)
        return std::nullopt;
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines.at(i).indexOf(':');
        if (colon > 0)
            head.headers.append({lines.at(i).first(colon).trimmed(), lines.at(i).sliced(colon + 1).trimmed()});
    }
    return head;
}

std::optional<QByteArray> wholeBody(const ResponseHead& head, QByteArrayView body, bool closed)
{
    if (head.header("Transfer-Encoding").toLower().contains("chunked")) {
        if (!closed && !body.endsWith("0\r\n\r\n"))
            return std::nullopt;
        return dechunked(body);
    }
    bool counted = false;
    const qint64 length = head.header("Content-Length").toLongLong(&counted);
    if (counted ? body.size() < length : !closed && head.status != 204 && head.status != 304)
        return std::nullopt;
    return (counted ? body.first(length) : body).toByteArray();
}

Error connectionError(const HttpOptions& options, const QSslSocket& socket, const QList<QSslError>& tlsErrors,
                      const QList<QSslCertificate>& chain, HttpPhase phase)
{
    const HttpFailureText text(options);
    if (!tlsErrors.isEmpty())
        return text.tls(tlsErrors, chain, socket.errorString());
    HttpFailure failure;
    failure.phase = phase;
    failure.code = replyErrorOf(socket.error());
    failure.text = socket.errorString();
    failure.chain = chain;
    return text.describe(failure);
}

} // namespace wk::net
