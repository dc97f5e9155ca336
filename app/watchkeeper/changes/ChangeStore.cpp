// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/changes/ChangeStore.h"

#include "changes/SecretUses.h"
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

ChangeStore::ChangeStore(Clock& clock, secrets::Credentials& credentials, const QString& text, QObject* parent)
    : QObject(parent), m_clock(clock), m_text(text), m_credentials(credentials)
{
    connect(&m_credentials, &secrets::Credentials::secretChanged, this, [this](const QString& name) {
        if (m_store && !m_text.isEmpty() && name == m_address.text() &&
            m_store->status().state != store::Store::State::Ready)
            m_store->reconnect();
    });
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
    whenDone(m_credentials.read(m_address.text()), this, [promise](const Result<std::optional<QByteArray>>& kept) {
        if (kept && *kept)
            promise->addResult(**kept);
        else
            promise->addResult(
                fail(Error::Kind::Unauthorized, tr("The store asks for a password, and none is known here."),
                     kept ? QString() : kept.error().text(),
                     tr("Enter it in the settings, below Change store, or on the page of credentials.")));
        promise->finish();
    });
    return promise->future();
}

void ChangeStore::setPassword(const QByteArray& password)
{
    const secrets::SecretUse use = changes::secretUse(m_address);
    // It was typed to be used now, whatever the keychain will say.
    whenDone(m_credentials.keep(use.name, use.kind, password, secrets::Keep::Session), this,
             [](const Result<void>&) {});
    whenDone(m_credentials.keep(use.name, use.kind, password, secrets::Keep::Keychain), this,
             [this](const Result<void>& kept) {
                 if (!kept)
                     emit notice(tr("The password is known until Watchkeeper ends: %1").arg(kept.error().sentence));
             });
}

} // namespace wk::app
