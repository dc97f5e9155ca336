// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "secrets/SecretUse.h"

#include <vector>

namespace wk::secrets {

/// What this person's programs have put into the keychain, by name and date: no keychain can be asked for a list in the
/// same way everywhere. A file that holds no secret, read and written at once each time, because the other programs
/// write it, too.
class CredentialLedger
{
public:
    struct Entry
    {
        QString name;
        SecretKind kind = SecretKind::Password;
        qint64 sinceMs = 0; ///< when it was put there last
        QString by;         ///< "watchkeeper", "watchkeeperctl"
        bool operator==(const Entry&) const = default;
    };

    /// `file`: an absolute path.
    explicit CredentialLedger(QString file) : m_file(std::move(file)) {}
    /// Where all programs of Watchkeeper look.
    [[nodiscard]] static QString defaultFile();

    /// In the order of their names; empty where there is no file yet. Fails in words where it cannot be understood.
    [[nodiscard]] Result<std::vector<Entry>> read() const;
    /// In the place of the entry of that name.
    [[nodiscard]] Result<void> put(const Entry& entry);
    /// Succeeds where there is none, too.
    [[nodiscard]] Result<void> forget(const QString& name);
    [[nodiscard]] const QString& file() const { return m_file; }

private:
    [[nodiscard]] Result<void> change(const QString& name, const Entry* entry);

    QString m_file;
};

} // namespace wk::secrets
