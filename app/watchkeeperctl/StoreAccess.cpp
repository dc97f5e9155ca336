// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreAccess.h"

#include "Prompt.h"
#include "SecretAccess.h"
#include "core/Future.h"

#include <QtCore/QPromise>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using store::Address;
using store::Store;

StoreAccess::StoreAccess(const Arguments& arguments)
    : m_passwordStdin(arguments.passwordStdin), m_savePassword(arguments.savePassword)
{
}

Result<std::unique_ptr<StoreAccess>> StoreAccess::make(const Arguments& arguments)
{
    std::unique_ptr<StoreAccess> access(new StoreAccess(arguments));
    const QString text = arguments.store.isEmpty() ? qEnvironmentVariable("WATCHKEEPER_STORE") : arguments.store;
    if (text.isEmpty()) {
        access->m_private = std::make_unique<store::PrivateServer>();
        return access;
    }
    auto address = Address::parse(text);
    if (!address)
        return fail(address.error());
    if (!arguments.store.isEmpty() && !address->password().isEmpty())
        return fail(Error::Kind::BadInput,
                    tr("A password on the command line can be read by everybody on this machine"), {},
                    tr("Leave it out of --store: it is asked for, or read from the keychain or ~/.pgpass"));
    access->m_password = address->password();
    access->m_address = std::move(*address);
    return access;
}

void StoreAccess::open(Schema schema, Opened opened)
{
    m_opened = std::move(opened);
    Store::Options options;
    options.needsSchema = schema == Schema::Current;
    options.password = [this](const Address&) { return findPassword(); };
    m_store = std::make_unique<Store>([this] { return findAddress(); }, options);
    connect(m_store.get(), &Store::stateChanged, this, &StoreAccess::onState);
}

QFuture<Result<Address>> StoreAccess::findAddress()
{
    if (!m_private)
        return QtFuture::makeReadyFuture(Result<Address>(m_address));
    const auto found = m_private->address();
    whenDone(found, this, [this](const Result<Address>& address) {
        if (address)
            m_address = *address;
    });
    return found;
}

Result<QByteArray> StoreAccess::fromTerminal()
{
    const QString question = tr("Password of %1 for %2: ").arg(m_address.user(), m_address.hosts().first().text());
    auto typed = m_passwordStdin ? readSecretLine() : askSecret(question);
    m_typed = typed && !m_passwordStdin;
    return typed;
}

QFuture<Result<QByteArray>> StoreAccess::findPassword()
{
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    const auto answer = [this, promise](const Result<QByteArray>& password) {
        if (password)
            m_password = *password;
        promise->addResult(password);
        promise->finish();
    };
    if (m_passwordStdin || m_source == Source::Terminal) {
        answer(fromTerminal());
        return promise->future();
    }
    m_keychain = openCredentials(m_clock);
    whenDone(m_keychain->read(m_address.text()), this, [this, answer](const Result<std::optional<QByteArray>>& kept) {
        if (kept && *kept) {
            m_source = Source::Terminal; // next, should this one be refused
            answer(**kept);
        } else {
            answer(fromTerminal());
        }
    });
    return promise->future();
}

void StoreAccess::onState()
{
    const store::StoreStatus& status = m_store->status();
    switch (status.state) {
    case Store::State::Ready:
        if (m_typed && m_savePassword && m_keychain) {
            whenDone(m_keychain->write(m_address.text(), m_password), this, [this](const Result<void>& kept) {
                if (!kept)
                    printError(kept.error());
                finish({});
            });
            return;
        }
        finish({});
        return;
    case Store::State::Failed:
        // What the keychain holds may be old: the person knows the new one.
        if (status.error->kind == Error::Kind::Unauthorized && m_source == Source::Terminal && !m_typed &&
            canAskSecret()) {
            printError(*status.error);
            m_store->reconnect();
            return;
        }
        finish(status.error);
        return;
    default:
        if (status.error) // a cockpit tries again, a command says why
            finish(status.error);
    }
}

void StoreAccess::finish(std::optional<Error> error)
{
    if (const Opened opened = std::exchange(m_opened, {}))
        opened(std::move(error));
}

} // namespace wk::ctl
