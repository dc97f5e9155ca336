// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/api/ApiServer.h"

#include <QtCore/QTimer>

#include <deque>

namespace wk::fleet {

/// One open watch: follows the store, keeps what the peer has not yet read in a bounded queue, and is dropped when the
/// peer falls behind too far. Lives as long as its answer.
class WatchStream
{
public:
    struct Options
    {
        QString resource;
        QString space;
        Selector selector;
        bool bookmarks = false;
        int timeoutSeconds = 1800;
        int bookmarkSeconds = 20;
    };

    WatchStream(ObjectStore& store, HttpConnection& connection, Encoder encoder, Options options,
                std::shared_ptr<ApiServer::Counters> counters);
    ~WatchStream();
    WatchStream(const WatchStream&) = delete;
    WatchStream& operator=(const WatchStream&) = delete;

    /// Every object as ADDED, then what changes; with `endMark` a bookmark says where the first part ends.
    void startWithState(bool endMark);
    /// What changed since; an ERROR event and the end where that is forgotten.
    void startAfter(qint64 revision);

private:
    void take(const Change& change);
    void pump();
    void bookmark();

    ObjectStore& m_store;
    HttpConnection& m_connection;
    Encoder m_encoder;
    Options m_options;
    std::shared_ptr<ApiServer::Counters> m_counters;
    struct Item
    {
        const char* type; ///< null: an initial-events-end bookmark
        ObjectPtr object;
        qint64 revision;
    };
    std::deque<Item> m_queue;
    std::shared_ptr<void> m_subscription;
    QTimer m_timeout;
    QTimer m_bookmark;
};

} // namespace wk::fleet
