// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/api/WatchStream.h"

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {
/// Beyond this many unread changes a watcher is too slow to be served (kube-apiserver drops at 100 to 1000 and its own
/// budget).
constexpr std::size_t maxUnread = 20'000;
} // namespace

WatchStream::WatchStream(ObjectStore& store, HttpConnection& connection, Encoder encoder, Options options,
                         std::shared_ptr<ApiServer::Counters> counters)
    : m_store(store), m_connection(connection), m_encoder(std::move(encoder)), m_options(std::move(options)),
      m_counters(std::move(counters))
{
    ++m_counters->watches;
    m_connection.begin(200, m_encoder.contentType(true), [this] { pump(); });
    m_timeout.setSingleShot(true);
    // The connection releases this object while ending the answer, so that is the last thing done.
    QObject::connect(
        &m_timeout, &QTimer::timeout, &m_connection, [c = &m_connection] { c->end(); }, Qt::QueuedConnection);
    m_timeout.start(m_options.timeoutSeconds * 1000);
    QObject::connect(&m_bookmark, &QTimer::timeout, &m_bookmark, [this] { bookmark(); });
    if (m_options.bookmarks)
        m_bookmark.start(m_options.bookmarkSeconds * 1000);
}

WatchStream::~WatchStream() { --m_counters->watches; }

void WatchStream::startWithState(bool endMark)
{
    for (const ObjectPtr& o : m_store.list(m_options.resource, m_options.space))
        if (m_options.selector.matches(*o))
            m_queue.push_back({"ADDED", o, o->revision});
    if (endMark)
        m_queue.push_back({nullptr, {}, m_store.revision()});
    m_subscription = m_store.observe(m_options.resource, [this](const Change& c) { take(c); });
    pump();
}

void WatchStream::startAfter(qint64 revision)
{
    const auto changes = m_store.changesAfter(m_options.resource, revision);
    if (!changes) {
        m_connection.write(m_encoder.errorEvent(statusObject(410, u"Expired"_s, changes.error().sentence)));
        m_timeout.start(0);
        return;
    }
    m_subscription = m_store.observe(m_options.resource, [this](const Change& c) { take(c); });
    for (const Change& c : *changes)
        take(c);
}

void WatchStream::take(const Change& change)
{
    if (!m_options.space.isEmpty() && change.object->space != m_options.space)
        return;
    const char* type = change.type == ChangeType::Added      ? "ADDED"
                       : change.type == ChangeType::Modified ? "MODIFIED"
                                                             : "DELETED";
    if (!m_options.selector.empty()) {
        // An object that enters or leaves the selection is added or deleted for this watcher.
        const bool before = change.previous && m_options.selector.matches(*change.previous);
        const bool now = change.type != ChangeType::Deleted && m_options.selector.matches(*change.object);
        if (!before && !now)
            return;
        type = before && now ? "MODIFIED" : now ? "ADDED" : "DELETED";
    }
    if (m_queue.size() >= maxUnread) {
        ++m_counters->dropped;
        m_subscription.reset();
        m_connection.abort();
        return;
    }
    m_queue.push_back({type, change.object, change.revision});
    pump();
}

void WatchStream::pump()
{
    while (!m_queue.empty() && m_connection.writable()) {
        const Item item = m_queue.front();
        m_queue.pop_front();
        m_connection.write(item.type ? m_encoder.watchEvent(item.type, item.object)
                                     : m_encoder.bookmark(item.revision, true));
    }
}

void WatchStream::bookmark()
{
    // Only a watcher that has everything may be told that it has.
    if (m_queue.empty() && m_connection.writable())
        m_connection.write(m_encoder.bookmark(m_store.revision(), false));
}

} // namespace wk::fleet
