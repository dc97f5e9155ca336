// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/SummaryView.h"

#include "widgets/common/HealthBadge.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/common/Theme.h"

#include <QtCore/QEvent>
#include <QtGui/QWheelEvent>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTextEdit>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace wk::widgets {

namespace {

constexpr int keyWidth = 144;   ///< longer names take a second line
constexpr int longestWord = 24; ///< characters; a label would cut what is longer, and cannot break it

/// Where a name may be broken that has no space: after a separator, and between the words of CamelCase.
QString breakable(const QString& name)
{
    constexpr QChar maybe(0x200B); // zero-width space
    QString out;
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (i > 0 && name[i].isUpper() && name[i - 1].isLower())
            out += maybe;
        out += name[i];
        if (u"./_-:"_s.contains(name[i]))
            out += maybe;
    }
    return out;
}

/// A label breaks lines at spaces, slashes and hyphens only.
bool hasLongWord(const QString& text)
{
    qsizetype length = 0;
    for (const QChar c : text) {
        length = c.isSpace() || c == u'/' || c == u'-' ? 0 : length + 1;
        if (length > longestWord)
            return true;
    }
    return false;
}

/// A value that is broken wherever it must, and copied as it is: hashes, images, tokens.
class LongText final : public QTextEdit
{
public:
    explicit LongText(const QString& text)
    {
        setObjectName(u"longText"_s);
        setReadOnly(true);
        setFrameShape(QFrame::NoFrame);
        setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        document()->setDocumentMargin(0);
        setPlainText(text);
        QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
    }

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override
    {
        const std::unique_ptr<QTextDocument> copy(document()->clone());
        copy->setDefaultFont(font());
        copy->setTextWidth(width);
        return int(std::ceil(copy->size().height()));
    }
    [[nodiscard]] QSize sizeHint() const override { return {200, heightForWidth(200)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {40, fontMetrics().height()}; }

protected:
    // The page scrolls, not the value.
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

} // namespace

SummaryView::SummaryView(QWidget* parent) : QScrollArea(parent)
{
    setObjectName(u"summaryView"_s);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Summary"));
    connect(&Theme::of(this), &Theme::changed, this, &SummaryView::rebuild);
    rebuild();
}

void SummaryView::setSections(const QList<SummarySection>& sections)
{
    if (sections == m_sections || updateWords(sections))
        return;
    m_sections = sections;
    rebuild();
}

bool SummaryView::updateWords(const QList<SummarySection>& sections)
{
    const auto withoutValue = [](SummaryItem item) {
        item.value = hasLongWord(item.value) ? u"long"_s : QString();
        return item;
    };
    const auto sameShape = [&](const SummaryItem& a, const SummaryItem& b) {
        return a == b || (a.link.isEmpty() && withoutValue(a) == withoutValue(b));
    };
    const bool same = std::equal(sections.begin(), sections.end(), m_sections.begin(), m_sections.end(),
                                 [&](const SummarySection& a, const SummarySection& b) {
                                     return a.title == b.title && std::equal(a.items.begin(), a.items.end(),
                                                                             b.items.begin(), b.items.end(), sameShape);
                                 });
    if (!same)
        return false;
    qsizetype at = 0;
    for (qsizetype i = 0; i < sections.size(); ++i) {
        for (qsizetype j = 0; j < sections[i].items.size(); ++j, ++at) {
            const SummaryItem& item = sections[i].items[j];
            if (item == m_sections[i].items[j])
                continue;
            m_values[at]->setAccessibleName(u"%1: %2"_s.arg(item.key, item.value));
            if (auto* label = qobject_cast<QLabel*>(m_values[at]))
                label->setText(item.value);
            else
                static_cast<LongText*>(m_values[at])->setPlainText(item.value);
        }
    }
    m_sections = sections;
    return true;
}

QWidget* SummaryView::makeValue(const SummaryItem& item)
{
    const Theme& theme = Theme::of(this);
    if (item.link.isEmpty() && hasLongWord(item.value)) {
        auto* text = new LongText(item.value);
        text->setFont(theme.font(item.monospace ? Theme::Role::Mono : Theme::Role::Base));
        text->setAccessibleName(u"%1: %2"_s.arg(item.key, item.value));
        text->setToolTip(item.tooltip);
        QPalette colours = text->palette();
        colours.setColor(QPalette::Text, valueColour(item));
        text->setPalette(colours);
        return withIcon(item, text);
    }
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFont(theme.font(item.monospace ? Theme::Role::Mono : Theme::Role::Base));
    label->setAccessibleName(u"%1: %2"_s.arg(item.key, item.value));
    label->setToolTip(item.tooltip);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    label->setMinimumWidth(40);
    if (!item.link.isEmpty()) {
        label->setTextFormat(Qt::RichText);
        label->setTextInteractionFlags(Qt::TextBrowserInteraction);
        label->setText(u"<a href=\"%1\" style=\"color:%2\">%3</a>"_s.arg(
            item.link.toHtmlEscaped(), theme.color(Theme::Token::Accent).name(), item.value.toHtmlEscaped()));
        connect(label, &QLabel::linkActivated, this, &SummaryView::linkActivated);
    } else {
        label->setText(item.value);
    }
    QPalette colored = label->palette();
    colored.setColor(QPalette::WindowText, valueColour(item));
    label->setPalette(colored);
    return withIcon(item, label);
}

QColor SummaryView::valueColour(const SummaryItem& item) const
{
    // What is well keeps its icon and speaks quietly, as in the tables.
    const Theme& theme = Theme::of(this);
    return item.health == table::Health::Good ? theme.color(Theme::Token::Text) : theme.color(item.health);
}

QWidget* SummaryView::withIcon(const SummaryItem& item, QWidget* value)
{
    m_values.append(value);
    if (item.health == table::Health::None)
        return value;
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* badge = new HealthBadge;
    badge->setHealth(item.health, u" "_s);
    badge->setFixedSize(18, std::max(16, value->fontMetrics().height()));
    layout->addWidget(badge, 0, Qt::AlignTop);
    layout->addWidget(value, 1);
    return row;
}

void SummaryView::rebuild()
{
    const int scrolled = verticalScrollBar()->value();
    m_values.clear();
    const Theme& theme = Theme::of(this);
    auto* body = new QWidget;
    body->setObjectName(u"summaryBody"_s);
    auto* grid = new QGridLayout(body);
    grid->setContentsMargins(16, 12, 16, 16);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    QPalette muted;
    muted.setColor(QPalette::WindowText, theme.color(Theme::Token::Muted));
    int row = 0;
    for (const SummarySection& section : std::as_const(m_sections)) {
        if (!section.title.isEmpty()) {
            if (row > 0)
                grid->setRowMinimumHeight(row++, 8);
            grid->addWidget(new SectionHeader(section.title), row++, 0, 1, 2);
        }
        for (const SummaryItem& item : section.items) {
            auto* key = new QLabel(breakable(item.key));
            key->setTextFormat(Qt::PlainText);
            key->setPalette(muted);
            key->setWordWrap(true);
            key->setFixedWidth(keyWidth);
            key->setAccessibleName(item.key);
            key->setToolTip(item.tooltip);
            QWidget* value = makeValue(item);
            grid->addWidget(key, row, 0, Qt::AlignTop | Qt::AlignLeft);
            grid->addWidget(value, row++, 1, Qt::AlignTop);
        }
    }
    grid->setRowStretch(row, 1);
    setWidget(body); // deletes the previous one
    verticalScrollBar()->setValue(scrolled);
}

void SummaryView::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        rebuild();
}

} // namespace wk::widgets
