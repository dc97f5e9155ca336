// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>

namespace wk::test {

/// A real Alertmanager on loopback, in a temporary directory. Ends with this object.
class RealAlertmanager
{
public:
    RealAlertmanager();
    ~RealAlertmanager();

    /// Why there can be none here; empty where there can.
    [[nodiscard]] static QString missing();

    /// False and error() where it did not come up. `configuration`: YAML.
    [[nodiscard]] bool start(const QByteArray& configuration);
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QUrl url() const;
    /// What amtool prints; an empty text where it failed.
    [[nodiscard]] QByteArray amtool(const QStringList& arguments) const;

private:
    QTemporaryDir m_directory;
    QProcess m_process;
    quint16 m_port = 0;
    QString m_error;
};

} // namespace wk::test
