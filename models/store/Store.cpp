// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Store.h"

#include "core/BackgroundThread.h"
#include "core/Future.h"
#include "core/ReceiverLink.h"
#include "store/Migrations.h"
#include "store/StoreWorker.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>

namespace wk::store {

using namespace Qt::StringLiterals;

class Store::Private
{
public:
    /// What the store's thread works with, and holds on to after the Store is gone until it has cleared up.
    struct Room
    {
        explicit Room(QObject* owner) : home(owner) {}

        ReceiverLink home;
        SystemClock clock;
        std::unique_ptr<StoreWorker> worker; ///< of the thread
    };
    using Finish = std::function<void(Result<Rows>)>;

    Private(Store* owner, AddressSource source, Options wanted)
        : q(owner), address(std::move(source)), password(wanted.password), room(std::make_shared<Room>(owner)),
          thread(u"store"_s)
    {
        thread.post([room = room, options = std::move(wanted), outbox = outbox(), schema = newestSchema()] {
            room->worker =
                std::make_unique<StoreWorker>(options, options.clock ? *options.clock : room->clock, schema, outbox);
            room->worker->start();
        });
    }

    ~Private()
    {
        room->home.close();
        thread.post([room = room] { room->worker.reset(); });
        const auto left = std::exchange(pending, {});
        for (const Finish& finish : left)
            finish(fail(Error::Kind::Cancelled, tr("The store was closed.")));
    }

    /// What the worker tells: brought to this side, where this object still exists or nothing happens.
    StoreWorker::Outbox outbox()
    {
        const auto home = [room = room](auto work) { room->home.post(std::move(work)); };
        StoreWorker::Outbox box;
        box.status = [this, home](StoreStatus s) {
            home([this, s = std::move(s)] {
                status = s;
                emit q->stateChanged();
            });
        };
        box.answer = [this, home](quint64 id, Result<Rows> rows) {
            home([this, id, r = std::move(rows)] {
                if (const Finish finish = pending.take(id))
                    finish(r);
            });
        };
        box.notified = [this, home](const QByteArray& payload) {
            home([this, notice = QJsonDocument::fromJson(payload).object()] { emit q->notified(notice); });
        };
        box.resynchronise = [this, home] { home([this] { emit q->resynchronise(); }); };
        box.askAddress = [this, home](quint64 round) {
            home([this, round] {
                whenDone(address(), q, [this, round](const Result<Address>& a) {
                    toWorker([round, a](StoreWorker& worker) { worker.setAddress(round, a); });
                });
            });
        };
        box.askPassword = [this, home](quint64 round, const Address& a) {
            home([this, round, a] {
                whenDone(password(a), q, [this, round](const Result<QByteArray>& p) {
                    toWorker([round, p](StoreWorker& worker) { worker.setPassword(round, p); });
                });
            });
        };
        return box;
    }

    template <typename F>
    void toWorker(F&& f)
    {
        thread.post([room = room, f = std::forward<F>(f)]() mutable { f(*room->worker); });
    }

    /// Hands a statement to the thread; its answer, converted, fulfils the future.
    template <typename T>
    QFuture<Result<T>> submit(StoreWorker::Task task, std::function<Result<T>(const Rows&)> convert)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        task.id = ++lastId;
        pending.insert(task.id, [promise, convert = std::move(convert)](const Result<Rows>& rows) {
            promise->addResult(rows ? convert(*rows) : Result<T>(fail(rows.error())));
            promise->finish();
        });
        auto future = promise->future();
        toWorker([task = std::move(task)](StoreWorker& worker) { worker.submit(task); });
        return future;
    }

    Store* q;
    AddressSource address;
    PasswordSource password;
    StoreStatus status;
    QHash<quint64, Finish> pending;
    quint64 lastId = 0;
    std::shared_ptr<Room> room;
    BackgroundThread thread;
};

Store::Store(AddressSource address, Options options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(address), std::move(options)))
{
}

Store::Store(const Address& address, Options options, QObject* parent)
    : Store(fixedAddress(address), std::move(options), parent)
{
}

Store::Store(const Address& address, QObject* parent) : Store(address, Options{}, parent) {}

Store::~Store() = default;

const StoreStatus& Store::status() const { return d->status; }

QFuture<Result<Rows>> Store::query(const QByteArray& sql, const Parameters& parameters, Statement kind)
{
    return d->submit<Rows>({0, sql, parameters, kind, 0}, [](const Rows& rows) { return rows; });
}

QFuture<Result<QJsonValue>> Store::call(const QString& function, const Parameters& arguments, Statement kind)
{
    QByteArray sql = "SELECT watchkeeper." + function.toUtf8() + '(';
    for (qsizetype i = 0; i < arguments.size(); ++i)
        sql += (i > 0 ? ", $" : "$") + QByteArray::number(i + 1);
    return d->submit<QJsonValue>({0, sql + ')', arguments, kind, 0}, [](const Rows& rows) { return rows.json(0, 0); });
}

QFuture<Result<Rows>> Store::script(const QByteArray& sql)
{
    return d->submit<Rows>({0, sql, std::nullopt, Statement::Write, 0}, [](const Rows& rows) { return rows; });
}

void Store::reconnect()
{
    d->toWorker([](StoreWorker& worker) { worker.restart(); });
}

Store::AddressSource fixedAddress(const Address& address)
{
    return [address] { return QtFuture::makeReadyFuture(Result<Address>(address)); };
}

} // namespace wk::store
