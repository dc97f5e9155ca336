// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/Usage.h"

#include "core/Quantity.h"

#include <QtCore/QCoreApplication>
#include <simdjson.h>

namespace wk::cluster {

namespace dom = simdjson::dom;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxBody = 256 * 1024 * 1024;
constexpr int failuresForgiven = 4; ///< a minute without values, then the columns empty

std::string_view text(dom::element object, std::string_view key)
{
    std::string_view value;
    return object[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

void addUsage(dom::element holder, Usage::Value& value)
{
    dom::element usage;
    if (holder["usage"].get(usage) != simdjson::SUCCESS)
        return;
    value.milliCpu += parseQuantityMilli(text(usage, "cpu")).value_or(0);
    value.bytes += parseQuantity(text(usage, "memory")).value_or(0);
}

} // namespace

UsageCells::UsageCells(const table::Columns& own)
{
    const auto tr = [](const char* s) { return QCoreApplication::translate("wk::cluster::Usage", s); };
    using Kind = table::Column::Kind;
    m_columns = {
        {u"cpu"_s, tr("CPU"), Kind::MilliCpu, false, tr("CPU in use, as metrics.k8s.io measured it last"), true},
        {u"memory"_s, tr("Memory"), Kind::Bytes, false,
         tr("Memory in use (working set), as metrics.k8s.io measured it last"), true}};
    const struct
    {
        QString id, word;
        bool bounds;
        const char *cpu, *memory;
    } wholes[] = {
        {u"request"_s, tr("request"), false, "CPU of Request", "Memory of Request"},
        {u"limit"_s, tr("limit"), true, "CPU of Limit", "Memory of Limit"},
        {u"allocatable"_s, tr("allocatable"), true, "CPU of Allocatable", "Memory of Allocatable"},
    };
    for (const bool memory : {false, true}) {
        const QString id = m_columns[memory ? 1 : 0].id;
        for (const auto& whole : wholes) {
            const QString column = id + u'-' + whole.id;
            const int at = table::indexOfColumn(own, column);
            if (at < 0)
                continue;
            m_columns[memory ? 1 : 0].against.append({column, whole.word, whole.bounds});
            m_columns.append({id + u"-of-"_s + whole.id, tr(memory ? whole.memory : whole.cpu), Kind::Percent, true,
                              tr("How much of it is in use"), true});
            m_shares.append({memory, at});
        }
    }
}

void UsageCells::append(table::Row& row, const Usage::Value* value) const
{
    const size_t own = row.cells.size();
    row.cells.resize(own + size_t(m_columns.size()));
    if (!value)
        return;
    row.cells[own] = value->milliCpu;
    row.cells[own + 1] = value->bytes;
    for (qsizetype i = 0; i < m_shares.size(); ++i) {
        const auto* whole =
            size_t(m_shares[i].whole) < own ? std::get_if<qint64>(&row.cells[size_t(m_shares[i].whole)]) : nullptr;
        if (whole && *whole > 0)
            row.cells[own + 2 + size_t(i)] =
                double(m_shares[i].memory ? value->bytes : value->milliCpu) * 100 / double(*whole);
    }
}

Result<Usage> parseUsage(const QByteArray& json)
{
    const auto garbage = [](const char* detail) {
        return fail(Error::Kind::Protocol,
                    QCoreApplication::translate("wk::cluster::Usage", "The usage figures cannot be read."),
                    QString::fromUtf8(detail));
    };
    dom::parser parser{size_t(maxBody)};
    dom::element root;
    if (const auto error = parser.parse(json.constData(), size_t(json.size())).get(root); error != simdjson::SUCCESS)
        return garbage(simdjson::error_message(error));
    dom::array items;
    if (root["items"].get(items) != simdjson::SUCCESS)
        return garbage("no items");
    Usage usage;
    for (const dom::element item : items) {
        dom::element metadata;
        if (item["metadata"].get(metadata) != simdjson::SUCCESS)
            continue;
        const std::string_view space = text(metadata, "namespace");
        const std::string_view name = text(metadata, "name");
        QString key = QString::fromUtf8(name.data(), qsizetype(name.size()));
        if (!space.empty())
            key = QString::fromUtf8(space.data(), qsizetype(space.size())) + u'/' + key;
        Usage::Value value;
        addUsage(item, value);
        dom::array containers;
        if (item["containers"].get(containers) == simdjson::SUCCESS) {
            for (const dom::element container : containers)
                addUsage(container, value);
        }
        usage.values.insert_or_assign(key, value);
    }
    return usage;
}

UsagePoller::UsagePoller(QByteArray path, net::Transport& transport, Clock& clock, Done done, QObject* parent)
    : QObject(parent), m_path(std::move(path)), m_transport(transport), m_clock(clock), m_done(std::move(done))
{
}

UsagePoller::~UsagePoller() = default;

void UsagePoller::poll()
{
    net::Request request;
    request.path = m_path;
    request.headers = {{"Accept", "application/json"}};
    m_body.clear();
    m_status = 0;
    m_timer.reset();
    const quint64 serial = ++m_serial;
    m_exchange = m_transport.open(request, {[this, serial](const net::ResponseHead& head) {
                                                if (serial == m_serial)
                                                    m_status = head.status;
                                            },
                                            [this, serial](QByteArrayView bytes) {
                                                if (serial == m_serial && m_body.size() + bytes.size() < maxBody)
                                                    m_body.append(bytes);
                                            },
                                            [this, serial](std::optional<Error> error) {
                                                if (serial == m_serial)
                                                    finished(error);
                                            }});
}

void UsagePoller::finished(const std::optional<Error>& error)
{
    bool good = false;
    if (!error && m_status == 200) {
        if (auto usage = parseUsage(m_body)) {
            good = true;
            m_done(std::make_shared<const Usage>(std::move(*usage)));
        }
    }
    m_body = {};
    m_failures = good ? 0 : m_failures + 1;
    if (m_failures == failuresForgiven)
        m_done(nullptr);
    m_timer = m_clock.after(this, intervalMs, [this] { poll(); });
}

} // namespace wk::cluster
