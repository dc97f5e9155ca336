// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "widgets/charts/ChartContent.h"
#include "widgets/common/FileDialogs.h"

namespace wk::test {

/// 2026-11-20T12:00:00Z: where the examples end.
constexpr qint64 exampleNowMs = 1'795'176'000'000;

/// Six hours of four services' error ratios every 15 s with an outage, a gap of ten minutes, thresholds and marks.
[[nodiscard]] widgets::ChartContent errorRates();
/// One series of `count` values, one every second up to exampleNowMs.
[[nodiscard]] widgets::ChartContent longSeries(size_t count);

/// Answers every question for a file with `path`.
struct OneFile final : widgets::FileDialogs
{
    QString path;
    void saveFile(QWidget*, const QString&, const QString&, const QString&,
                  std::function<void(const QString&)> done) override
    {
        done(path);
    }
    void openFile(QWidget*, const QString&, const QString&, std::function<void(const QString&)> done) override
    {
        done(path);
    }
};

} // namespace wk::test
