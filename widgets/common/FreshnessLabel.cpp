// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FreshnessLabel.h"

#include "table/CellText.h"
#include "widgets/common/Icons.h"

#include <QtCore/QDateTime>
#include <QtGui/QPainter>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int iconSide = 14;
constexpr int gap = 5;

QString timeOfDay(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms).toString(u"HH:mm:ss"); }

struct Look
{
    QString icon;
    Theme::Token token = Theme::Token::Muted;
};

Look lookOf(table::Freshness::State state)
{
    using S = table::Freshness::State;
    switch (state) {
    case S::Idle: return {u"clock"_s, Theme::Token::Muted};
    case S::Loading: return {u"progress"_s, Theme::Token::Muted};
    case S::Live: return {u"good"_s, Theme::Token::Good};
    case S::Reconnecting: return {u"refresh"_s, Theme::Token::Info};
    case S::Stale: return {u"stale"_s, Theme::Token::Warning};
    case S::Failed: return {u"bad"_s, Theme::Token::Bad};
    case S::Unavailable: return {u"lock"_s, Theme::Token::Unknown};
    }
    return {};
}

} // namespace

FreshnessLabel::FreshnessLabel(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QString FreshnessLabel::describe(const table::Freshness& freshness, qint64 nowMs)
{
    using S = table::Freshness::State;
    switch (freshness.state) {
    case S::Idle: return tr("Not asked for yet");
    case S::Loading: return tr("Loading");
    case S::Live: {
        // Steps of ten seconds, so that it stays still while all is well.
        const qint64 age = freshness.asOfMs > 0 ? (nowMs - freshness.asOfMs) / 1000 : 0;
        if (age < 10)
            return tr("Live");
        return age < 60 ? tr("Live · %1 s ago").arg(age / 10 * 10)
                        : tr("Live · %1 ago").arg(table::relativeAge(freshness.asOfMs, nowMs));
    }
    case S::Reconnecting:
        return freshness.asOfMs > 0 ? tr("Reconnecting · as of %1").arg(timeOfDay(freshness.asOfMs))
                                    : tr("Reconnecting");
    case S::Stale:
        return freshness.asOfMs > 0 ? tr("Stale since %1 (%2)")
                                          .arg(timeOfDay(freshness.asOfMs), table::relativeAge(freshness.asOfMs, nowMs))
                                    : tr("Stale");
    case S::Failed: return tr("Failed");
    case S::Unavailable: return tr("Not available");
    }
    return {};
}

void FreshnessLabel::setFreshness(const table::Freshness& freshness, qint64 nowMs)
{
    const QString text = describe(freshness, nowMs);
    const auto why = [](const table::Freshness& f) { return f.error ? f.error->sentence : QString(); };
    if (text == m_text && freshness.state == m_freshness.state && why(freshness) == why(m_freshness))
        return;
    m_freshness = freshness;
    m_text = text;
    QStringList tip{text};
    if (freshness.asOfMs > 0)
        tip.append(tr("Last known to be right: %1").arg(table::exactMoment(freshness.asOfMs)));
    if (freshness.error)
        tip.append(freshness.error->text());
    setToolTip(tip.join(u'\n'));
    setAccessibleName(tr("Freshness: %1").arg(text));
    setFont(Theme::of(this).font(Theme::Role::Small));
    updateGeometry();
    update();
}

QSize FreshnessLabel::sizeHint() const { return {iconSide + gap + fontMetrics().horizontalAdvance(m_text) + 2, 28}; }

void FreshnessLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    const Look look = lookOf(m_freshness.state);
    const QRect box(0, (height() - iconSide) / 2, iconSide, iconSide);
    icon(look.icon, look.token).paint(&painter, box);
    painter.setPen(theme.color(look.token));
    painter.drawText(rect().adjusted(iconSide + gap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_text);
}

} // namespace wk::widgets
