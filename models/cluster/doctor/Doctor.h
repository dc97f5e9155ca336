// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "platform/KubeConfig.h"

#include <QtCore/QObject>

#include <memory>

namespace wk::cluster {

/// One thing that the doctor looked at.
struct DoctorStep
{
    enum class State { Ok, Warning, Failed, Skipped };
    QString id;    ///< stable: "file", "dns", "tcp", "proxy", "tls", "credential", "api", "access"
    QString title; ///< "Name resolution"
    State state = State::Skipped;
    QString sentence; ///< what was found; for a failure the same sentence that the cockpit shows for it
    QString detail;   ///< technical, may have several lines
    QString remedy;
    qint64 durationMs = 0;
};

/// The stable lower-case name of a state ("ok", "warning", "failed", "skipped"), for text and JSON.
[[nodiscard]] QString doctorStateName(DoctorStep::State state);

/// Finds out, step by step, why a connection fails: file, name, connection, proxy, TLS, credential, API, permissions.
/// After a failed step the later ones are skipped. Runs on the caller's event loop; every step has a time limit. Sends
/// only reads: GET /version, and SelfSubjectAccessReviews, which are POSTs that change nothing.
class Doctor : public QObject
{
    Q_OBJECT
public:
    /// What is examined.
    struct Subject
    {
        QStringList files;         ///< a $KUBECONFIG-style list, or one explicit file
        bool explicitFile = false; ///< then the only file must exist
        QString context;           ///< empty: the current one

        /// kubectl's own: $KUBECONFIG or ~/.kube/config.
        [[nodiscard]] static Subject standard(const QString& context = {});
        /// What a context that was resolved before came from; its files are read again.
        [[nodiscard]] static Subject of(const platform::ContextId& id);
    };

    /// `clock` outlives the doctor.
    Doctor(Subject subject, Clock& clock, QObject* parent = nullptr);
    ~Doctor() override;

    /// Longest time for one step, plugin runs excepted (60 s). Default 5 s.
    void setStepLimitMs(qint64 ms);
    /// To be called once; signals come later.
    void start();

    [[nodiscard]] bool isFinished() const;
    /// So far, in order.
    [[nodiscard]] QList<DoctorStep> steps() const;
    /// The error of the step that failed.
    [[nodiscard]] std::optional<Error> failure() const;

signals:
    void stepFinished(const wk::cluster::DoctorStep& step);
    void finished();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace wk::cluster
