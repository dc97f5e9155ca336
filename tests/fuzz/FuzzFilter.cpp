// SPDX-License-Identifier: GPL-3.0-or-later
#include "table/Filter.h"

#include <cstdint>

using namespace wk::table;
using namespace Qt::StringLiterals;

/// What a person types, or a saved view holds: read, then asked of a row with a value of every kind.
int fuzzFilter(const uint8_t* data, size_t size)
{
    static const Columns columns = [] {
        Columns all;
        const auto add = [&all](const QString& id, Column::Kind kind) {
            Column column;
            column.id = id;
            column.title = id;
            column.kind = kind;
            all << column;
        };
        add(u"name"_s, Column::Kind::Text);
        add(u"status"_s, Column::Kind::Status);
        add(u"restarts"_s, Column::Kind::Number);
        add(u"ready"_s, Column::Kind::Ratio);
        add(u"cpu"_s, Column::Kind::MilliCpu);
        add(u"memory"_s, Column::Kind::Bytes);
        add(u"used"_s, Column::Kind::Percent);
        add(u"age"_s, Column::Kind::Age);
        add(u"since"_s, Column::Kind::Moment);
        add(u"labels"_s, Column::Kind::Labels);
        return all;
    }();
    static const Row row{u"1"_s,
                         u"prod"_s,
                         u"api-1"_s,
                         Health::Bad,
                         u"it crashes"_s,
                         {u"api-1"_s, u"CrashLoopBackOff"_s, qint64(17), Ratio{1, 3}, qint64(250), qint64(1) << 30,
                          99.5, Instant{1'700'000'000'000}, Cell{}, u"app=api,tier=backend"_s}};
    const QString text = QString::fromUtf8(reinterpret_cast<const char*>(data), qsizetype(size));
    const Filter::Parsed parsed = Filter::parse(columns, text);
    for (const FilterError& error : parsed.errors) {
        if (error.position < 0 || error.length < 0 || error.position + error.length > text.size() ||
            error.sentence.isEmpty())
            __builtin_trap(); // an error must point into the text and say something
    }
    (void)parsed.filter.matches(row, 1'700'000'360'000);
    return 0;
}
