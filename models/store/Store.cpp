// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Store.h"

#include "store/Migrations.h"
#include "store/StoreWorker.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>
#include <QtCore/QThread>

namespace wk::store {

using namespace Qt::StringLiterals;

class Store::Private
{
public:
    using Finish = std::function<void(Result<Rows>)>;

    Private(Store* owner, AddressSource source, Options wanted)
        : q(owner), address(std::move(source)), password(wanted.password)
    {
        thread.setObjectName(u"store"_s);
        anchor.moveToThread(&thread);
        thread.start();
        const int schema = newestSchema();
        onThread([this, schema, options = std::move(wanted)] { makeWorker(options, schema); });
    }

    ~Private()
    {
        onThread([this] {
            worker.reset();
            thread.quit();
        });
        thread.wait();
        const auto left = std::exchange(pending, {});
        for (const Finish& finish : left)
            finish(fail(Error::Kind::Cancelled, tr("The store was closed.")));
    }

    template <typename F>
    void onThread(F&& f)
    {
        QMetaObject::invokeMethod(&anchor, std::forward<F>(f), Qt::QueuedConnection);
    }

    template <typename F>
    void toGui(F&& f)
    {
        QMetaObject::invokeMethod(q, std::forward<F>(f), Qt::QueuedConnection);
    }

    void makeWorker(const Options& options, int schema)
    {
        StoreWorker::Outbox outbox;
        outbox.status = [this](StoreStatus s) {
            toGui([this, s = std::move(s)] {
                status = s;
                emit q->stateChanged();
            });
        };
        outbox.answer = [this](quint64 id, Result<Rows> rows) {
            toGui([this, id, r = std::move(rows)] {
                if (const Finish finish = pending.take(id))
                    finish(r);
            });
        };
        outbox.notified = [this](QByteArray payload) {
            toGui([this, notice = QJsonDocument::fromJson(payload).object()] { emit q->notified(notice); });
        };
        outbox.resynchronise = [this] { toGui([this] { emit q->resynchronise(); }); };
        outbox.askAddress = [this](quint64 round) {
            toGui([this, round] {
                address().then(q, [this, round](Result<Address> a) {
                    onThread([this, round, a = std::move(a)] { worker->setAddress(round, a); });
                });
            });
        };
        outbox.askPassword = [this](quint64 round, Address a) {
            toGui([this, round, a = std::move(a)] {
                password(a).then(q, [this, round](Result<QByteArray> p) {
                    onThread([this, round, p = std::move(p)] { worker->setPassword(round, p); });
                });
            });
        };
        worker =
            std::make_unique<StoreWorker>(options, options.clock ? *options.clock : clock, schema, std::move(outbox));
        worker->start();
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
        onThread([this, task = std::move(task)] { worker->submit(task); });
        return future;
    }

    Store* q;
    AddressSource address;
    PasswordSource password;
    SystemClock clock;
    StoreStatus status;
    QHash<quint64, Finish> pending;
    quint64 lastId = 0;
    QThread thread;
    QObject anchor;                      ///< on the thread: receives what is to be run there
    std::unique_ptr<StoreWorker> worker; ///< of the thread
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
    d->onThread([p = d.get()] { p->worker->restart(); });
}

Store::AddressSource fixedAddress(const Address& address)
{
    return [address] { return QtFuture::makeReadyFuture(Result<Address>(address)); };
}

} // namespace wk::store
