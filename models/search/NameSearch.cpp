// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/NameSearch.h"

#include <QtCore/QElapsedTimer>

#include <algorithm>
#include <atomic>

namespace wk::search {

using namespace Qt::StringLiterals;

bool isBetter(const Hit& a, const Hit& b)
{
    return std::tuple(-a.score, a.list, a.index) < std::tuple(-b.score, b.list, b.index);
}

int searchChunk(const FuzzyMatcher& matcher, const NameList& names, int list, int from, int chunk, int limit,
                std::vector<Hit>& best)
{
    const int end = std::min(names.size(), from + chunk);
    for (int i = from; i < end; ++i) {
        if ((names.mask(i) & matcher.mask()) != matcher.mask())
            continue;
        const auto score = matcher.score(names.folded(i), names.starts(i));
        if (!score)
            continue;
        const Hit hit{list, i, *score};
        if (int(best.size()) == limit && !isBetter(hit, best.back()))
            continue;
        best.insert(std::ranges::upper_bound(best, hit, isBetter), hit);
        if (int(best.size()) > limit)
            best.pop_back();
    }
    return end;
}

/// On the searching thread, but for `generation`.
struct NameSearch::Shared
{
    std::atomic<quint64> generation = 0; ///< of the query that is wanted
    QList<Source> sources;
    QList<NameListPtr> lists; ///< as far as they are made
};

/// One query.
class NameSearch::Run
{
public:
    Run(Shared& shared, ReceiverLink& link, NameSearch* owner, QString query, quint64 generation)
        : m_shared(shared), m_link(link), m_owner(owner), m_query(std::move(query)), m_generation(generation),
          m_matcher(m_query)
    {
        m_sinceTold.start();
    }

    void go()
    {
        for (int list = 0; list < int(m_shared.sources.size()); ++list) {
            if (isStale())
                return;
            if (m_shared.lists.size() <= list)
                m_shared.lists.append(m_shared.sources.at(list)());
            if (!searchList(list))
                return;
        }
        tell(true);
    }

private:
    [[nodiscard]] bool isStale() const { return m_shared.generation.load() != m_generation; }

    bool searchList(int list)
    {
        const NameListPtr names = m_shared.lists.at(list);
        for (int at = 0; names && at < names->size();) {
            if (isStale())
                return false;
            if (m_matcher.isEmpty() && int(m_best.size()) == limit)
                break; // nothing better comes
            at = searchChunk(m_matcher, *names, list, at, chunk, limit, m_best);
            if (m_sinceTold.elapsed() >= (m_told ? stepMs : firstMs) && !m_best.empty())
                tell(false);
        }
        return true;
    }

    void tell(bool complete)
    {
        m_told = true;
        m_sinceTold.restart();
        m_link.post([owner = m_owner, generation = m_generation, query = m_query,
                     hits = QList<Hit>(m_best.begin(), m_best.end()), complete] {
            // What was overtaken on its way is not shown any more.
            if (owner->m_shared->generation.load() == generation)
                emit owner->found(query, hits, complete);
        });
    }

    Shared& m_shared;
    ReceiverLink& m_link;
    NameSearch* m_owner;
    QString m_query;
    quint64 m_generation;
    FuzzyMatcher m_matcher;
    std::vector<Hit> m_best;
    QElapsedTimer m_sinceTold;
    bool m_told = false;
};

NameSearch::NameSearch(QObject* parent)
    : QObject(parent), m_shared(std::make_shared<Shared>()), m_link(std::make_shared<ReceiverLink>(this)),
      m_thread(u"name-search"_s)
{
}

NameSearch::~NameSearch()
{
    cancel();
    m_link->close();
}

void NameSearch::setSources(const QList<Source>& sources)
{
    cancel();
    m_thread.post([shared = m_shared, sources] {
        shared->sources = sources;
        shared->lists.clear();
    });
}

void NameSearch::search(const QString& query)
{
    const quint64 generation = ++m_shared->generation;
    m_thread.post([shared = m_shared, link = m_link, owner = this, query, generation] {
        if (shared->generation.load() == generation)
            Run(*shared, *link, owner, query, generation).go();
    });
}

void NameSearch::cancel() { ++m_shared->generation; }

} // namespace wk::search
