// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChangeStore.h"

#include "core/Future.h"

#include <QtCore/QDir>
#include <QtCore/QPromise>
#include <QtCore/QStandardPaths>

namespace wk::app {

using namespace Qt::StringLiterals;
using store::Address;

namespace {

/// The ends of the stores' audit chains as this workstation saw them last; watchkeeperctl keeps the same file.
QString headsFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/audit-heads.json"_s;
}

} // namespace

ChangeStore::ChangeStore(Clock& clock, const QString& text, QObject* parent)
    : QObject(parent), m_clock(clock), m_text(text), m_keychain(clock, secrets::KeychainStore::service())
{
}

ChangeStore::~ChangeStore() = default;

Result<void> ChangeStore::open()
{
    store::Store::Options options;
    store::Store::AddressSource source;
    if (m_text.isEmpty()) {
        m_private = std::make_unique<store::PrivateServer>();
        source = [this] { return m_private->address(); };
    } else {
        const auto address = Address::parse(m_text);
        if (!address)
            return fail(address.error());
        m_address = *address;
        options.password = [this](const Address&) { return findPassword(); };
        source = store::fixedAddress(m_address);
    }
    m_store = std::make_unique<store::Store>(std::move(source), options);
    m_ledger = std::make_unique<changes::StoreLedger>(*m_store);
    changes::Requests::Options desk;
    desk.headsFile = headsFile();
    desk.storeName = m_text.isEmpty() ? m_private->directory() : m_address.text();
    m_desk = std::make_unique<changes::Requests>(*m_store, desk);
    m_unapproved = std::make_unique<changes::UnapprovedBook>(*m_store, m_clock);
    return {};
}

QFuture<Result<QByteArray>> ChangeStore::findPassword()
{
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    const auto answer = [promise](Result<QByteArray> password) {
        promise->addResult(std::move(password));
        promise->finish();
    };
    if (!m_password.isEmpty()) {
        answer(m_password);
        return promise->future();
    }
    whenDone(m_keychain.read(m_address.text()), this, [answer](const Result<std::optional<QByteArray>>& kept) {
        if (kept && *kept)
            answer(**kept);
        else
            answer(fail(Error::Kind::Unauthorized, tr("The store asks for a password, and none is known here."),
                        kept ? QString() : kept.error().text(), tr("Enter it in the settings, below Change store.")));
    });
    return promise->future();
}

void ChangeStore::setPassword(const QByteArray& password)
{
    m_password = password;
    // Without a keychain it is known for as long as this program runs.
    whenDone(m_keychain.write(m_address.text(), password), this, [](const Result<void>&) {});
    if (m_store)
        m_store->reconnect();
}

} // namespace wk::app
