// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Columns.h"
#include "series/Mark.h"
#include "series/Unit.h"
#include "table/Row.h"

#include <QtCore/QString>

#include <optional>
#include <vector>

namespace wk::widgets {

/// One line of a chart.
struct ChartSeries
{
    QString id;   ///< stable from one content to the next: what a person switched off stays off
    QString name; ///< as the legend says it
    series::ColumnsPtr data;
    bool dashed = false; ///< a forecast, or another period for comparison
};

/// A region that is good or bad to be in, with a name at its edge ("critical above 5 %").
struct ChartBand
{
    QString name;
    std::optional<double> from, to; ///< open where absent
    table::Health health = table::Health::Warning;
};

/// Something that happened: a rollout, a change, an alert, an incident.
using ChartMark = series::Mark;

/// What a chart shows, and where it came from.
struct ChartContent
{
    QString title;
    series::Unit unit = series::Unit::Number;
    QString query;        ///< as it was sent
    QString source;       ///< whom it was sent to
    qint64 fetchedMs = 0; ///< when; milliseconds since the Unix epoch, 0: not said
    QString notice;       ///< warnings of the server, partial results: shown beside the title
    std::vector<ChartSeries> series;
    std::vector<ChartBand> bands;
    std::vector<ChartMark> marks; ///< in the order in which they began
    qint64 gapMs = 0;             ///< values further apart are not joined; 0: two and a half of their usual distance
    bool honestZero = true;       ///< the scale begins at zero
};

} // namespace wk::widgets
