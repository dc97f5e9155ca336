// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "net/Transport.h"
#include "table/Column.h"
#include "table/Row.h"

#include <QtCore/QObject>

#include <memory>
#include <unordered_map>

namespace wk::cluster {

/// What is in use now, by key ("namespace/name" of a pod, "name" of a node).
struct Usage
{
    struct Value
    {
        qint64 milliCpu = 0;
        qint64 bytes = 0;
        bool operator==(const Value&) const = default;
    };
    std::unordered_map<QString, Value> values;
};

/// What Usage adds to the rows of a table: "cpu" (MilliCpu) and "memory" (Bytes), each measured against what the kind's
/// own columns say there is of it ("cpu-request", "cpu-limit", "cpu-allocatable"), and the shares as columns to sort
/// and filter by ("cpu-of-limit", Percent), hidden at first.
class UsageCells
{
public:
    UsageCells() = default;
    /// `own`: the kind's columns, without usage.
    explicit UsageCells(const table::Columns& own);

    [[nodiscard]] const table::Columns& columns() const { return m_columns; }
    /// One cell for each of columns(); null where nothing was measured.
    void append(table::Row& row, const Usage::Value* value) const;

private:
    struct Share
    {
        bool memory = false;
        int whole = -1; ///< position of the column that holds it
    };
    table::Columns m_columns;
    QList<Share> m_shares;
};

/// Reads a PodMetricsList (containers summed up) or a NodeMetricsList of metrics.k8s.io/v1beta1 (JSON is all it speaks
/// in general; the fields: k8s.io/metrics/pkg/apis/metrics/v1beta1/types.go).
[[nodiscard]] Result<Usage> parseUsage(const QByteArray& json);

/// Asks metrics.k8s.io every 15 s, which is how often metrics-server itself looks, as long as somebody wants it.
class UsagePoller : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 intervalMs = 15'000;
    /// `done` gets the new values, or null where the server does not serve them (any more).
    using Done = std::function<void(std::shared_ptr<const Usage>)>;

    /// `path`: "/apis/metrics.k8s.io/v1beta1/pods"
    UsagePoller(QByteArray path, net::Transport& transport, Clock& clock, Done done, QObject* parent = nullptr);
    ~UsagePoller() override;

    void poll();

private:
    void finished(const std::optional<Error>& error);

    QByteArray m_path;
    net::Transport& m_transport;
    Clock& m_clock;
    Done m_done;
    int m_failures = 0;
    int m_status = 0;
    quint64 m_serial = 0;
    QByteArray m_body;
    std::unique_ptr<net::Exchange> m_exchange;
    std::shared_ptr<void> m_timer;
};

} // namespace wk::cluster
