// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/DataProbe.h"

#include "monitoring/prometheus/DataFindings.h"

#include <QtCore/QTimer>

namespace wk::monitoring {

using namespace Qt::StringLiterals;
using Step = DataFinding::Step;
using Verdict = DataFinding::Verdict;

QString DataProbe::Selected::text(std::optional<int> only) const
{
    QStringList parts;
    for (std::size_t i = 0; i < matchers.size(); ++i) {
        if (!only || std::size_t(*only) == i)
            parts << matchers[i].label + matchers[i].op + promqlQuoted(matchers[i].value);
    }
    return parts.isEmpty() ? name : name + u'{' + parts.join(u',') + u'}';
}

void DataProbe::ask(const QString& query, const TimeRange& range, Then then)
{
    rest();
    m_query = query;
    m_range = range;
    m_then = std::move(then);
    m_found = {};
    m_open.clear();
    m_rated.reset();
    const auto parsed = parsePromql(query);
    m_node = parsed ? *parsed : nullptr;
    if (m_node)
        visitPromql(*m_node, [this](const PromqlNode& node) {
            const Selected one{node.name, node.matchers, node.rangeMs, node.offsetMs};
            if (node.kind == PromqlNode::Kind::Selector && std::ranges::find(m_open, one) == m_open.end())
                m_open.push_back(one);
        });
    askServer();
}

void DataProbe::rest()
{
    m_flight.reset();
    m_then = nullptr;
}

void DataProbe::add(Step step, Verdict verdict, const QString& sentence, const QString& remedy)
{
    m_found.steps.push_back({step, verdict, sentence, remedy});
}

void DataProbe::unknown(Step step, const Error& error) { add(step, Verdict::Unknown, error.sentence, error.remedy); }

void DataProbe::end()
{
    m_flight.reset();
    const auto then = std::exchange(m_then, nullptr);
    then(m_found);
}

qint64 DataProbe::lookMs() const { return std::clamp(m_range.to - m_range.from, lookbackMs, mostMs); }

/// Whatever speaks the API has an answer to this.
void DataProbe::askServer()
{
    m_flight =
        m_server.instant({u"vector(1)"_s, std::nullopt}, Priority::Later, [this](const Result<AnswerPtr>& answer) {
            if (!answer) {
                const Step step = stepOf(answer.error());
                for (const Step before : {Step::Reachable, Step::Authorised})
                    if (before < step)
                        add(before, Verdict::Holds, holdsText(before));
                add(step, Verdict::Fails, answer.error().sentence, answer.error().remedy);
                end();
                return;
            }
            for (const Step step : {Step::Reachable, Step::Authorised, Step::Path})
                add(step, Verdict::Holds, holdsText(step));
            askQuery();
        });
}

void DataProbe::askQuery()
{
    m_flight = m_server.instant({m_query, m_range.to}, Priority::Later, [this](const Result<AnswerPtr>& answer) {
        if (!answer) {
            const bool isMistake = answer.error().kind == Error::Kind::BadInput;
            add(isMistake ? Step::Understood : Step::Query, Verdict::Fails, answer.error().sentence,
                answer.error().remedy);
            end();
            return;
        }
        add(Step::Understood, Verdict::Holds, holdsText(Step::Understood));
        if ((*answer)->points() > 0) {
            add(Step::Query, Verdict::Holds, words::answered(int((*answer)->series.size())));
            end();
            return;
        }
        if (!m_node) {
            add(Step::Metric, Verdict::Unknown, words::unread());
            end();
            return;
        }
        next();
    });
}

void DataProbe::next()
{
    if (m_open.empty()) {
        if (m_found.holds() && m_rated)
            window(*m_rated);
        else
            conclude();
        return;
    }
    const Selected one = m_open.front();
    m_open.pop_front();
    if (!m_rated && one.rangeMs > 0)
        m_rated = one;
    lookAt(one);
}

void DataProbe::lookAt(const Selected& selected)
{
    most(selected.text(), lookMs(), selected.offsetMs, [this, selected](const auto& samples) {
        if (!samples) {
            unknown(Step::Metric, samples.error());
            next();
        } else if (*samples) {
            add(Step::Metric, Verdict::Holds, words::thereIs(selected.text()));
            next();
        } else {
            missing(selected);
        }
    });
}

void DataProbe::missing(const Selected& selected)
{
    if (selected.name.isEmpty() || selected.matchers.empty()) {
        if (selected.name.isEmpty()) {
            add(Step::Labels, Verdict::Fails, words::nothingFits(selected.text()));
            next();
        } else {
            noMetric(selected);
        }
        return;
    }
    most(selected.name, lookMs(), selected.offsetMs, [this, selected](const auto& samples) {
        if (samples && !*samples) {
            noMetric(selected);
            return;
        }
        if (samples)
            add(Step::Metric, Verdict::Holds, words::thereIs(selected.name));
        label(selected, 0);
    });
}

/// The index knows longer than there are samples.
void DataProbe::noMetric(const Selected& selected)
{
    names(u"__name__"_s, selected.name, [this, selected](const Result<QStringList>& known) {
        if (!known || known->isEmpty()) {
            nearest(selected);
            return;
        }
        add(Step::Metric, Verdict::Fails, words::ended(selected.name), words::lookAtTargets());
        next();
    });
}

void DataProbe::nearest(const Selected& selected)
{
    names(u"__name__"_s, {}, [this, selected](const Result<QStringList>& all) {
        const QString near = nearestMetric(selected.name, all.value_or(QStringList()));
        add(Step::Metric, Verdict::Fails, words::noMetric(selected.name, near),
            near.isEmpty() ? words::scraped() : QString());
        next();
    });
}

void DataProbe::label(const Selected& selected, int at)
{
    if (at == int(selected.matchers.size())) {
        add(Step::Labels, Verdict::Fails, words::notTogether(selected.text()));
        next();
        return;
    }
    most(selected.text(at), lookMs(), selected.offsetMs, [this, selected, at](const auto& samples) {
        if (samples && !*samples)
            badLabel(selected, at);
        else
            label(selected, at + 1);
    });
}

void DataProbe::badLabel(const Selected& selected, int at)
{
    const auto& matcher = selected.matchers[std::size_t(at)];
    names(matcher.label, selected.name, [this, selected, at](const Result<QStringList>& values) {
        const auto& wrong = selected.matchers[std::size_t(at)];
        add(Step::Labels, Verdict::Fails,
            words::badLabel(selected.name, wrong.label, wrong.op + promqlQuoted(wrong.value), wrong.value,
                            values.value_or(QStringList())));
        next();
    });
}

/// A rate needs two samples.
void DataProbe::window(const Selected& selected)
{
    most(selected.text(), selected.rangeMs, selected.offsetMs, [this, selected](const auto& samples) {
        if (samples && samples->value_or(0) < 2)
            add(Step::Window, Verdict::Fails,
                *samples ? words::oneSample(selected.text(), promqlDuration(selected.rangeMs))
                         : words::noSample(selected.text(), promqlDuration(selected.rangeMs)),
                words::longerWindow());
        conclude();
    });
}

void DataProbe::conclude()
{
    if (m_found.holds())
        add(Step::Query, Verdict::Fails, whyNothingIsLeft(m_node));
    end();
}

void DataProbe::names(const QString& label, const QString& selector, Names then)
{
    Selection selection;
    if (!selector.isEmpty())
        selection.matchers = {selector};
    m_flight = m_server.submit<QStringList>(
        Priority::Later,
        [label, selection](PrometheusClient& client, PrometheusClient::Then<QStringList> done) {
            return client.labelValues(label, selection, std::move(done));
        },
        std::move(then));
}

void DataProbe::most(const QString& selector, qint64 ms, qint64 offsetMs, Most then)
{
    const QString offset = offsetMs == 0
                               ? QString()
                               : u" offset "_s + (offsetMs < 0 ? u"-"_s : QString()) + promqlDuration(qAbs(offsetMs));
    m_flight =
        m_server.instant({u"max(count_over_time(%1[%2]%3))"_s.arg(selector, promqlDuration(ms), offset), m_range.to},
                         Priority::Later, [then = std::move(then)](const Result<AnswerPtr>& answer) {
                             if (!answer)
                                 then(fail(answer.error()));
                             else if ((*answer)->series.empty() || (*answer)->series.front().value.empty())
                                 then(std::optional<double>());
                             else
                                 then(std::optional((*answer)->series.front().value.front()));
                         });
}

} // namespace wk::monitoring
