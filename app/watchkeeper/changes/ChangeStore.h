// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Requests.h"
#include "changes/execution/StoreLedger.h"
#include "changes/unapproved/UnapprovedBook.h"
#include "secrets/Credentials.h"
#include "store/PrivateServer.h"
#include "store/Store.h"

namespace wk::app {

/// Where change requests are kept: a team's database or the person's own server, which is made and started when it is
/// first opened. Nothing happens before open().
class ChangeStore : public QObject
{
    Q_OBJECT
public:
    /// `clock` and `credentials` outlive it. `text`: a postgresql:// address without a password; empty: the person's
    /// own server.
    ChangeStore(Clock& clock, secrets::Credentials& credentials, const QString& text, QObject* parent = nullptr);
    ~ChangeStore() override;

    /// Connects and reads; for a text that is no address the Error.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool isOpen() const { return m_desk != nullptr; }
    /// Only once it is open.
    [[nodiscard]] changes::Requests& desk() { return *m_desk; }
    [[nodiscard]] changes::StoreLedger& ledger() { return *m_ledger; }
    [[nodiscard]] store::Store& store() { return *m_store; }
    [[nodiscard]] changes::UnapprovedBook& unapproved() { return *m_unapproved; }
    /// Tries again with this password, which is kept in the keychain where there is one, else until the program ends.
    void setPassword(const QByteArray& password);

signals:
    void notice(const QString& text);

private:
    [[nodiscard]] QFuture<Result<QByteArray>> findPassword();

    Clock& m_clock;
    QString m_text;
    store::Address m_address;
    secrets::Credentials& m_credentials;
    std::unique_ptr<store::PrivateServer> m_private;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<changes::StoreLedger> m_ledger;
    std::unique_ptr<changes::Requests> m_desk;
    std::unique_ptr<changes::UnapprovedBook> m_unapproved;
};

} // namespace wk::app
