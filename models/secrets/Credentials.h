// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "secrets/CredentialLedger.h"
#include "secrets/SecretStore.h"

#include <QtCore/QObject>

#include <map>
#include <memory>

namespace wk::secrets {

/// Where a secret is kept. A file is none of the choices.
enum class Keep { Keychain, Session };

/// One secret, by its name: what it is for, since when and where it is. Never the secret itself.
struct Credential
{
    enum class Place {
        NotAsked, ///< the keychain was not asked yet, or could not be
        Missing,
        Keychain,
        Session, ///< known until the program ends
    };
    QString name;
    SecretKind kind = SecretKind::Password;
    Place place = Place::NotAsked;
    std::optional<qint64> sinceMs; ///< nullopt: it is not known who put it there
    QString by;                    ///< the program that put it there
    std::vector<SecretUse> uses;
    /// Something asks for it and has to go without.
    [[nodiscard]] bool isMissed() const;
    bool operator==(const Credential&) const = default;
};

/// Everything that the person has entrusted to the programs: the keychain, and what is to be known until the program
/// ends only. Whoever needs a secret reads it here, by its name. Nothing is asked of the keychain before somebody reads
/// or looks. What the keychain refuses is never kept elsewhere by itself: the person is told, and may choose
/// Keep::Session.
class Credentials final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    /// How the keychain fared when it was asked last.
    struct Keychain
    {
        enum class State { NotAsked, Asking, Works, Failed };
        State state = State::NotAsked;
        std::optional<Error> error; ///< Unauthorized: locked; Forbidden: denied; else there is none that works
    };

    /// `by` names this program in the ledger. `clock` outlives it.
    Credentials(std::unique_ptr<SecretStore> keychain, CredentialLedger ledger, QString by, Clock& clock,
                QObject* parent = nullptr);
    ~Credentials() override;

    /// Of the session, where there is one; else of the keychain.
    [[nodiscard]] QFuture<Result<std::optional<QByteArray>>> read(const QString& name) override;
    /// Into the keychain.
    [[nodiscard]] QFuture<Result<void>> write(const QString& name, const QByteArray& secret) override;
    /// From wherever it is.
    [[nodiscard]] QFuture<Result<void>> remove(const QString& name) override;
    [[nodiscard]] bool isLasting() const override { return m_keychain->isLasting(); }

    /// In the place of what was there under this name. Fails where the keychain refuses; then nothing is changed.
    [[nodiscard]] QFuture<Result<void>> keep(const QString& name, SecretKind kind, const QByteArray& secret, Keep keep);

    /// What the configuration asks for.
    void setUses(std::vector<SecretUse> uses);
    /// All that is used or was put there, in the order of their names.
    [[nodiscard]] std::vector<Credential> all() const;
    /// Asks the keychain which of all() it has, one after the other; a keychain that fails is asked once only.
    void look();
    [[nodiscard]] const Keychain& keychain() const { return m_state; }
    /// Why the ledger could not be read or written.
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

signals:
    void changed();
    /// The secret of that name is another one, or gone: whoever holds the one before lets go of it.
    void secretChanged(const QString& name);

private:
    [[nodiscard]] SecretKind kindOf(const QString& name) const;
    void lookAtNext();
    void note(std::optional<Error> error);
    void readLedger();
    [[nodiscard]] QFuture<Result<void>> intoKeychain(const QString& name, SecretKind kind, const QByteArray& secret);
    void forgetSession(const QString& name);

    struct Held
    {
        QByteArray secret;
        SecretKind kind = SecretKind::Password;
        qint64 sinceMs = 0;
    };

    std::unique_ptr<SecretStore> m_keychain;
    CredentialLedger m_ledger;
    const QString m_by;
    Clock& m_clock;
    std::map<QString, Held> m_session;
    std::vector<CredentialLedger::Entry> m_known;
    std::vector<SecretUse> m_uses;
    std::map<QString, bool> m_found; ///< what the keychain said, by name
    std::vector<QString> m_toLookAt;
    bool m_looked = false;
    Keychain m_state;
    std::optional<Error> m_problem;
};

} // namespace wk::secrets
