// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/execution/EventsBeside.h"

#include "core/Duration.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Health.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

enum Column { AgeColumn, ObjectColumn, TextColumn };
/// A cluster's clock and ours are not one.
constexpr qint64 skewMs = 30'000;

struct Line
{
    qint64 lastSeen = 0;
    table::Health health = table::Health::None;
    QString id, object, reason, message;
};

QString textOf(const table::Row& row, int column)
{
    const auto* text =
        column >= 0 && size_t(column) < row.cells.size() ? std::get_if<QString>(&row.cells[size_t(column)]) : nullptr;
    return text ? *text : QString();
}

} // namespace

EventsBeside::EventsBeside(std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock)), m_note(new QLabel(this)), m_list(new QTreeWidget(this))
{
    m_note->setObjectName(u"eventsNote"_s);
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setContentsMargins(12, 8, 12, 8);
    m_list->setObjectName(u"eventsList"_s);
    m_list->setAccessibleName(tr("Events"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHeaderLabels({tr("Age"), tr("Object"), tr("Event")});
    m_list->header()->setStretchLastSection(true);
    m_list->header()->resizeSection(AgeColumn, 56);
    m_list->header()->resizeSection(ObjectColumn, 200);
    m_list->setTextElideMode(Qt::ElideRight);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_note);
    layout->addWidget(m_list, 1);
}

void EventsBeside::follow(QList<std::shared_ptr<table::TableSource>> events, const QStringList& names, qint64 since,
                          const QString& problem)
{
    for (const auto& source : std::as_const(m_sources))
        source->disconnect(this);
    m_sources = std::move(events);
    m_names = names;
    m_since = since;
    m_problem = problem;
    for (const auto& source : std::as_const(m_sources)) {
        connect(source.get(), &table::TableSource::changed, this, &EventsBeside::refresh);
        connect(source.get(), &table::TableSource::freshnessChanged, this, &EventsBeside::refresh);
    }
    refresh();
}

int EventsBeside::count() const { return m_list->topLevelItemCount(); }

bool EventsBeside::concerns(const QString& object) const
{
    const QStringView name = QStringView(object).mid(object.indexOf(u'/') + 1);
    return std::ranges::any_of(m_names, [name](const QString& wanted) {
        return name == wanted ||
               (name.startsWith(wanted) && name.size() > wanted.size() && name[wanted.size()] == u'-');
    });
}

void EventsBeside::refresh()
{
    const qint64 now = m_clock->nowMs();
    std::vector<Line> lines;
    QStringList notes;
    if (!m_problem.isEmpty())
        notes += m_problem;
    for (const auto& source : std::as_const(m_sources)) {
        const table::Columns columns = source->columns();
        const int seen = table::indexOfColumn(columns, u"last-seen"), object = table::indexOfColumn(columns, u"object"),
                  reason = table::indexOfColumn(columns, u"reason"),
                  message = table::indexOfColumn(columns, u"message");
        for (const table::RowPtr& row : source->rows()) {
            const auto* at = seen >= 0 && size_t(seen) < row->cells.size()
                                 ? std::get_if<table::Instant>(&row->cells[size_t(seen)])
                                 : nullptr;
            const QString about = textOf(*row, object);
            if (at && at->ms >= m_since - skewMs && concerns(about))
                lines.push_back({at->ms, row->health, row->id, about, textOf(*row, reason), textOf(*row, message)});
        }
        if (!source->freshness().isLive())
            notes += FreshnessLabel::describe(source->freshness(), now);
    }
    notes.removeDuplicates();
    std::ranges::sort(
        lines, [](const Line& a, const Line& b) { return std::tie(b.lastSeen, b.id) < std::tie(a.lastSeen, a.id); });
    if (lines.empty() && notes.isEmpty())
        notes += tr("Nothing has been reported about these objects since it began.");
    m_note->setText(notes.join(u'\n'));
    m_note->setVisible(!notes.isEmpty());

    const QSignalBlocker quiet(m_list);
    const Theme& theme = Theme::of(this);
    const auto shown = std::min<qsizetype>(mostRows, qsizetype(lines.size()));
    while (m_list->topLevelItemCount() > shown)
        delete m_list->takeTopLevelItem(m_list->topLevelItemCount() - 1);
    for (int i = 0; i < shown; ++i) {
        const Line& line = lines[size_t(i)];
        QTreeWidgetItem* item = i < m_list->topLevelItemCount() ? m_list->topLevelItem(i) : new QTreeWidgetItem(m_list);
        item->setText(AgeColumn, shortHumanDuration(std::max<qint64>(0, now - line.lastSeen)));
        item->setText(ObjectColumn, line.object);
        item->setText(TextColumn, line.message.isEmpty() ? line.reason : line.reason + u": "_s + line.message);
        item->setIcon(TextColumn, healthIcon(line.health));
        item->setForeground(AgeColumn, theme.color(Theme::Token::Muted));
        item->setToolTip(ObjectColumn, line.object);
        item->setToolTip(TextColumn, item->text(TextColumn));
    }
}

} // namespace wk::widgets
