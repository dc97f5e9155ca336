// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "table/TableSource.h"

#include <QtWidgets/QWidget>

#include <memory>

class QLabel;
class QTreeWidget;

namespace wk::widgets {

/// What the clusters report about some objects, and what belongs to them, since a moment: the newest first.
///
/// objectNames inside: "eventsList", "eventsNote".
class EventsBeside : public QWidget
{
    Q_OBJECT
public:
    static constexpr qsizetype mostRows = 200;

    explicit EventsBeside(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Objects by name; an event counts where it is about one of these or about an object whose name begins with one
    /// and a hyphen, as those of a workload's pods do. `since`: milliseconds since the Unix epoch.
    void follow(QList<std::shared_ptr<table::TableSource>> events, const QStringList& names, qint64 since,
                const QString& problem);
    [[nodiscard]] int count() const;

private:
    void refresh();
    [[nodiscard]] bool concerns(const QString& object) const;

    std::shared_ptr<Clock> m_clock;
    QList<std::shared_ptr<table::TableSource>> m_sources;
    QStringList m_names;
    qint64 m_since = 0;
    QString m_problem;
    QLabel* m_note;
    QTreeWidget* m_list;
};

} // namespace wk::widgets
