// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/HttpParser.h"

#include <QtCore/QUrl>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

constexpr qsizetype maxHead = 64 * 1024;
constexpr qsizetype maxBody = 3 * 1024 * 1024;
constexpr qsizetype maxHeaders = 128;

bool isToken(QByteArrayView text)
{
    static constexpr std::string_view extra = "!#$%&'*+-.^_`|~";
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               extra.find(c) != std::string_view::npos;
    });
}

QString decoded(QByteArray text)
{
    text.replace('+', ' ');
    return QUrl::fromPercentEncoding(text);
}

} // namespace

QByteArray HttpRequest::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers)
        if (key == name)
            return value;
    return {};
}

bool HttpRequest::flag(const QString& name) const
{
    const QString v = query.value(name).toLower();
    return v == u"true" || v == u"1" || v == u"t";
}

HttpParser::State HttpParser::bad(int status)
{
    m_status = status;
    return State::Bad;
}

HttpParser::State HttpParser::parse(QByteArray& buffer)
{
    if (!m_inBody) {
        // An empty line before a request is tolerated (RFC 9112 §2.2), a flood of them is not.
        while (buffer.startsWith("\r\n"))
            buffer.remove(0, 2);
        const qsizetype end = buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return buffer.size() > maxHead ? bad(431) : State::NeedMore;
        if (end > maxHead)
            return bad(431);
        const QByteArray head = buffer.left(end);
        buffer.remove(0, end + 4);
        m_status = 400;
        if (!parseHead(head))
            return State::Bad;
        m_inBody = true;
    }
    if (m_chunked)
        return parseChunks(buffer);
    if (buffer.size() < m_length)
        return State::NeedMore;
    m_request.body = buffer.left(m_length);
    buffer.remove(0, m_length);
    return State::Complete;
}

bool HttpParser::parseHead(QByteArrayView head)
{
    const QList<QByteArray> lines = head.toByteArray().split('\n');
    const QList<QByteArray> first = lines.first().trimmed().split(' ');
    if (first.size() != 3 || !isToken(first[0]) || !first[1].startsWith('/') || !first[2].startsWith("HTTP/"))
        return false;
    if (first[2] != "HTTP/1.1" && first[2] != "HTTP/1.0") {
        m_status = 505;
        return false;
    }
    m_request.method = first[0];
    m_request.keepAlive = first[2] == "HTTP/1.1";
    const qsizetype question = first[1].indexOf('?');
    m_request.path = question < 0 ? first[1] : first[1].left(question);
    m_request.rawQuery = question < 0 ? QByteArray() : first[1].mid(question + 1);
    if (question >= 0)
        for (const QByteArray& pair : first[1].mid(question + 1).split('&')) {
            const qsizetype equals = pair.indexOf('=');
            if (!pair.isEmpty())
                m_request.query.insert(decoded(equals < 0 ? pair : pair.left(equals)),
                                       equals < 0 ? QString() : decoded(pair.mid(equals + 1)));
        }
    if (lines.size() > maxHeaders) {
        m_status = 431;
        return false;
    }
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        if (colon < 1 || !isToken(QByteArrayView(lines[i]).first(colon)))
            return false;
        m_request.headers.append({lines[i].left(colon).toLower(), lines[i].mid(colon + 1).trimmed()});
    }
    const QByteArray connection = m_request.header("connection").toLower();
    if (connection.contains("close"))
        m_request.keepAlive = false;
    const QByteArray encoding = m_request.header("transfer-encoding").toLower();
    const QByteArray length = m_request.header("content-length");
    if (!encoding.isEmpty()) {
        if (encoding != "chunked" || !length.isEmpty()) {
            m_status = encoding == "chunked" ? 400 : 501;
            return false;
        }
        m_chunked = true;
        return true;
    }
    if (length.isEmpty())
        return true;
    bool ok = false;
    m_length = length.toLongLong(&ok);
    if (!ok || m_length < 0 || !length.at(0) || length.at(0) < '0' || length.at(0) > '9')
        return false;
    if (m_length > maxBody) {
        m_status = 413;
        return false;
    }
    return true;
}

HttpParser::State HttpParser::parseChunks(QByteArray& buffer)
{
    while (true) {
        const qsizetype end = buffer.indexOf("\r\n");
        if (end < 0)
            return buffer.size() > 256 ? bad(400) : State::NeedMore;
        bool ok = false;
        const qsizetype size = buffer.left(end).split(';').first().trimmed().toLongLong(&ok, 16);
        if (!ok || size < 0)
            return bad(400);
        if (size > maxBody || m_request.body.size() + size > maxBody)
            return bad(413);
        if (buffer.size() < end + 2 + size + 2)
            return State::NeedMore;
        if (buffer.mid(end + 2 + size, 2) != "\r\n")
            return bad(400); // trailers are not supported
        m_request.body += buffer.mid(end + 2, size);
        buffer.remove(0, end + 2 + size + 2);
        if (size == 0)
            return State::Complete;
    }
}

HttpRequest HttpParser::take()
{
    m_inBody = false;
    m_chunked = false;
    m_length = 0;
    m_status = 0;
    return std::exchange(m_request, {});
}

} // namespace wk::fleet
