// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/TroubleButton.h"

#include "widgets/common/Health.h"

#include <QtCore/QLocale>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using table::Health;

namespace {

constexpr QStringView term = u"is:trouble";

QStringList wordsOf(const QString& filter) { return filter.split(u' ', Qt::SkipEmptyParts); }

} // namespace

TroubleButton::TroubleButton(QWidget* parent) : QToolButton(parent)
{
    setObjectName(u"troubleButton"_s);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setCheckable(true);
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    connect(this, &QToolButton::clicked, this, &TroubleButton::toggle);
    refresh();
}

void TroubleButton::setTally(cluster::HealthTally* tally)
{
    if (m_tally == tally)
        return;
    if (m_tally)
        m_tally->disconnect(this);
    m_tally = tally;
    if (m_tally)
        connect(m_tally, &cluster::HealthTally::changed, this, &TroubleButton::refresh);
    refresh();
}

void TroubleButton::setFilterText(const QString& text)
{
    m_filter = text;
    refresh();
}

void TroubleButton::refresh()
{
    const int bad = m_tally ? m_tally->bad() : 0;
    const int all = bad + (m_tally ? m_tally->warning() : 0);
    const bool pressed = wordsOf(m_filter).contains(term);
    setIcon(healthIcon(bad > 0 ? Health::Bad : all > 0 ? Health::Warning : Health::Good));
    const QString count = tr("%1 in trouble").arg(QLocale().toString(all));
    setText(u' ' + count); // a tool button leaves hardly anything after its icon
    setAccessibleName(count);
    setToolTip(pressed ? tr("Show all of them again") : tr("Show only those that need a look"));
    setChecked(pressed);
    setVisible(all > 0 || pressed);
}

void TroubleButton::toggle()
{
    QStringList words = wordsOf(m_filter);
    if (words.removeAll(term) == 0)
        words.append(term.toString());
    emit filterWanted(words.join(u' '));
}

} // namespace wk::widgets
