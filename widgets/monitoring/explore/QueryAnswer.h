// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/PrometheusServer.h"
#include "table/TableSource.h"

namespace wk::widgets {

/// What a query gives at one moment, as a table. Asked again, what was there before stays until the next answer, and is
/// stale where there is none.
class QueryAnswer final : public table::TableSource
{
    Q_OBJECT
public:
    /// More rows than this nobody reads; how many are left out is told.
    static constexpr size_t mostRows = 50'000;

    /// Both outlive it.
    QueryAnswer(monitoring::PrometheusServer& server, Clock& clock, QObject* parent = nullptr);

    /// `atMs`: the moment; nullopt: now.
    void ask(const QString& query, std::optional<qint64> atMs);
    /// Calls off what is under way.
    void rest();

    [[nodiscard]] const monitoring::AnswerPtr& answer() const { return m_answer; }
    [[nodiscard]] const QString& query() const { return m_query; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// How long the last answer took, in ms.
    [[nodiscard]] qint64 tookMs() const { return m_tookMs; }
    [[nodiscard]] size_t leftOut() const { return m_left; }

    [[nodiscard]] table::Columns columns() const override { return m_columns; }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override { return m_rows; }
    [[nodiscard]] table::Freshness freshness() const override;

signals:
    /// An answer, or an error, has come.
    void ended();

private:
    void take(Result<monitoring::AnswerPtr> answer);

    monitoring::PrometheusServer& m_server;
    Clock& m_clock;
    monitoring::PrometheusServer::FlightPtr m_flight;
    QString m_query;
    monitoring::AnswerPtr m_answer;
    std::optional<Error> m_error;
    table::Columns m_columns;
    std::vector<table::RowPtr> m_rows;
    size_t m_left = 0;
    qint64 m_askedMs = 0, m_askedAt = 0, m_asOfMs = 0, m_tookMs = 0;
};

} // namespace wk::widgets
