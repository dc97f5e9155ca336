// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitoring/prometheus/SeriesLookup.h"

#include <QtCore/QTimer>

namespace wk::monitoring {

using namespace Qt::StringLiterals;

SeriesLookup::SeriesLookup(PrometheusServer& server, QObject* parent) : QObject(parent), m_server(server) {}

QString SeriesLookup::question(const QStringList& selectors)
{
    QStringList parts;
    for (const QString& selector : selectors)
        parts << u"label_replace(count(%1), \"wk_at\", \"%2\", \"\", \"\")"_s.arg(selector).arg(parts.size());
    return parts.join(u" or "_s);
}

void SeriesLookup::rest()
{
    m_flights.clear();
    m_open = 0;
}

void SeriesLookup::ask(const QStringList& selectors, std::function<void()> then)
{
    rest();
    QStringList unknown;
    for (const QString& selector : selectors) {
        if (!selector.isEmpty() && !m_known->contains(selector) && !unknown.contains(selector))
            unknown << selector;
    }
    const auto shared = std::make_shared<std::function<void()>>(std::move(then));
    const auto end = [this, shared] {
        if (--m_open == 0)
            (*shared)();
    };
    if (unknown.isEmpty()) {
        ++m_open;
        QTimer::singleShot(0, this, [this, end] {
            if (m_open > 0)
                end();
        });
        return;
    }
    m_open = size_t((unknown.size() + selectorsAtOnce - 1) / selectorsAtOnce);
    for (qsizetype i = 0; i < unknown.size(); i += selectorsAtOnce) {
        const QStringList some = unknown.sliced(i, std::min(selectorsAtOnce, unknown.size() - i));
        m_flights.push_back(m_server.instant(
            {question(some), std::nullopt}, Priority::Visible, [this, some, end](const Result<AnswerPtr>& answer) {
                if (answer) {
                    for (const QString& selector : some)
                        m_known->insert(selector, false);
                    for (const Series& series : (*answer)->series)
                        m_known->insert(some.value(labelValue(series.labels, u"wk_at").toInt()), true);
                }
                end();
            }));
    }
}

SeriesPresence SeriesLookup::presence() const
{
    return [known = m_known](const QString& selector) -> std::optional<bool> {
        const auto it = known->constFind(selector);
        return it == known->cend() ? std::nullopt : std::optional(*it);
    };
}

} // namespace wk::monitoring
