// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/BackgroundThread.h"
#include "core/ReceiverLink.h"
#include "search/NameList.h"

#include <QtCore/QObject>

#include <functional>

namespace wk::search {

/// One name that fits.
struct Hit
{
    int list = 0, index = 0, score = 0;
    bool operator==(const Hit&) const = default;
};

/// Best first; equals by list and index, so that the order is always the same.
[[nodiscard]] bool isBetter(const Hit& a, const Hit& b);

/// The best `limit` of the hits in one stretch of a list, best first. Returns where it stopped: after `chunk` names.
int searchChunk(const FuzzyMatcher& matcher, const NameList& names, int list, int from, int chunk, int limit,
                std::vector<Hit>& best);

/// Searches lists of names on a thread of its own, stretch by stretch: what is found so far is handed out after at most
/// `firstMs`, again every `stepMs`, and in full at the end. A new query stops the one before within a stretch.
class NameSearch : public QObject
{
    Q_OBJECT
public:
    static constexpr int chunk = 4096; ///< names between two looks at the clock and at whether it was given up
    static constexpr int limit = 200;  ///< hits that are handed out
    static constexpr qint64 firstMs = 15, stepMs = 60;

    /// Makes its list on the searching thread, when it is first needed.
    using Source = std::function<NameListPtr()>;

    explicit NameSearch(QObject* parent = nullptr);
    ~NameSearch() override;

    /// What is searched from now on. Gives up what runs.
    void setSources(const QList<Source>& sources);
    /// An empty query finds the first names of all lists, in their order. Results follow by found().
    void search(const QString& query);
    /// Nothing more is found for the last query.
    void cancel();

signals:
    /// `complete`: nothing follows for this query.
    void found(const QString& query, const QList<wk::search::Hit>& hits, bool complete);

private:
    struct Shared;
    class Run;

    std::shared_ptr<Shared> m_shared;
    std::shared_ptr<ReceiverLink> m_link;
    BackgroundThread m_thread;
};

} // namespace wk::search
