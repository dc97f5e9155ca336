// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QByteArray>
#include <QtCore/QFuture>
#include <QtCore/QHash>
#include <QtCore/QString>

#include <optional>

namespace wk::secrets {

/// Where passwords and tokens are kept, by name. Lives on the GUI thread, and never waits there. A secret never appears
/// in an error.
class SecretStore
{
public:
    virtual ~SecretStore() = default;

    /// nullopt where nothing is kept under this name.
    [[nodiscard]] virtual QFuture<Result<std::optional<QByteArray>>> read(const QString& name) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> write(const QString& name, const QByteArray& secret) = 0;
    /// Succeeds where there is nothing, too.
    [[nodiscard]] virtual QFuture<Result<void>> remove(const QString& name) = 0;
    /// Whether secrets are still there after the program has ended.
    [[nodiscard]] virtual bool isLasting() const = 0;
};

/// Keeps secrets until the program ends: for tests, for machines without a keychain, for who chooses so.
class MemoryStore final : public SecretStore
{
public:
    ~MemoryStore() override;

    [[nodiscard]] QFuture<Result<std::optional<QByteArray>>> read(const QString& name) override;
    [[nodiscard]] QFuture<Result<void>> write(const QString& name, const QByteArray& secret) override;
    [[nodiscard]] QFuture<Result<void>> remove(const QString& name) override;
    [[nodiscard]] bool isLasting() const override { return false; }

private:
    QHash<QString, QByteArray> m_secrets;
};

} // namespace wk::secrets
