// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/connection/ReflectorFeed.h"

/// Internal to ReflectorFeed.
namespace wk::cluster {

/// One list+watch of the table with its rows.
class ReflectorFeed::Part final : public ReflectorSink
{
public:
    Part(ReflectorFeed& feed, const QString& space)
        : m_feed(feed),
          m_store([&feed](const table::RowPtr& before, const table::RowPtr& after) { feed.onRow(before, after); }),
          m_space(space)
    {
        makeReflector();
    }

    void makeReflector()
    {
        const Setup& s = m_feed.m_setup;
        Services& v = m_feed.m_services;
        m_reflector =
            std::make_unique<Reflector>(s.kind, m_space, s.renderer, v.transport, v.clock, v.random, s.options, *this);
    }

    void listBegan(bool initial) override
    {
        // A first list that was cut off left rows behind, which a person sees already: the next one replaces them at
        // once.
        m_store.beginList(initial && m_store.size() == 0);
    }
    void listed(Decoded&& object) override
    {
        ++m_feed.m_services.objects;
        m_feed.noteVersion(object);
        m_store.listed(std::move(object));
    }
    void listEnded() override
    {
        m_store.commitList();
        emit m_feed.contentChanged();
    }
    void listFailed() override { m_store.abandonList(); }
    void changed(WatchEvent::Type type, Decoded&& object) override
    {
        ++m_feed.m_services.events;
        if (type == WatchEvent::Type::Deleted) {
            m_store.remove(object);
        } else {
            m_feed.noteVersion(object);
            m_store.upsert(std::move(object));
        }
        emit m_feed.contentChanged();
    }
    void statusChanged() override { m_feed.onStatus(); }

    ReflectorFeed& m_feed;
    RowStore m_store;
    QString m_space;
    std::unique_ptr<Reflector> m_reflector;
};

} // namespace wk::cluster
