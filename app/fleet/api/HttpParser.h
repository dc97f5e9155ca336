// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QPair>
#include <QtCore/QString>

namespace wk::fleet {

struct HttpRequest
{
    QByteArray method;
    QByteArray path;                              ///< as sent, still percent-encoded
    QByteArray rawQuery;                          ///< as sent, what stands behind the question mark
    QHash<QString, QString> query;                ///< decoded; the last of several equal names
    QList<QPair<QByteArray, QByteArray>> headers; ///< names in lower case
    QByteArray body;
    bool keepAlive = true;

    [[nodiscard]] QByteArray header(QByteArrayView name) const; ///< name in lower case; empty where absent
    [[nodiscard]] bool flag(const QString& name) const;         ///< a boolean query parameter as Go reads it
};

/// Reads HTTP/1.1 requests from a byte stream, with limits: 64 KiB of head, 128 headers, 3 MiB of body
/// (kube-apiserver's own limit).
class HttpParser
{
public:
    enum class State { NeedMore, Complete, Bad };

    /// Takes what it needs from the front of `buffer`. After Complete, take() gives the request and the next one can be
    /// read; after Bad the connection must be closed with status().
    [[nodiscard]] State parse(QByteArray& buffer);
    [[nodiscard]] HttpRequest take();
    [[nodiscard]] int status() const { return m_status; } ///< 400, 413, 431, 501 or 505

private:
    [[nodiscard]] State bad(int status);
    [[nodiscard]] bool parseHead(QByteArrayView head);
    [[nodiscard]] State parseChunks(QByteArray& buffer);

    HttpRequest m_request;
    bool m_inBody = false;
    bool m_chunked = false;
    qsizetype m_length = 0;
    int m_status = 0;
};

} // namespace wk::fleet
