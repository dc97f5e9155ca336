// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/tallies/HealthTally.h"

#include <QtCore/QPointer>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

/// How many rows of a table are in trouble, beside its filter; pressed, it leaves only those. Hidden while all is well
/// and the filter does not ask for them.
class TroubleButton : public QToolButton
{
    Q_OBJECT
public:
    explicit TroubleButton(QWidget* parent = nullptr);

    /// Whose rows are counted; null for none.
    void setTally(cluster::HealthTally* tally);
    /// The filter now in force.
    void setFilterText(const QString& text);

signals:
    /// The filter that it asks for: the one in force with "is:trouble", or without.
    void filterWanted(const QString& text);

private:
    void refresh();
    void toggle();

    QPointer<cluster::HealthTally> m_tally;
    QString m_filter;
};

} // namespace wk::widgets
