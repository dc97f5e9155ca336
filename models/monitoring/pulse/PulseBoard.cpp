// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/pulse/PulseBoard.h"

#include <algorithm>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

namespace {

using FiguresOf = std::vector<Result<std::optional<double>>>;

/// Whether the lines come with the figures.
bool isAlong(const series::TimeRange& range) { return range.follows() && range.spanMs() <= PulseBoard::longestAlongMs; }

std::optional<double> figureOf(const std::vector<Series>& series)
{
    return series.empty() || series.front().isEmpty() ? std::nullopt : std::optional(series.front().value.back());
}

} // namespace

/// What is asked of one server, for all platforms that it knows.
class PulseBoard::Round
{
public:
    Round(Clock& clock, const Options& options, const series::TimeRange& range)
        : m_clock(clock), m_options(options), m_range(range)
    {
    }

    std::vector<std::shared_ptr<Pulse>> pulses;

    /// Unless it was asked just now, or has not answered yet.
    void begin(bool atOnce)
    {
        const bool fresh = !atOnce && !isDue(m_figuresMs, m_options.everyMs - 1'000);
        if (pulses.empty() || fresh || isRunning())
            return;
        m_bundles.clear();
        if (isDue(m_presenceMs, m_options.presenceEveryMs))
            askPresence();
        else
            askFigures();
    }
    /// Another range: its lines are asked for at once.
    void forgetLines() { m_linesMs.reset(); }
    [[nodiscard]] bool isRunning() const
    {
        return std::ranges::any_of(m_bundles, [](const auto& bundle) { return !bundle->isDone(); });
    }
    /// Calls off what is under way.
    void rest() { m_bundles.clear(); }

private:
    using Parts = std::vector<BundlePart>;

    [[nodiscard]] bool isDue(const std::optional<qint64>& lastMs, qint64 everyMs) const
    {
        return !lastMs || m_clock.monotonicMs() - *lastMs >= everyMs;
    }

    [[nodiscard]] PrometheusServer& server() const { return *pulses.front()->source().server(); }

    void ask(Parts parts, QueryBundle::Ask way, QueryBundle::Take take, std::function<void()> done = {})
    {
        if (parts.empty()) {
            if (done)
                done();
            return;
        }
        m_bundles.push_back(std::make_unique<QueryBundle>(std::move(way), std::move(parts), m_options.maxChars,
                                                          std::move(take), std::move(done)));
    }
    [[nodiscard]] QueryBundle::Ask instant()
    {
        return [this](const QString& promql, PrometheusClient::Then<AnswerPtr> then) {
            return server().instant({promql, std::nullopt}, Priority::Visible, std::move(then));
        };
    }

    void askPresence()
    {
        QStringList needs;
        for (const auto& pulse : pulses)
            needs += pulseNeeds(pulse->platform(), pulse->catalog());
        needs.removeDuplicates();
        Parts parts;
        for (const QString& selector : std::as_const(needs))
            parts.push_back({selector, u"count(%1)"_s.arg(selector)});
        m_failed = false;
        ask(
            std::move(parts), instant(),
            [this](const QString& selector, const Result<std::vector<Series>>& series) {
                if (series)
                    m_present[selector] = !series->empty();
                m_failed = m_failed || !series;
            },
            [this] {
                if (!m_failed) // else the next round looks again
                    m_presenceMs = m_clock.monotonicMs();
                for (const auto& pulse : pulses)
                    pulse->setPresence([this](const QString& selector) {
                        const auto it = m_present.find(selector);
                        return it == m_present.end() ? std::nullopt : std::optional(it->second);
                    });
                askFigures();
            });
    }

    void askFigures()
    {
        m_figuresMs = m_clock.monotonicMs();
        for (const GoldenSignal signal : goldenSignals)
            askSignal(signal, nullptr);
        const TimeRange lines{m_range.fromMs(m_clock.nowMs()), m_range.toMs(m_clock.nowMs())};
        const qint64 step = stepFor(lines, m_options.pixels, 15'000);
        if (!isAlong(m_range) && (m_range.follows() ? isDue(m_linesMs, step) : !m_linesMs)) {
            m_linesMs = m_clock.monotonicMs();
            for (const GoldenSignal signal : goldenSignals)
                askSignal(signal, &lines);
        }
        askAlerts();
        if (isDue(m_budgetsMs, m_options.budgetsEveryMs))
            askBudgets();
    }

    /// `lines`: for the line of that range alone.
    void askSignal(GoldenSignal signal, const TimeRange* lines)
    {
        Parts parts;
        for (size_t i = 0; i < pulses.size(); ++i) {
            for (const PulsePart& part : pulses[i]->plan().parts) {
                if (part.signal == signal && !part.promql.isEmpty() && part.plan.missing.isEmpty())
                    parts.push_back({u"%1/%2"_s.arg(i).arg(part.key), part.promql});
            }
        }
        const qint64 now = m_clock.nowMs();
        const qint64 span = isAlong(m_range) ? m_range.spanMs() : m_options.spanMs;
        const TimeRange range = lines ? *lines : TimeRange{now - span, now};
        // The newest value is a figure: no older than a minute.
        const int pixels = lines ? m_options.pixels : std::max(m_options.pixels, int(span / 60'000));
        ask(
            std::move(parts),
            [this, range, pixels](const QString& promql, PrometheusClient::Then<AnswerPtr> then) {
                return server().chart({promql, range, pixels, 15'000}, Priority::Visible, std::move(then));
            },
            [this, now, take = lines ? &Pulse::takeLine : &Pulse::takePart](const QString& key,
                                                                            const Result<std::vector<Series>>& series) {
                (*pulses.at(key.section(u'/', 0, 0).toULongLong()).*take)(key.section(u'/', 1), series, now);
            });
    }

    void askAlerts()
    {
        Parts parts;
        for (size_t i = 0; i < pulses.size(); ++i) {
            if (pulses[i]->wantsServersAlerts())
                parts.push_back({QString::number(i), pulses[i]->plan().alerts});
        }
        ask(std::move(parts), instant(),
            [this, now = m_clock.nowMs()](const QString& key, const Result<std::vector<Series>>& series) {
                pulses.at(key.toULongLong())->takeAlerts(series, now);
            });
    }

    void askBudgets()
    {
        struct Budget
        {
            size_t pulse = 0, budget = 0;
            std::vector<SloQuestion> questions;
        };
        const qint64 now = m_clock.nowMs();
        const Period month = calendarMonth(now, QTimeZone::systemTimeZone());
        const auto budgets = std::make_shared<std::vector<Budget>>();
        const auto answers = std::make_shared<std::map<QString, Result<std::optional<double>>>>();
        Parts parts;
        for (size_t i = 0; i < pulses.size(); ++i) {
            const auto& specs = pulses[i]->plan().budgets;
            for (size_t j = 0; j < specs.size(); ++j) {
                Budget budget{i, j, questionsOf(specs[j], month, now)};
                // Of the burn windows the last hour alone: how fast, and until when.
                std::erase_if(budget.questions, [](const SloQuestion& q) { return !q.ofPeriod && q.window != u"1h"; });
                for (size_t q = 0; q < budget.questions.size(); ++q)
                    parts.push_back({u"%1/%2"_s.arg(budgets->size()).arg(q), budget.questions[q].promql});
                budgets->push_back(std::move(budget));
            }
        }
        ask(
            std::move(parts), instant(),
            [answers](const QString& key, const Result<std::vector<Series>>& series) {
                answers->insert_or_assign(key, series ? Result<std::optional<double>>(figureOf(*series))
                                                      : fail(series.error()));
            },
            [this, budgets, answers, month, now] {
                if (std::ranges::all_of(*answers, [](const auto& answer) { return answer.second.has_value(); }))
                    m_budgetsMs = m_clock.monotonicMs(); // else the next round asks again
                for (size_t b = 0; b < budgets->size(); ++b) {
                    const Budget& budget = (*budgets)[b];
                    FiguresOf figures;
                    for (size_t q = 0; q < budget.questions.size(); ++q)
                        figures.push_back(answers->at(u"%1/%2"_s.arg(b).arg(q)));
                    pulses[budget.pulse]->takeBudget(budget.budget, month, budget.questions, figures, now);
                }
            });
    }

    Clock& m_clock;
    const Options& m_options;
    std::map<QString, bool> m_present;
    const series::TimeRange& m_range; ///< of the lines
    /// Monotonic, when that was asked last.
    std::optional<qint64> m_presenceMs, m_budgetsMs, m_figuresMs, m_linesMs;
    bool m_failed = false; ///< something of the presence
    std::vector<std::unique_ptr<QueryBundle>> m_bundles;
};

PulseBoard::PulseBoard(Clock& clock, Options options, QObject* parent)
    : QObject(parent), m_clock(clock), m_options(options), m_range(series::TimeRange::last(options.spanMs))
{
}

PulseBoard::~PulseBoard() = default;

void PulseBoard::setPulses(std::vector<std::shared_ptr<Pulse>> pulses)
{
    if (pulses == m_pulses)
        return;
    for (const auto& pulse : m_pulses)
        pulse->source().disconnect(this);
    m_rounds.clear();
    m_pulses = std::move(pulses);
    for (const auto& pulse : m_pulses)
        connect(&pulse->source(), &ServerSource::changed, this, &PulseBoard::regroup);
    if (m_watched) {
        watchAlerts();
        tick();
    }
}

void PulseBoard::watchAlerts()
{
    std::vector<std::shared_ptr<void>> watches;
    for (const auto& pulse : m_pulses) {
        if (AlertSource* source = pulse->alertSource())
            watches.push_back(source->watch(AlertSource::Pace::Calm));
    }
    m_alertWatches = std::move(watches); // those that stay were never let go
}

/// A server was found, or another one.
void PulseBoard::regroup()
{
    std::map<QString, std::vector<std::shared_ptr<Pulse>>> groups;
    for (const auto& pulse : m_pulses) {
        if (pulse->source().server())
            groups[pulse->source().key()].push_back(pulse);
    }
    std::erase_if(m_rounds, [&](const auto& round) { return !groups.contains(round.first); });
    for (auto& [key, pulses] : groups) {
        auto& round = m_rounds[key];
        if (round && round->pulses == pulses)
            continue;
        round = std::make_unique<Round>(m_clock, m_options, m_range);
        round->pulses = std::move(pulses);
        if (m_watched)
            round->begin(false);
    }
}

void PulseBoard::setRange(const series::TimeRange& range)
{
    if (range == m_range)
        return;
    m_range = range;
    if (isAlong(range)) {
        for (const auto& pulse : m_pulses)
            pulse->dropLines();
    }
    for (const auto& [key, round] : m_rounds) {
        round->rest(); // what is under way is of the range before
        round->forgetLines();
    }
    askNow();
}

void PulseBoard::setWatched(bool watched)
{
    if (m_watched == watched)
        return;
    m_watched = watched;
    if (watched) {
        watchAlerts();
        tick();
    } else {
        m_timer.reset();
        m_alertWatches.clear();
        for (const auto& [key, round] : m_rounds)
            round->rest();
    }
}

bool PulseBoard::isAsking() const
{
    return std::ranges::any_of(m_rounds, [](const auto& round) { return round.second->isRunning(); });
}

void PulseBoard::askNow()
{
    if (!m_watched)
        return;
    for (const auto& [key, round] : m_rounds)
        round->begin(true);
}

void PulseBoard::tick()
{
    for (const auto& pulse : m_pulses)
        pulse->source().look(); // does nothing where it is found; after a failure it looks again
    regroup();
    for (const auto& [key, round] : m_rounds)
        round->begin(false);
    m_timer = m_clock.after(this, m_options.everyMs, [this] { tick(); });
}

} // namespace wk::monitoring
