// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/PrivateServer.h"

#include "store/ServerHost.h"

#include <QtCore/QDir>
#include <QtCore/QPromise>
#include <QtCore/QStandardPaths>
#include <QtCore/QThread>

#include <unistd.h>

namespace wk::store {

using namespace Qt::StringLiterals;

class PrivateServer::Private
{
public:
    using Promise = std::shared_ptr<QPromise<Result<Address>>>;

    Private(PrivateServer* owner, Setup wanted) : q(owner), setup(std::move(wanted)), host(setup, stop)
    {
        thread.setObjectName(u"private store"_s);
        anchor.moveToThread(&thread);
        thread.start();
    }

    ~Private()
    {
        stop = true; // whatever waits on the thread looks at it
        thread.quit();
        thread.wait();
        host.release();
        for (const Promise& promise : std::exchange(waiting, {}))
            fulfil(promise, fail(Error::Kind::Cancelled, tr("The start of your own store was called off.")));
    }

    static void fulfil(const Promise& promise, const Result<Address>& result)
    {
        promise->addResult(result);
        promise->finish();
    }

    QFuture<Result<Address>> address()
    {
        auto promise = std::make_shared<QPromise<Result<Address>>>();
        promise->start();
        waiting.append(promise);
        if (waiting.size() == 1) {
            QMetaObject::invokeMethod(
                &anchor,
                [this] {
                    const auto result = host.start();
                    QMetaObject::invokeMethod(
                        q, [this, result] { answer(result); }, Qt::QueuedConnection);
                },
                Qt::QueuedConnection);
        }
        return promise->future();
    }

    void answer(const Result<Address>& result)
    {
        for (const Promise& promise : std::exchange(waiting, {}))
            fulfil(promise, result);
    }

    PrivateServer* q;
    Setup setup;
    std::atomic<bool> stop = false;
    ServerHost host; ///< of the thread, until that has ended
    QList<Promise> waiting;
    QThread thread;
    QObject anchor; ///< on the thread: receives what is to be run there
};

PrivateServer::PrivateServer(Setup setup, QObject* parent) : QObject(parent)
{
    if (setup.directory.isEmpty())
        setup.directory = defaultDirectory();
    d = std::make_unique<Private>(this, std::move(setup));
}

PrivateServer::~PrivateServer() = default;

QFuture<Result<Address>> PrivateServer::address() { return d->address(); }

const QString& PrivateServer::directory() const { return d->setup.directory; }

QString PrivateServer::defaultDirectory()
{
    if (const QString wanted = qEnvironmentVariable("WATCHKEEPER_PRIVATE_STORE"); !wanted.isEmpty())
        return QDir::cleanPath(QDir::current().absoluteFilePath(wanted));
    if (geteuid() == 0)
        return u"/var/lib/watchkeeper/store"_s;
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/watchkeeper/store"_s;
}

} // namespace wk::store
