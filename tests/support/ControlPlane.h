// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QProcess>
#include <QtCore/QStringList>
#include <QtCore/QTemporaryDir>

#include <memory>

namespace wk::test {

/// A real Kubernetes API server for the length of a test program, started by tests/live/control-plane.sh on free ports
/// in a directory of its own. Ends with this object, and also when the test program crashes (its standard input
/// closes).
class ControlPlane
{
public:
    ControlPlane();
    ~ControlPlane();

    /// Why there can be none here; empty where there can.
    [[nodiscard]] static QString missing();

    /// False and error() where it did not come up.
    [[nodiscard]] bool start(int nodes);
    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString directory() const { return m_directory->path(); }
    /// Contexts: admin (client certificate); by token root (may do all, too), operator, viewer, limited (pods,
    /// services).
    [[nodiscard]] QString kubeconfig() const { return m_directory->filePath(QStringLiteral("kubeconfig")); }
    /// "controllers", "nodes": what runs besides the API server.
    [[nodiscard]] const QStringList& features() const { return m_features; }

    /// One of the script's commands ("kill", "start", "pause", "compact", ...); false and error() where it failed.
    [[nodiscard]] bool command(const QByteArray& line, int timeoutMs = 90'000);

    /// The kubeconfig with every server replaced by 127.0.0.1:`port`, as a new file: the way through a proxy.
    [[nodiscard]] QString kubeconfigThrough(quint16 port) const;

private:
    [[nodiscard]] QByteArray answer(int timeoutMs);

    std::unique_ptr<QTemporaryDir> m_directory;
    QProcess m_process;
    QByteArray m_buffer;
    quint16 m_port = 0;
    QStringList m_features;
    QString m_error;
};

} // namespace wk::test
