// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "WriteScript.h"

#include "core/Clock.h"
#include "net/HttpOptions.h"

#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

namespace wk::test {

/// A Kubernetes API server that a script of writes is tried on. What it answers is brought into a form in which two
/// servers can be compared: without times, identities and what controllers write whenever they like.
class WriteServer
{
public:
    /// `contexts`: who of the script is which context of the kubeconfig. `variables`: ${policy} and ${node}.
    WriteServer(QString kubeconfig, const QHash<QString, QString>& contexts, const QHash<QString, QString>& variables);

    /// All that a step led to: {"answer": …, "seen": {path: …}}; {"failed": why} where it could not be tried.
    [[nodiscard]] QJsonObject run(const WriteStep& step);

private:
    struct Reply
    {
        int status = 0; ///< 0: none came
        QJsonObject body;
    };
    [[nodiscard]] Reply send(const QString& person, const QByteArray& verb, const QString& path,
                             const QString& contentType = {}, const QByteArray& body = {});
    [[nodiscard]] QString filled(QString text) const;
    [[nodiscard]] QString prepare(const WriteStep& step);
    [[nodiscard]] QJsonObject request(const WriteStep& step);
    [[nodiscard]] QJsonObject command(const WriteStep& step);
    [[nodiscard]] QStringList placesOf(const WriteStep& step) const;
    /// The objects at those places, as they can be compared, and whether their versions moved on.
    [[nodiscard]] QJsonObject look(const WriteStep& step, const QHash<QString, QString>& versionsBefore);
    [[nodiscard]] QJsonObject comparable(const QJsonObject& object, const WriteStep& step) const;

    SystemClock m_clock;
    QTemporaryDir m_home;
    QString m_kubeconfig;
    QHash<QString, QString> m_contexts, m_variables;
    QHash<QString, QString> m_drawn; ///< a name that the server drew -> what stands for it
    QHash<QString, net::HttpOptions> m_people;
    QString m_failed;
};

} // namespace wk::test
