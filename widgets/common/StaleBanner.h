// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/Row.h"

#include <QtWidgets/QFrame>

class QLabel;

namespace wk::widgets {

/// One line above rows that are not live any more: since when, why, and what is being done about it.
class StaleBanner : public QFrame
{
    Q_OBJECT
public:
    explicit StaleBanner(QWidget* parent = nullptr);

    /// Hides itself where there is nothing to warn of.
    void setFreshness(const table::Freshness& freshness, qint64 nowMs);
    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_icon;
    QLabel* m_text;
    table::Freshness::State m_state = table::Freshness::State::Idle;
};

} // namespace wk::widgets
