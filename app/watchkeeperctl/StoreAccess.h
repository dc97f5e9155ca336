// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CommandLine.h"
#include "core/Clock.h"
#include "secrets/Credentials.h"
#include "store/PrivateServer.h"
#include "store/Store.h"

#include <functional>
#include <optional>

namespace wk::ctl {

/// The store that a command works with: the one that --store names, else $WATCHKEEPER_STORE, else the person's own.
///
/// A password never stands on a command line. In this order it comes from: the address's own text (environment),
/// PGPASSWORD, $PGPASSFILE or ~/.pgpass as libpq reads them; then, where the server asks for one: a line of standard
/// input with --password-stdin, the keychain, the terminal without echo.
class StoreAccess : public QObject
{
    Q_OBJECT
public:
    enum class Schema {
        Current, ///< the command works with this program's schema only
        Any      ///< also with an older one, a newer one or none
    };
    using Opened = std::function<void(std::optional<Error>)>;

    /// Fails where the address cannot be understood.
    [[nodiscard]] static Result<std::unique_ptr<StoreAccess>> make(const Arguments& arguments);

    /// Connects; `opened` is called once, from the event loop: without an error when the store is ready.
    void open(Schema schema, Opened opened);
    /// After open().
    [[nodiscard]] store::Store& store() { return *m_store; }
    /// With the password that was let in, for a store::Session.
    [[nodiscard]] const store::Address& address() const { return m_address; }
    [[nodiscard]] const QByteArray& password() const { return m_password; }
    [[nodiscard]] bool isPrivate() const { return m_private != nullptr; }

private:
    enum class Source { Keychain, Terminal }; ///< where the next password comes from

    explicit StoreAccess(const Arguments& arguments);
    [[nodiscard]] QFuture<Result<store::Address>> findAddress();
    [[nodiscard]] QFuture<Result<QByteArray>> findPassword();
    [[nodiscard]] Result<QByteArray> fromTerminal();
    void onState();
    void finish(std::optional<Error> error);

    SystemClock m_clock;
    bool m_passwordStdin;
    bool m_savePassword;
    store::Address m_address;
    QByteArray m_password;
    Source m_source = Source::Keychain;
    bool m_typed = false; ///< the password came from the terminal
    Opened m_opened;
    std::unique_ptr<secrets::Credentials> m_keychain;
    std::unique_ptr<store::PrivateServer> m_private; ///< where no address was given
    std::unique_ptr<store::Store> m_store;
};

} // namespace wk::ctl
