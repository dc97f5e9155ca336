// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/Requests.h"
#include "changes/StoreLedger.h"
#include "changes/UnapprovedBook.h"
#include "secrets/KeychainStore.h"
#include "store/PrivateServer.h"
#include "store/Store.h"

namespace wk::app {

/// Where change requests are kept: a team's database or the person's own server, which is made and started when it is
/// first opened. Nothing happens before open().
class ChangeStore : public QObject
{
    Q_OBJECT
public:
    /// `clock` outlives it. `text`: a postgresql:// address without a password; empty: the person's own server.
    ChangeStore(Clock& clock, const QString& text, QObject* parent = nullptr);
    ~ChangeStore() override;

    /// Connects and reads; for a text that is no address the Error.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool isOpen() const { return m_desk != nullptr; }
    /// Only once it is open.
    [[nodiscard]] changes::Requests& desk() { return *m_desk; }
    [[nodiscard]] changes::StoreLedger& ledger() { return *m_ledger; }
    [[nodiscard]] store::Store& store() { return *m_store; }
    [[nodiscard]] changes::UnapprovedBook& unapproved() { return *m_unapproved; }
    /// Tries again with this password, which is kept in the keychain where there is one.
    void setPassword(const QByteArray& password);

private:
    [[nodiscard]] QFuture<Result<QByteArray>> findPassword();

    Clock& m_clock;
    QString m_text;
    QByteArray m_password; ///< typed in this session
    store::Address m_address;
    secrets::KeychainStore m_keychain;
    std::unique_ptr<store::PrivateServer> m_private;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<changes::StoreLedger> m_ledger;
    std::unique_ptr<changes::Requests> m_desk;
    std::unique_ptr<changes::UnapprovedBook> m_unapproved;
};

} // namespace wk::app
