// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures/PrometheusAsk.h"
#include "monitoring/prometheus/AnswerRows.h"
#include "monitoring/prometheus/DataProbe.h"
#include "monitoring/prometheus/ServerError.h"
#include "monitoring/prometheus/Steps.h"
#include "monitoring/promql/Promql.h"
#include "table/CellText.h"
#include "table/Export.h"

#include <QtCore/QDateTime>

#include <cmath>
#include <cstdio>
#include <numeric>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using monitoring::AnswerPtr;

namespace {

constexpr int samplesByDefault = 240;

/// "now", "6h" (ago), Unix seconds, or ISO 8601; ms since the epoch.
std::optional<qint64> momentOf(const QString& text, qint64 nowMs)
{
    if (text == u"now")
        return nowMs;
    bool number = false;
    if (const double seconds = text.toDouble(&number); number && std::abs(seconds) < 1e12)
        return std::llround(seconds * 1000);
    if (const auto ago = monitoring::promqlDurationMs(text))
        return nowMs - *ago;
    const QDateTime at = QDateTime::fromString(text, Qt::ISODateWithMs);
    return at.isValid() ? std::optional(at.toMSecsSinceEpoch()) : std::nullopt;
}

std::optional<qint64> stepOf(const QString& text)
{
    bool number = false;
    if (const double seconds = text.toDouble(&number); number && seconds > 0 && seconds < 1e9)
        return std::llround(seconds * 1000);
    const auto ms = monitoring::promqlDurationMs(text);
    return ms && *ms > 0 ? ms : std::nullopt;
}

void printRows(const monitoring::AnswerRows& rows, const QString& form)
{
    if (form != u"table" && form != u"wide") {
        table::ExportSnapshot all{rows.columns, QList<int>(rows.columns.size()), rows.rows};
        std::iota(all.chosen.begin(), all.chosen.end(), 0);
        const QByteArray text =
            table::exportRows(all, form == u"json" ? table::ExportFormat::JsonLines : table::ExportFormat::Csv);
        std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
        return;
    }
    QStringList header;
    for (const table::Column& column : rows.columns) {
        if (!column.wide || form == u"wide")
            header << column.id.toUpper();
    }
    QList<QStringList> lines{header};
    for (const table::RowPtr& row : rows.rows) {
        QStringList line;
        for (qsizetype i = 0; i < rows.columns.size(); ++i) {
            if (!rows.columns[i].wide || form == u"wide")
                line << table::cellRawText(row->cells[size_t(i)]);
        }
        lines << line;
    }
    printColumns(lines);
}

/// One question, at a moment or over a range.
class QueryCommand final : public PrometheusAsk
{
public:
    struct Question
    {
        QString query;
        std::optional<qint64> atMs;
        std::optional<monitoring::RangeQuery> range;
    };

    QueryCommand(const Arguments& arguments, Question question)
        : PrometheusAsk(arguments, arguments.words[0]), m_question(std::move(question))
    {
    }

private:
    void ask(monitoring::PrometheusServer& server) override
    {
        m_server = &server;
        const auto then = [this](const Result<AnswerPtr>& answer) { take(answer); };
        if (!m_question.range)
            m_flight = server.instant({m_question.query, m_question.atMs}, monitoring::Priority::Now, then);
        else
            m_flight = server.submit<AnswerPtr>(
                monitoring::Priority::Now,
                [range = *m_question.range](monitoring::PrometheusClient& client,
                                            monitoring::PrometheusClient::Then<AnswerPtr> done) {
                    return client.queryRange(range, std::move(done));
                },
                then);
    }

    void take(const Result<AnswerPtr>& answer)
    {
        if (!answer) {
            fail(answer.error());
            showPlace(answer.error());
            return;
        }
        for (const QString& said : (*answer)->warnings + (*answer)->infos)
            printNote(said);
        if ((*answer)->partial)
            printNote(tr("the answer is partial: the server does not have everything"));
        if (const QString clocks = m_server->clockRemark(); !clocks.isEmpty())
            printNote(clocks);
        printRows(monitoring::rowsOf(**answer), arguments().output);
        if ((*answer)->points() > 0 || (*answer)->kind == monitoring::Answer::Kind::Text)
            finish(Done);
        else
            explain();
    }

    /// Why there is nothing: each step, on the error stream.
    void explain()
    {
        const qint64 now = clock().nowMs();
        const auto& range = m_question.range;
        const qint64 to = range ? range->to : m_question.atMs.value_or(now);
        m_probe = std::make_unique<monitoring::DataProbe>(*m_server);
        m_probe->ask(m_question.query, {range ? range->from : to, to}, [this](const monitoring::DataFindings& found) {
            for (const monitoring::DataFinding& one : found.steps) {
                using Verdict = monitoring::DataFinding::Verdict;
                const QString verdict = one.verdict == Verdict::Holds   ? tr("yes")
                                        : one.verdict == Verdict::Fails ? tr("no")
                                                                        : tr("not known");
                printNote(tr("%1? %2: %3")
                              .arg(stepName(one.step), verdict,
                                   one.sentence + (one.remedy.isEmpty() ? QString() : u' ' + one.remedy)));
            }
            finish(Done);
        });
    }

    /// The line of the mistake, and a caret below it.
    void showPlace(const Error& error) const
    {
        const auto at = monitoring::queryPosition(error.detail);
        if (!at)
            return;
        const QString line = m_question.query.split(u'\n').value(at->line - 1);
        std::fputs(u"  %1\n  %2^\n"_s.arg(line, QString(std::max(0, at->column - 1), u' ')).toUtf8().constData(),
                   stderr);
    }

    Question m_question;
    monitoring::PrometheusServer* m_server = nullptr;
    monitoring::PrometheusServer::FlightPtr m_flight;
    std::unique_ptr<monitoring::DataProbe> m_probe;
};

int refuse(const QString& sentence, const QString& remedy)
{
    printError({Error::Kind::BadInput, sentence, {}, remedy});
    return Usage;
}

/// False where a moment cannot be read; said already.
bool readMoment(const Arguments& arguments, const QString& name, qint64 nowMs, qint64& ms)
{
    if (!arguments.has(name))
        return true;
    const auto read = momentOf(arguments.value(name), nowMs);
    if (read)
        ms = *read;
    else
        (void)refuse(QObject::tr("\"%1\" is no moment for --%2").arg(arguments.value(name), name),
                     QObject::tr("Write now, 6h (ago), 2026-11-21T08:00:00Z or Unix seconds"));
    return read.has_value();
}

int begin(const Arguments& arguments, QueryCommand::Question question, Running& running)
{
    auto command = std::make_unique<QueryCommand>(arguments, std::move(question));
    const int code = command->start();
    running = std::move(command);
    return code;
}

bool isForm(const QString& form) { return form == u"table" || form == u"wide" || form == u"json" || form == u"csv"; }

} // namespace

int runQuery(const Arguments& arguments, Running& running)
{
    if (arguments.words.size() != 2 || !isForm(arguments.output))
        return refuse(QObject::tr("Say whom to ask, and what"),
                      QObject::tr("Write `query PLATFORM|URL QUERY [--time T] [-o table|wide|csv|json]`"));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    qint64 at = now;
    if (!readMoment(arguments, u"time"_s, now, at))
        return Usage;
    return begin(arguments,
                 {arguments.words[1], arguments.has(u"time"_s) ? std::optional(at) : std::nullopt, std::nullopt},
                 running);
}

int runQueryRange(const Arguments& arguments, Running& running)
{
    if (arguments.words.size() != 2 || !isForm(arguments.output))
        return refuse(
            QObject::tr("Say whom to ask, and what"),
            QObject::tr("Write `query-range PLATFORM|URL QUERY [--from T] [--to T] [--step D] [-o table|csv|json]`"));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    qint64 from = now - 3'600'000, to = now;
    if (!readMoment(arguments, u"from"_s, now, from) || !readMoment(arguments, u"to"_s, now, to))
        return Usage;
    if (to < from)
        return refuse(QObject::tr("The range ends before it begins"), {});
    qint64 step = monitoring::stepFor({from, to}, samplesByDefault);
    if (arguments.has(u"step"_s)) {
        const auto read = stepOf(arguments.value(u"step"_s));
        if (!read)
            return refuse(QObject::tr("\"%1\" is no step").arg(arguments.value(u"step"_s)),
                          QObject::tr("Write seconds, or 30s, 5m, 1h"));
        step = *read;
    }
    return begin(arguments,
                 {arguments.words[1], std::nullopt, monitoring::RangeQuery{arguments.words[1], from, to, step}},
                 running);
}

} // namespace wk::ctl
