// SPDX-License-Identifier: GPL-3.0-or-later
// What a DataProbe says, for its own files.
#pragma once

#include "monitoring/prometheus/DataProbe.h"

namespace wk::monitoring {

/// At which step a question that got no answer has failed.
[[nodiscard]] DataFinding::Step stepOf(const Error& error);
/// That it holds, in a sentence: the first four steps.
[[nodiscard]] QString holdsText(DataFinding::Step step);
/// The name that is most like this one; empty where none is near.
[[nodiscard]] QString nearestMetric(const QString& name, const QStringList& all);
/// All that the query names is there: what it does with it.
[[nodiscard]] QString whyNothingIsLeft(const PromqlPtr& node);

namespace words {
[[nodiscard]] QString answered(int series);
[[nodiscard]] QString unread();
[[nodiscard]] QString thereIs(const QString& selector);
[[nodiscard]] QString nothingFits(const QString& selector);
[[nodiscard]] QString ended(const QString& metric);
[[nodiscard]] QString lookAtTargets();
[[nodiscard]] QString noMetric(const QString& metric, const QString& near);
[[nodiscard]] QString scraped();
[[nodiscard]] QString notTogether(const QString& selector);
/// `values`: those that the label has on the metric's series; empty: it is on none of them.
[[nodiscard]] QString badLabel(const QString& metric, const QString& label, const QString& condition,
                               const QString& wanted, const QStringList& values);
[[nodiscard]] QString oneSample(const QString& selector, const QString& window);
[[nodiscard]] QString noSample(const QString& selector, const QString& window);
[[nodiscard]] QString longerWindow();
} // namespace words

} // namespace wk::monitoring
