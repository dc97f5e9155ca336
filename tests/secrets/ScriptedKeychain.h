// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secrets/SecretStore.h"

namespace wk::test {

using secrets::MemoryStore;
using secrets::SecretStore;

/// A keychain that refuses as it is told to.
class ScriptedKeychain final : public SecretStore
{
public:
    QFuture<Result<std::optional<QByteArray>>> read(const QString& name) override
    {
        ++asked;
        return refusal ? refused<std::optional<QByteArray>>() : store.read(name);
    }
    QFuture<Result<void>> write(const QString& name, const QByteArray& secret) override
    {
        ++asked;
        return refusal ? refused<void>() : store.write(name, secret);
    }
    QFuture<Result<void>> remove(const QString& name) override
    {
        ++asked;
        return refusal ? refused<void>() : store.remove(name);
    }
    bool isLasting() const override { return true; }

    MemoryStore store;
    std::optional<Error> refusal;
    int asked = 0;

private:
    template <typename T>
    [[nodiscard]] QFuture<Result<T>> refused() const
    {
        return QtFuture::makeReadyFuture(Result<T>(fail(*refusal)));
    }
};

} // namespace wk::test
