// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Prompt.h"
#include "core/Future.h"
#include "secrets/KeychainStore.h"

#include <QtCore/QCoreApplication>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::ctl::Secret)
};

/// The keychain, until it has answered.
class Secret final : public QObject
{
public:
    Secret() : m_keychain(m_clock, secrets::KeychainStore::service()) {}

    template <typename T, typename F>
    void then(QFuture<Result<T>> future, F said)
    {
        whenDone(future, this, [said](const Result<T>& result) {
            if (!result) {
                printError(result.error());
                QCoreApplication::exit(exitCodeOf(result.error()));
                return;
            }
            if constexpr (std::is_void_v<T>)
                QCoreApplication::exit(said());
            else
                QCoreApplication::exit(said(*result));
        });
    }
    [[nodiscard]] secrets::KeychainStore& keychain() { return m_keychain; }

private:
    SystemClock m_clock;
    secrets::KeychainStore m_keychain;
};

int usageError()
{
    printError({Error::Kind::BadInput,
                Texts::tr("secret takes one of set, remove and check, and the name of an entry"),
                {},
                Texts::tr("For example: watchkeeperctl secret set shop/prometheus")});
    return Usage;
}

} // namespace

int runSecret(const Arguments& arguments, Running& running)
{
    const QString deed = arguments.words.value(0), name = arguments.words.value(1);
    if (arguments.words.size() != 2 || name.isEmpty())
        return usageError();
    auto secret = std::make_unique<Secret>();
    Secret& asked = *secret;
    if (deed == u"set") {
        const auto value = askNewSecret(Texts::tr("Password or token for %1: ").arg(name), Texts::tr("Once more: "));
        if (!value) {
            printError(value.error());
            return exitCodeOf(value.error());
        }
        asked.then(asked.keychain().write(name, *value), [name] {
            printLine(Texts::tr("The keychain keeps %1.").arg(name));
            return int(Done);
        });
    } else if (deed == u"remove") {
        asked.then(asked.keychain().remove(name), [name] {
            printLine(Texts::tr("The keychain has no %1 any more.").arg(name));
            return int(Done);
        });
    } else if (deed == u"check") {
        asked.then(asked.keychain().read(name), [name](const std::optional<QByteArray>& value) {
            printLine(value ? Texts::tr("The keychain has %1.").arg(name)
                            : Texts::tr("The keychain has no entry %1.").arg(name));
            return value ? int(Done) : int(Refused);
        });
    } else {
        return usageError();
    }
    running = std::move(secret);
    return -1;
}

} // namespace wk::ctl
