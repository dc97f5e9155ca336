// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "secrets/SecretStore.h"

#include <QtCore/QObject>

#include <functional>
#include <memory>
#include <vector>

namespace QKeychain {
class Job;
}

namespace wk::secrets {

/// The keychain of the operating system (Secret Service, KWallet, macOS keychain, Windows credentials). Never falls
/// back to a file in plain text.
///
/// That a keychain's library loads says nothing about a keychain that works: before the first use, and again after each
/// failure, a probe is written and removed. Nothing is asked of the keychain before that: a locked one would answer a
/// question with "no such entry". Errors: Unauthorized where it is locked, Forbidden where it denies access,
/// Unsupported where there is none that works or nothing answers.
class KeychainStore final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    static constexpr qint64 LimitMs = 30'000; ///< of every call: a person may have to unlock the keychain
    /// How long a keychain that worked is believed to be open when it says that it has no such entry.
    static constexpr qint64 TrustMs = 1'000;

    /// Under which every program of Watchkeeper keeps what they share: the password of a store by its Address::text().
    [[nodiscard]] static QString service() { return QStringLiteral("Watchkeeper"); }

    /// `service` groups the entries in the keychain's own window.
    KeychainStore(Clock& clock, QString service, QObject* parent = nullptr);
    /// Answers what is under way with Error::Kind::Cancelled.
    ~KeychainStore() override;

    [[nodiscard]] QFuture<Result<std::optional<QByteArray>>> read(const QString& name) override;
    [[nodiscard]] QFuture<Result<void>> write(const QString& name, const QByteArray& secret) override;
    [[nodiscard]] QFuture<Result<void>> remove(const QString& name) override;
    [[nodiscard]] bool isLasting() const override { return true; }

private:
    struct Task;
    using TaskPtr = std::shared_ptr<Task>;

    template <typename T>
    QFuture<Result<T>> start(QKeychain::Job* job, std::function<Result<T>(QKeychain::Job*)> convert,
                             std::function<QKeychain::Job*()> again = {});
    void enqueue(const TaskPtr& task);
    [[nodiscard]] bool isOld() const;
    void launch(const TaskPtr& task, qint64 limitMs);
    void settle(const TaskPtr& task, std::optional<Error> error);
    void probe();
    void endProbe(const std::optional<Error>& error);
    [[nodiscard]] static Error denied(const QString& detail);
    [[nodiscard]] static std::optional<Error> errorOf(const QKeychain::Job& job);

    Clock& m_clock;
    QString m_service;
    bool m_works = false;
    bool m_probing = false;
    qint64 m_probedMs = 0;          ///< monotonic
    std::vector<TaskPtr> m_waiting; ///< for the probe
    std::vector<TaskPtr> m_running;
};

} // namespace wk::secrets
