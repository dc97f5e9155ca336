// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/PrivateServer.h"

#include "core/BackgroundThread.h"
#include "core/ReceiverLink.h"
#include "store/ServerHost.h"

#include <QtCore/QDir>
#include <QtCore/QPromise>
#include <QtCore/QStandardPaths>

#include <unistd.h>

namespace wk::store {

using namespace Qt::StringLiterals;

class PrivateServer::Private
{
public:
    using Promise = std::shared_ptr<QPromise<Result<Address>>>;

    /// What the thread works with, and holds on to after the PrivateServer is gone until it has let go of the server.
    struct Room
    {
        Room(QObject* owner, const Setup& setup) : home(owner), host(setup, stop) {}

        ReceiverLink home;
        std::atomic<bool> stop = false; ///< whatever waits on the thread looks at it
        ServerHost host;                ///< of the thread
    };

    Private(PrivateServer* owner, const Setup& wanted)
        : setup(wanted), room(std::make_shared<Room>(owner, wanted)), thread(u"private store"_s)
    {
    }

    ~Private()
    {
        room->home.close();
        room->stop = true;
        thread.post([room = room] { room->host.release(); });
        answer(fail(Error::Kind::Cancelled, tr("The start of your own store was called off.")));
    }

    QFuture<Result<Address>> address()
    {
        auto promise = std::make_shared<QPromise<Result<Address>>>();
        promise->start();
        waiting.append(promise);
        if (waiting.size() == 1) {
            thread.post(
                [this, room = room] { room->home.post([this, result = room->host.start()] { answer(result); }); });
        }
        return promise->future();
    }

    void answer(const Result<Address>& result)
    {
        for (const Promise& promise : std::exchange(waiting, {})) {
            promise->addResult(result);
            promise->finish();
        }
    }

    Setup setup;
    QList<Promise> waiting;
    std::shared_ptr<Room> room;
    BackgroundThread thread;
};

PrivateServer::PrivateServer(Setup setup, QObject* parent) : QObject(parent)
{
    if (setup.directory.isEmpty())
        setup.directory = defaultDirectory();
    d = std::make_unique<Private>(this, setup);
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
