// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogSession.h"

#include "logs/LogFeed.h"

#include <QtCore/QTimer>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {
constexpr quint32 filterStretch = 50'000; ///< lines between which others get their turn
} // namespace

/// What the three threads share. The last one to let go of it ends the thread.
struct LogSession::Intake
{
    Intake(LogSession* session, std::unique_ptr<SpillFile> file, const Options& options)
        : store(std::make_shared<LogStore>(std::move(file), options.limits)), batchMs(options.batchMs), gui(session)
    {
    }

    /// On the log's thread.
    void keep(const LogBatch& batch, LogSession* session)
    {
        store->append(batch);
        if (!news.exchange(true))
            gui.post([session, ms = batchMs] { QTimer::singleShot(int(ms), session, &LogSession::takeNew); });
    }

    std::shared_ptr<LogStore> store;
    qint64 batchMs;
    std::optional<Error> noDisk;
    std::atomic<bool> news = false; ///< the session knows that there are new lines
    ReceiverLink gui;
    BackgroundThread thread{u"log"_s};
};

LogSession::LogSession(const Host& host, LogTarget target, LogWish wish, QObject* parent)
    : LogSession(host, std::move(target), std::move(wish), Options{}, parent)
{
}

LogSession::LogSession(const Host& host, LogTarget target, LogWish wish, Options options, QObject* parent)
    : QObject(parent), m_target(std::move(target)), m_wish(std::move(wish))
{
    auto file = openSpillFile(options.directory);
    m_intake = std::make_shared<Intake>(this, file ? std::move(*file) : nullptr, options);
    if (!file)
        m_intake->noDisk = file.error();
    LogFeed::Events events;
    events.lines = [intake = m_intake, session = this](LogBatch&& batch, std::function<void()> stored) {
        auto kept = std::make_shared<const LogBatch>(std::move(batch));
        intake->thread.post([intake, session, kept, stored = std::move(stored)] {
            intake->keep(*kept, session);
            stored();
        });
    };
    events.state = [intake = m_intake, session = this](LogState state) {
        // By way of the log's thread: what is said to be finished is stored by then.
        intake->thread.post([intake, session, state = std::move(state)] {
            intake->gui.post([session, state] {
                session->m_state = state;
                if (state.finished)
                    session->takeNew();
                emit session->stateChanged();
            });
        });
    };
    m_feed = host([target = m_target, wish = m_wish, events](net::Transport& transport, Clock& clock,
                                                             const Random& random) -> std::unique_ptr<cluster::Guest> {
        return std::make_unique<LogFeed>(target, wish, transport, clock, random, events);
    });
}

LogSession::~LogSession()
{
    m_feed.reset();
    m_intake->gui.close();
}

QString LogSession::sourceName(quint16 source) const
{
    if (source >= m_state.sources.size())
        return {};
    const LogSource& s = m_state.sources[source];
    const QString name = s.pod + u'/' + s.run.container;
    return s.run.restarts > 0 ? tr("%1 (run %2)").arg(name).arg(s.run.restarts + 1) : name;
}

std::optional<Error> LogSession::trouble() const
{
    return m_intake->noDisk ? m_intake->noDisk : m_intake->store->trouble();
}

std::optional<LogLine> LogSession::lineAt(qsizetype position) const
{
    return m_intake->store->line(shown().at(position).id);
}

const std::shared_ptr<LogStore>& LogSession::store() const { return m_intake->store; }

void LogSession::takeNew()
{
    m_intake->news = false; // before looking: what comes now is told again
    const LogStore::Size size = m_intake->store->size();
    if (size.end == m_seen && size.first == m_first)
        return;
    qsizetype gone = 0;
    if (size.first > m_first) {
        const bool all = m_filter.isEmpty();
        const qsizetype ofAll = m_all.forget(size.first), ofMatches = m_matches.forget(size.first);
        gone = all ? ofAll : ofMatches;
        std::erase_if(m_marks, [&](const LineKey& mark) { return mark.id < size.first; });
        m_first = size.first;
    }
    const qsizetype changed = m_all.merge(m_intake->store->places(m_seen, size.end));
    m_seen = size.end;
    if (m_filter.isEmpty()) {
        emit linesChanged(changed, gone);
        return;
    }
    if (gone > 0)
        emit linesChanged(m_matches.size(), gone);
    filterOn();
}

void LogSession::setFilter(const LogFilter& filter)
{
    m_filter = filter;
    m_matches.clear();
    m_filteredTo = 0;
    ++m_filterRun;
    m_filtering = false;
    emit filterChanged();
    emit linesChanged(0, 0);
    filterOn();
}

void LogSession::filterOn()
{
    if (m_filter.isEmpty() || m_filtering || m_filteredTo >= m_seen)
        return;
    m_filtering = true;
    const quint32 from = std::max(m_filteredTo, m_first), to = std::min(m_seen, from + filterStretch);
    m_intake->thread.post([intake = m_intake, session = this, filter = m_filter, run = m_filterRun, from, to] {
        std::vector<LineKey> matches;
        intake->store->scan(from, to, [&](const LogStore::Seen& line) {
            if (line.place.kind == LineKind::Gap || filter.matches(line.text, line.place.level))
                matches.push_back(line.place);
            return true;
        });
        intake->gui.post([session, run, to, matches] { session->onFiltered(run, to, matches); });
    });
}

void LogSession::onFiltered(quint64 run, quint32 to, std::vector<LineKey> matches)
{
    if (run != m_filterRun)
        return;
    m_filtering = false;
    m_filteredTo = to;
    std::erase_if(matches, [this](const LineKey& place) { return place.id < m_first; });
    const bool any = !matches.empty();
    const qsizetype changed = m_matches.merge(std::move(matches));
    if (any)
        emit linesChanged(changed, 0);
    emit filterChanged();
    filterOn();
}

qsizetype LogSession::findLevel(Level level, qsizetype position, bool backwards) const
{
    const LogOrder& order = shown();
    const qsizetype step = backwards ? -1 : 1;
    for (qsizetype i = backwards ? position - 1 : position; i >= 0 && i < order.size(); i += step)
        if (order.at(i).level >= level)
            return i;
    return -1;
}

void LogSession::setMarked(const LineKey& place, bool marked)
{
    if (marked)
        m_marks.insert(place);
    else
        m_marks.erase(place);
}

qsizetype LogSession::findMark(qsizetype position, bool backwards) const
{
    const LogOrder& order = shown();
    qsizetype found = -1;
    for (const LineKey& mark : m_marks) {
        const qsizetype at = order.positionOf(mark);
        if (at >= order.size() || order.at(at) != mark)
            continue; // not shown
        if (backwards ? at < position : at >= position) {
            found = at;
            if (!backwards)
                break;
        }
    }
    return found;
}

std::unique_ptr<LogExport> LogSession::exportTo(const QString& fileName, bool timestamps, bool names) const
{
    const LogOrder& order = shown();
    std::vector<LineKey> places;
    places.reserve(size_t(order.size()));
    for (qsizetype i = 0; i < order.size(); ++i)
        places.push_back(order.at(i));
    ExportForm form{timestamps, {}};
    for (const LogSource& source : m_state.sources)
        if (names)
            form.names.insert(source.number, sourceName(source.number));
    return std::make_unique<LogExport>(fileName, m_intake->store, std::move(places), std::move(form));
}

} // namespace wk::logs
