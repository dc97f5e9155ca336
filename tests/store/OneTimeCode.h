// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMessageAuthenticationCode>
#include <QtCore/QString>

namespace wk::test {

/// The six digits of a 30 s step: RFC 6238 by another hand than the database's.
inline QString oneTimeCode(const QByteArray& secret, qint64 step)
{
    QByteArray counter(8, 0);
    for (int i = 0; i < 8; ++i)
        counter[7 - i] = char(quint64(step) >> (8 * i));
    const auto hash = QMessageAuthenticationCode::hash(counter, secret, QCryptographicHash::Sha1);
    const int at = hash[19] & 15;
    quint32 bits = 0;
    for (int i = 0; i < 4; ++i)
        bits = bits << 8 | quint8(hash[at + i]);
    return QString::number((bits & 0x7fffffff) % 1'000'000).rightJustified(6, u'0');
}

/// RFC 4648 base 32 without padding.
inline QByteArray fromBase32(const QString& text)
{
    static const QString alphabet = QStringLiteral("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    QByteArray bytes;
    quint32 bits = 0;
    int count = 0;
    for (const QChar letter : text) {
        bits = bits << 5 | quint32(alphabet.indexOf(letter));
        if ((count += 5) >= 8)
            bytes.append(char(bits >> (count -= 8)));
    }
    return bytes;
}

} // namespace wk::test
