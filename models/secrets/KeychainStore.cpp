// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeychainStore.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QPointer>
#include <QtCore/QPromise>

#include <qt6keychain/keychain.h>

namespace wk::secrets {

using namespace Qt::StringLiterals;

/// One call of the keychain. The job deletes itself when the keychain has answered, however late that is: its callbacks
/// hold on to it.
struct KeychainStore::Task
{
    QPointer<QKeychain::Job> job;
    std::function<QKeychain::Job*()> again; ///< for a question that a keychain locked meanwhile answers with "no"
    std::function<void(std::optional<Error>)> finish;
    std::shared_ptr<void> limit;
};

KeychainStore::KeychainStore(Clock& clock, QString service, QObject* parent)
    : QObject(parent), m_clock(clock), m_service(std::move(service))
{
}

KeychainStore::~KeychainStore()
{
    const Error error{Error::Kind::Cancelled, tr("The keychain is no longer asked."), {}, {}};
    for (const TaskPtr& task : std::exchange(m_running, {})) {
        if (task->job)
            task->job->disconnect(this); // deletes itself when it has ended
        task->finish(error);
    }
    for (const TaskPtr& task : std::exchange(m_waiting, {})) {
        delete task->job; // never started
        task->finish(error);
    }
}

Error KeychainStore::denied(const QString& detail)
{
    return {Error::Kind::Forbidden, tr("The keychain denies access to Watchkeeper."), detail,
            tr("Allow it where the keychain asks, or keep the secret only until Watchkeeper ends.")};
}

std::optional<Error> KeychainStore::errorOf(const QKeychain::Job& job)
{
    switch (job.error()) {
    case QKeychain::NoError:
    case QKeychain::EntryNotFound: return std::nullopt;
    case QKeychain::AccessDenied:
        return Error{Error::Kind::Unauthorized, tr("The keychain is locked, and was not unlocked."), job.errorString(),
                     tr("Unlock it and try again, or keep the secret only until Watchkeeper ends.")};
    case QKeychain::AccessDeniedByUser: return denied(job.errorString());
    default:
        // What the bus or a profile of the system forbids comes as any other failure, and is told apart by its words.
        if (job.errorString().contains(u"DBus.Error.AccessDenied") ||
            job.errorString().contains(u"Rejected send message") || job.errorString().contains(u"AppArmor policy"))
            return denied(job.errorString());
        return Error{Error::Kind::Unsupported, tr("There is no keychain that works here."), job.errorString(),
                     tr("Start gnome-keyring or KWallet, or keep the secret only until Watchkeeper ends.")};
    }
}

void KeychainStore::settle(const TaskPtr& task, std::optional<Error> error)
{
    if (std::erase(m_running, task) == 0)
        return; // was given up already
    task->limit.reset();
    if (error)
        m_works = false; // probed again before the next use
    if (!error && task->again && isOld() && task->job && task->job->error() == QKeychain::EntryNotFound) {
        task->job = std::exchange(task->again, {})();
        m_works = false;
        enqueue(task);
        return;
    }
    task->finish(std::move(error));
}

bool KeychainStore::isOld() const { return m_clock.monotonicMs() - m_probedMs > TrustMs; }

void KeychainStore::enqueue(const TaskPtr& task)
{
    if (m_works) {
        launch(task, LimitMs);
        return;
    }
    m_waiting.push_back(task);
    if (!m_probing)
        probe();
}

void KeychainStore::launch(const TaskPtr& task, qint64 limitMs)
{
    m_running.push_back(task);
    connect(task->job, &QKeychain::Job::finished, this,
            [this, task](QKeychain::Job* job) { settle(task, errorOf(*job)); });
    task->limit = m_clock.after(this, limitMs, [this, task, limitMs] {
        settle(task, Error{Error::Kind::Unsupported,
                           tr("The keychain does not answer: nothing came for %1 s.").arg(limitMs / 1000),
                           {},
                           tr("Look for its window and unlock it, or keep the secret only until Watchkeeper ends.")});
    });
    task->job->start();
}

void KeychainStore::probe()
{
    m_probing = true;
    const QString name = u"probe-%1"_s.arg(QCoreApplication::applicationPid());
    auto* writing = new QKeychain::WritePasswordJob(m_service);
    writing->setKey(name);
    writing->setBinaryData("watchkeeper");
    auto task = std::make_shared<Task>();
    task->job = writing;
    task->finish = [this, name](const std::optional<Error>& error) {
        if (error) {
            endProbe(error);
            return;
        }
        auto* removing = new QKeychain::DeletePasswordJob(m_service);
        removing->setKey(name);
        auto last = std::make_shared<Task>();
        last->job = removing;
        last->finish = [this](const std::optional<Error>& failed) { endProbe(failed); };
        launch(last, LimitMs);
    };
    launch(task, LimitMs);
}

void KeychainStore::endProbe(const std::optional<Error>& error)
{
    m_probing = false;
    m_works = !error;
    m_probedMs = m_clock.monotonicMs();
    for (const TaskPtr& task : std::exchange(m_waiting, {})) {
        if (!error) {
            launch(task, LimitMs);
            continue;
        }
        delete task->job; // never started
        task->finish(error);
    }
}

template <typename T>
QFuture<Result<T>> KeychainStore::start(QKeychain::Job* job, std::function<Result<T>(QKeychain::Job*)> convert,
                                        std::function<QKeychain::Job*()> again)
{
    job->setInsecureFallback(false); // which is the default, and has to stay so
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    auto task = std::make_shared<Task>();
    task->job = job;
    task->again = std::move(again);
    task->finish = [promise, convert = std::move(convert), raw = task.get()](std::optional<Error> error) {
        promise->addResult(error ? Result<T>(fail(std::move(*error))) : convert(raw->job));
        promise->finish();
    };
    enqueue(task);
    return promise->future();
}

QFuture<Result<std::optional<QByteArray>>> KeychainStore::read(const QString& name)
{
    using Read = std::optional<QByteArray>;
    const auto make = [service = m_service, name]() -> QKeychain::Job* {
        auto* job = new QKeychain::ReadPasswordJob(service);
        job->setKey(name);
        return job;
    };
    return start<Read>(
        make(),
        [](QKeychain::Job* done) -> Result<Read> {
            if (done->error() == QKeychain::EntryNotFound)
                return Read();
            return Read(static_cast<QKeychain::ReadPasswordJob*>(done)->binaryData());
        },
        make);
}

QFuture<Result<void>> KeychainStore::write(const QString& name, const QByteArray& secret)
{
    auto* job = new QKeychain::WritePasswordJob(m_service);
    job->setKey(name);
    job->setBinaryData(secret);
    return start<void>(job, [](QKeychain::Job*) { return Result<void>(); });
}

QFuture<Result<void>> KeychainStore::remove(const QString& name)
{
    auto* job = new QKeychain::DeletePasswordJob(m_service);
    job->setKey(name);
    return start<void>(job, [](QKeychain::Job*) { return Result<void>(); });
}

} // namespace wk::secrets
