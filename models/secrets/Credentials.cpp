// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/Credentials.h"

#include "core/Future.h"

#include <QtCore/QPromise>

#include <set>

namespace wk::secrets {

using namespace Qt::StringLiterals;
using State = Credentials::Keychain::State;

bool Credential::isMissed() const { return place == Place::Missing && std::ranges::any_of(uses, &SecretUse::needed); }

Credentials::Credentials(std::unique_ptr<SecretStore> keychain, CredentialLedger ledger, QString by, Clock& clock,
                         QObject* parent)
    : QObject(parent), m_keychain(std::move(keychain)), m_ledger(std::move(ledger)), m_by(std::move(by)), m_clock(clock)
{
}

Credentials::~Credentials()
{
    for (auto& [name, held] : m_session)
        held.secret.fill('\0');
}

SecretKind Credentials::kindOf(const QString& name) const
{
    const auto use = std::ranges::find(m_uses, name, &SecretUse::name);
    if (use != m_uses.end())
        return use->kind;
    const auto known = std::ranges::find(m_known, name, &CredentialLedger::Entry::name);
    return known != m_known.end() ? known->kind : SecretKind::Password;
}

/// Of every answer of the keychain; without an error it works.
void Credentials::note(std::optional<Error> error)
{
    if (error && error->kind == Error::Kind::Cancelled)
        return;
    m_state = {error ? State::Failed : m_toLookAt.empty() ? State::Works : State::Asking, std::move(error)};
    emit changed();
}

void Credentials::readLedger()
{
    if (auto entries = m_ledger.read()) {
        m_known = *std::move(entries);
        m_problem.reset();
    } else {
        m_problem = std::move(entries.error());
    }
}

QFuture<Result<std::optional<QByteArray>>> Credentials::read(const QString& name)
{
    using Read = std::optional<QByteArray>;
    if (const auto held = m_session.find(name); held != m_session.end())
        return QtFuture::makeReadyFuture(Result<Read>(held->second.secret));
    const auto asked = m_keychain->read(name);
    whenDone(asked, this, [this, name](const Result<Read>& answer) {
        if (answer)
            m_found[name] = answer->has_value();
        note(answer ? std::nullopt : std::optional(answer.error()));
    });
    return asked;
}

QFuture<Result<void>> Credentials::intoKeychain(const QString& name, SecretKind kind, const QByteArray& secret)
{
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    whenDone(m_keychain->write(name, secret), this, [this, name, kind, promise](const Result<void>& written) {
        if (written) {
            forgetSession(name);
            m_found[name] = true;
            const auto listed = m_ledger.put({name, kind, m_clock.nowMs(), m_by});
            readLedger();
            if (!listed)
                m_problem = listed.error();
        }
        note(written ? std::nullopt : std::optional(written.error()));
        promise->addResult(written);
        promise->finish();
        if (written)
            emit secretChanged(name);
    });
    return promise->future();
}

QFuture<Result<void>> Credentials::write(const QString& name, const QByteArray& secret)
{
    return intoKeychain(name, kindOf(name), secret);
}

QFuture<Result<void>> Credentials::keep(const QString& name, SecretKind kind, const QByteArray& secret, Keep keep)
{
    const auto refused = [](const QString& why) {
        return QtFuture::makeReadyFuture(Result<void>(fail(Error::Kind::BadInput, why)));
    };
    if (name.trimmed().isEmpty())
        return refused(tr("A secret needs a name."));
    if (secret.isEmpty())
        return refused(tr("The secret is empty."));
    if (keep == Keep::Keychain)
        return intoKeychain(name, kind, secret);
    forgetSession(name);
    m_session[name] = {secret, kind, m_clock.nowMs()};
    emit changed();
    emit secretChanged(name);
    return QtFuture::makeReadyFuture(Result<void>());
}

void Credentials::forgetSession(const QString& name)
{
    const auto held = m_session.find(name);
    if (held == m_session.end())
        return;
    held->second.secret.fill('\0');
    m_session.erase(held);
}

QFuture<Result<void>> Credentials::remove(const QString& name)
{
    // What only the session knows is gone without asking anybody.
    readLedger();
    const bool known = std::ranges::find(m_known, name, &CredentialLedger::Entry::name) != m_known.end();
    const auto found = m_found.find(name);
    const bool sessionOnly = m_session.contains(name) && !known && (found == m_found.end() || !found->second);
    forgetSession(name);
    if (sessionOnly) {
        emit changed();
        emit secretChanged(name);
        return QtFuture::makeReadyFuture(Result<void>());
    }
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    whenDone(m_keychain->remove(name), this, [this, name, promise](const Result<void>& removed) {
        if (removed) {
            m_found[name] = false;
            const auto listed = m_ledger.forget(name);
            readLedger();
            if (!listed)
                m_problem = listed.error();
        }
        note(removed ? std::nullopt : std::optional(removed.error()));
        promise->addResult(removed);
        promise->finish();
        emit secretChanged(name);
    });
    return promise->future();
}

void Credentials::setUses(std::vector<SecretUse> uses)
{
    if (m_uses == uses)
        return;
    m_uses = std::move(uses);
    emit changed();
    if (m_looked)
        look(); // at those that are new
}

std::vector<Credential> Credentials::all() const
{
    std::map<QString, Credential> out;
    const auto at = [&](const QString& name) -> Credential& {
        Credential& one = out[name];
        one.name = name;
        return one;
    };
    for (const CredentialLedger::Entry& entry : m_known) {
        Credential& one = at(entry.name);
        one.kind = entry.kind;
        one.sinceMs = entry.sinceMs;
        one.by = entry.by;
    }
    for (const SecretUse& use : m_uses) {
        Credential& one = at(use.name);
        one.kind = use.kind;
        one.uses.push_back(use);
    }
    for (auto& [name, one] : out) {
        const auto found = m_found.find(name);
        if (found != m_found.end())
            one.place = found->second ? Credential::Place::Keychain : Credential::Place::Missing;
    }
    for (const auto& [name, held] : m_session) {
        Credential& one = at(name);
        one.kind = held.kind;
        one.place = Credential::Place::Session;
        one.sinceMs = held.sinceMs;
        one.by = m_by;
    }
    std::vector<Credential> list;
    for (auto& [name, one] : out)
        list.push_back(std::move(one));
    return list;
}

void Credentials::look()
{
    readLedger();
    const bool looking = !m_toLookAt.empty();
    m_looked = true;
    // The last of them is asked; who looks meanwhile adds what is not known yet.
    for (const Credential& one : all()) {
        const bool wanted = one.place != Credential::Place::Session && (!looking || !m_found.contains(one.name));
        if (wanted && std::ranges::find(m_toLookAt, one.name) == m_toLookAt.end())
            m_toLookAt.insert(m_toLookAt.begin(), one.name);
    }
    if (looking)
        return;
    // Whether the keychain works is worth knowing before the first secret is entered.
    if (m_toLookAt.empty())
        m_toLookAt.push_back(u"watchkeeper"_s);
    m_state = {State::Asking, std::nullopt};
    emit changed();
    lookAtNext();
}

void Credentials::lookAtNext()
{
    const QString name = m_toLookAt.back();
    whenDone(m_keychain->read(name), this, [this, name](const Result<std::optional<QByteArray>>& answer) {
        m_toLookAt.pop_back();
        if (!answer) {
            m_toLookAt.clear(); // the next would wait as long, for the same answer
            m_found.clear();
            note(answer.error());
            return;
        }
        m_found[name] = answer->has_value();
        note(std::nullopt);
        if (!m_toLookAt.empty())
            lookAtNext();
    });
}

} // namespace wk::secrets
