// SPDX-License-Identifier: GPL-3.0-or-later
// Linked into programs and tests of the tsan preset only. Qt's libraries are not built with ThreadSanitizer, so it
// cannot see what Qt orders with atomics of its own: that a call posted to another thread runs after the posting, that
// wait() returns after all that the thread did, that the last owner of a future's state comes after the others. These
// wrappers (ld --wrap, cmake/WatchkeeperLibrary.cmake) tell ThreadSanitizer exactly these orders and no other; races
// between our own threads stay visible. Beside them stands clone(), for QProcess.
#include <QtCore/QFutureInterface>
#include <QtCore/QObject>
#include <QtCore/QRunnable>
#include <QtCore/QThread>
#include <QtCore/QThreadPool>

#include <cstdarg>
#include <functional>

extern "C" {
int __clone(int (*run)(void*), void* stack, int flags, void* argument, ...); // the C library's own
void __tsan_acquire(void* address);
void __tsan_release(void* address);
bool __real__ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv(
    QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result);
bool __real__ZN7QThread4waitE14QDeadlineTimer(QThread* thread, QDeadlineTimer deadline);
bool __real__ZNK20QFutureInterfaceBase6derefTEv(const QFutureInterfaceBase* future);
}

namespace {

/// A slot that runs another one, after all that its poster did before.
class OrderedSlot final : public QtPrivate::QSlotObjectBase
{
public:
    explicit OrderedSlot(QtPrivate::QSlotObjectBase* slot) : QSlotObjectBase(&OrderedSlot::run), m_slot(slot)
    {
        __tsan_release(this);
    }

private:
    static void run(int which, QSlotObjectBase* base, QObject* receiver, void** arguments, bool* same)
    {
        auto* self = static_cast<OrderedSlot*>(base);
        __tsan_acquire(self);
        switch (which) {
        case Destroy:
            self->m_slot->destroyIfLastRef();
            delete self;
            break;
        case Call:
            self->m_slot->call(receiver, arguments);
            // Poster and receiver each hold a reference: the last one destroys it, after what the other did with it.
            __tsan_release(self);
            // Whoever waits for this thread to end comes after this call.
            __tsan_release(QThread::currentThread());
            break;
        case Compare: *same = self->m_slot->compare(arguments); break;
        default: break;
        }
    }

    QtPrivate::QSlotObjectBase* m_slot;
};

/// A function for the thread pool, run after all that its poster did before.
class OrderedRunnable final : public QRunnable
{
public:
    explicit OrderedRunnable(std::function<void()> function) : m_function(std::move(function)) { __tsan_release(this); }

    void run() override
    {
        __tsan_acquire(this);
        m_function();
    }

private:
    std::function<void()> m_function;
};

} // namespace

extern "C" {

bool __wrap__ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv(
    QObject* object, QtPrivate::QSlotObjectBase* slot, Qt::ConnectionType type, void* result)
{
    return __real__ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv(
        object, new OrderedSlot(slot), type, result);
}

void __wrap__ZN11QThreadPool5startESt8functionIFvvEEi(QThreadPool* pool, std::function<void()> function, int priority)
{
    pool->start(new OrderedRunnable(std::move(function)), priority);
}

bool __wrap__ZN7QThread4waitE14QDeadlineTimer(QThread* thread, QDeadlineTimer deadline)
{
    const bool ended = __real__ZN7QThread4waitE14QDeadlineTimer(thread, deadline);
    if (ended)
        __tsan_acquire(thread);
    return ended;
}

bool __wrap__ZNK20QFutureInterfaceBase6derefTEv(const QFutureInterfaceBase* future)
{
    // The shared state: the only member, behind the pointer to the virtual functions.
    void* state = reinterpret_cast<void* const*>(future)[1];
    __tsan_release(state);
    const bool shared = __real__ZNK20QFutureInterfaceBase6derefTEv(future);
    if (!shared)
        __tsan_acquire(state);
    return shared;
}

// QProcess starts programs as vfork() does: the child has our memory until it executes the program. ThreadSanitizer's
// own clone() takes it for a copy of the process, forbids it new threads and stops looking at the calling thread, which
// in shared memory is the parent's: from the first QProcess on, the GUI thread's races would go unseen. So clone() is
// the plain one.
__attribute__((visibility("default"))) int clone(int (*run)(void*), void* stack, int flags, void* argument, ...)
{
    va_list rest;
    va_start(rest, argument);
    auto* parent = va_arg(rest, void*);
    auto* storage = va_arg(rest, void*);
    auto* child = va_arg(rest, void*);
    va_end(rest);
    return __clone(run, stack, flags, argument, parent, storage, child);
}

} // extern "C"
