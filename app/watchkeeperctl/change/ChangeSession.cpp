// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeSession.h"

#include "core/Duration.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QStandardPaths>
#include <QtCore/QTimer>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::DeskStatus;

namespace {

/// The ends of the stores' audit chains, as this workstation saw them last; the cockpit keeps the same file.
QString headsFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/audit-heads.json"_s;
}

int exitCodeFor(const Error& error)
{
    // Unauthorized is a one-time code here: the store has let us in already.
    return error.kind == Error::Kind::Network || error.kind == Error::Kind::Tls ? NoConnection : Refused;
}

} // namespace

ChangeSession::ChangeSession(const Arguments& arguments) : m_arguments(arguments), m_clusters(m_arguments, m_clock) {}

ChangeSession::~ChangeSession() = default;

void ChangeSession::openDesk(std::function<void()> then)
{
    auto access = StoreAccess::make(m_arguments);
    if (!access) {
        printError(access.error());
        finish(Usage);
        return;
    }
    m_access = std::move(*access);
    m_then = std::move(then);
    m_access->open(StoreAccess::Schema::Current, [this](const std::optional<Error>& error) {
        if (error) {
            printError(*error);
            finish(NoConnection);
            return;
        }
        changes::Requests::Options options;
        options.headsFile = headsFile();
        options.storeName = m_access->address().text();
        m_desk = std::make_unique<changes::Requests>(store(), options);
        connect(m_desk.get(), &changes::ChangeDesk::changed, this, &ChangeSession::onDesk);
        onDesk();
    });
}

void ChangeSession::onDesk()
{
    if (!m_then)
        return;
    const DeskStatus& status = m_desk->status();
    if (status.state == DeskStatus::State::Failed || (status.state == DeskStatus::State::Stale && status.error)) {
        m_then = nullptr;
        fail(*status.error);
        return;
    }
    if (status.state != DeskStatus::State::Current)
        return;
    if (status.record)
        printError(*status.record);
    std::exchange(m_then, nullptr)();
}

void ChangeSession::withDetail(qint64 number, std::function<void(const changes::RequestDetail&)> then)
{
    with(m_desk->detail(number), std::move(then));
}

void ChangeSession::withRequest(std::function<void(const changes::RequestDetail&)> then)
{
    bool ok = false;
    const qint64 number = word(0).toLongLong(&ok);
    if (!ok || number < 1) {
        misuse(tr("\"%1\" is not the number of a request").arg(word(0)));
        return;
    }
    withDetail(number, std::move(then));
}

void ChangeSession::finish(int code)
{
    if (std::exchange(m_finished, true))
        return;
    std::fflush(stdout);
    // Not from inside a signal of what goes with us.
    QTimer::singleShot(0, qApp, [code] { QCoreApplication::exit(code); });
}

void ChangeSession::fail(const Error& error)
{
    if (m_finished || error.kind == Error::Kind::Cancelled)
        return;
    printError(error);
    finish(exitCodeFor(error));
}

void ChangeSession::misuse(const QString& sentence)
{
    printError({Error::Kind::BadInput, sentence, {}, tr("Run `watchkeeperctl help` for the options")});
    finish(Usage);
}

int runSubCommand(std::span<const SubCommand> commands, const Arguments& arguments, Running& running)
{
    auto session = std::make_unique<ChangeSession>(arguments);
    const QString verb = arguments.verb, name = arguments.words.value(0);
    const auto refuse = [](const QString& sentence) {
        printError(
            {Error::Kind::BadInput, sentence, {}, ChangeSession::tr("Run `watchkeeperctl help` for the options")});
        return Usage;
    };
    const auto command = std::ranges::find(commands, name, &SubCommand::name);
    if (command == commands.end()) {
        QStringList names;
        for (const SubCommand& known : commands)
            names << known.name;
        return refuse(name.isEmpty()
                          ? ChangeSession::tr("Say what: %1 %2").arg(verb, names.join(u", "_s))
                          : ChangeSession::tr("%1 knows no \"%2\": %3").arg(verb, name, names.join(u", "_s)));
    }
    const qsizetype words = arguments.words.size() - 1;
    if (words < command->least)
        return refuse(ChangeSession::tr("%1 %2 needs another word").arg(verb, name));
    if (words > command->most)
        return refuse(ChangeSession::tr("\"%1\" is one word too many").arg(arguments.words[command->most + 1]));
    for (auto it = arguments.named.begin(); it != arguments.named.end(); ++it) {
        if (!std::ranges::any_of(command->options, [&it](QLatin1StringView known) { return it.key() == known; }))
            return refuse(ChangeSession::tr("%1 %2 takes no option --%3").arg(verb, name, it.key()));
    }
    ChangeSession* const self = session.get();
    running = std::move(session);
    if (command->needsStore)
        self->openDesk([self, run = command->run] { run(*self); });
    else
        command->run(*self);
    return -1;
}

Result<QDateTime> momentOf(const QString& text, const Clock& clock)
{
    std::optional<qint64> ms;
    if (text.startsWith(u'+') || text.startsWith(u'-')) {
        if (const auto length = parseDurationMs(QStringView(text).sliced(1)))
            ms = clock.nowMs() + (text.startsWith(u'-') ? -*length : *length);
    } else if (const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
               time.isValid() && time.timeSpec() != Qt::LocalTime) {
        ms = time.toMSecsSinceEpoch();
    }
    if (!ms)
        return wk::fail(
            Error::Kind::BadInput, ChangeSession::tr("\"%1\" is not a time").arg(text), {},
            ChangeSession::tr("Write 2026-11-21T18:00Z, 2026-11-21T19:00+01:00, or +2h for two hours from now"));
    return QDateTime::fromMSecsSinceEpoch(*ms, Qt::UTC);
}

} // namespace wk::ctl
