// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../table/TableFixture.h"

#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FrozenTableView.h"

#include <QtTest/QtTest>

namespace wk::table::fixture {

inline std::vector<RowPtr> manyPods(int count)
{
    std::vector<RowPtr> rows;
    for (int i = 0; i < count; ++i)
        rows.push_back(pod({.id = u"id-%1"_s.arg(i),
                            .space = i % 2 ? u"shop"_s : u"kube-system"_s,
                            .name = u"pod-%1"_s.arg(i),
                            .status = i % 3 ? u"Running"_s : u"Pending"_s,
                            .restarts = i % 10,
                            .ageMs = i * 60'000LL}));
    return rows;
}

/// A table on the screen, whose rows the test holds in its hand.
struct Bench
{
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(nowMs);
    std::shared_ptr<HandSource> source = std::make_shared<HandSource>();
    widgets::DataTable table{clock};

    explicit Bench(int rows = 300)
    {
        source->reset(manyPods(rows));
        table.setSubject(u"Pods"_s);
        table.setSource(source);
        table.resize(900, 500);
        table.show();
        QVERIFY(QTest::qWaitForWindowActive(&table));
    }
    template <typename T>
    T* find(const char* name) const
    {
        return table.findChild<T*>(QString::fromLatin1(name));
    }
    [[nodiscard]] widgets::FrozenTableView* view() const { return table.view(); }
    [[nodiscard]] TableModel* model() const { return table.model(); }
    [[nodiscard]] QString idAtY(int y) const
    {
        return model()->index(view()->rowAt(y), 0).data(TableModel::RowIdRole).toString();
    }
};

} // namespace wk::table::fixture
