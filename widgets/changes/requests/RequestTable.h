// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "table/TableSource.h"
#include "widgets/common/RowsBetween.h"

#include <array>

namespace wk::widgets {

/// Which requests a list shows.
enum class ChangeList { Waiting, Running, Scheduled, Mine, Open, History };
/// In the order in which they are shown.
inline constexpr std::array changeLists{ChangeList::Waiting, ChangeList::Running, ChangeList::Scheduled,
                                        ChangeList::Mine,    ChangeList::Open,    ChangeList::History};

[[nodiscard]] QString changeListTitle(ChangeList list);
/// "waiting", "running": for settings and object names.
[[nodiscard]] QString changeListId(ChangeList list);
/// Whether the request belongs into that list for whoever the desk says we are.
[[nodiscard]] bool belongsTo(ChangeList list, const changes::RequestSummary& request, const changes::ChangeDesk& desk);
[[nodiscard]] int countOf(ChangeList list, const changes::ChangeDesk& desk);

/// One list of requests as rows of a table; follows the desk. Row ids are the requests' numbers.
///
/// The desk knows those that ended in the last 30 days; the History goes further back page by page.
class RequestTable final : public table::TableSource
{
    Q_OBJECT
public:
    static constexpr int pageSize = 500;

    /// `desk` outlives it.
    RequestTable(changes::ChangeDesk& desk, ChangeList list, QObject* parent = nullptr);

    [[nodiscard]] table::Columns columns() const override { return columnsOf(m_list); }
    [[nodiscard]] std::vector<table::RowPtr> rows() const override { return allRows(m_rows); }
    [[nodiscard]] table::Freshness freshness() const override;

    /// Reads the next page of the past; olderChanged() follows, and failed() where it could not be read.
    void readOlder();
    [[nodiscard]] bool hasOlder() const { return m_hasOlder; }
    [[nodiscard]] bool isReading() const { return m_reading; }

    [[nodiscard]] static table::Columns columnsOf(ChangeList list);
    [[nodiscard]] static table::RowPtr rowOf(const changes::RequestSummary& request, ChangeList list,
                                             const changes::ChangeDesk& desk);

signals:
    void olderChanged();
    void failed(const wk::Error& error);

private:
    void follow();

    changes::ChangeDesk& m_desk;
    ChangeList m_list;
    RowsById m_rows;
    QList<changes::RequestSummary> m_older;
    bool m_hasOlder;
    bool m_reading = false;
};

} // namespace wk::widgets
