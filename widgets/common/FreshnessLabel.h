// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QWidget>

namespace wk::widgets {

/// How far what is shown can be trusted: "Live", "Reconnecting", "Stale since 14:03:22 (2 m)". Icon, words and colour.
class FreshnessLabel : public QWidget
{
    Q_OBJECT
public:
    explicit FreshnessLabel(QWidget* parent = nullptr);

    /// `nowMs` as the clock has it; call again every few seconds.
    void setFreshness(const table::Freshness& freshness, qint64 nowMs);
    [[nodiscard]] QString text() const { return m_text; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

    /// The words alone.
    [[nodiscard]] static QString describe(const table::Freshness& freshness, qint64 nowMs);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    table::Freshness m_freshness;
    QString m_text;
};

} // namespace wk::widgets
