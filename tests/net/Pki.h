// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QTemporaryDir>

namespace wk::test {

/// A certificate with its key, PEM.
struct Issued
{
    QByteArray certificate;
    QByteArray key;
};

/// A certificate authority in a temporary directory, through the openssl command. Keys are made when a test runs: none
/// stands in the repository.
class Pki
{
public:
    enum class Key { Ec, Rsa, EcSec1, RsaPkcs1 };

    explicit Pki(const QString& name = QStringLiteral("Test Authority"));

    /// False where the openssl command is missing or failed; then `problem()` says why.
    [[nodiscard]] bool works() const { return m_problem.isEmpty(); }
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] QByteArray authority() const { return m_authority; }

    struct Wish
    {
        QString name = QStringLiteral("server");
        QString hosts = QStringLiteral("DNS:localhost,IP:127.0.0.1"); ///< subjectAltName; empty: none
        bool expired = false;
        bool client = false;
        Key key = Key::Ec;
    };
    [[nodiscard]] Issued issue(const Wish& wish);

private:
    QByteArray openssl(const QStringList& arguments);
    [[nodiscard]] QString path(const QString& name) const { return m_dir.filePath(name); }
    [[nodiscard]] QByteArray read(const QString& name) const;

    QTemporaryDir m_dir;
    QByteArray m_authority;
    QString m_problem;
    int m_count = 0;
};

} // namespace wk::test
