// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/alerts/SilenceDialog.h"

#include "core/Duration.h"
#include "monitoring/alerts/MatcherText.h"
#include "widgets/common/Theme.h"
#include "widgets/monitoring/alerts/AlertRows.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using Kind = SilenceWish::Kind;
using monitoring::Silence;

namespace {

/// Shown one by one; the rest is counted.
constexpr std::size_t mostShown = 100;

QString titleOf(Kind kind)
{
    switch (kind) {
    case Kind::Make: return SilenceDialog::tr("Silence alerts");
    case Kind::Extend: return SilenceDialog::tr("Make the silence last longer");
    case Kind::Expire: break;
    }
    return SilenceDialog::tr("End the silence now");
}

QLabel* quiet(QLabel* label, const QString& name)
{
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

SilenceDialog::SilenceDialog(const SilenceWish& wish, std::shared_ptr<monitoring::AlertSource> source,
                             SilenceDoor& door, std::shared_ptr<Clock> clock, QWidget* parent)
    : QDialog(parent), m_wish(wish), m_source(std::move(source)), m_door(door), m_clock(std::move(clock)),
      m_matchers(new QPlainTextEdit(this)), m_length(new QComboBox(this)), m_author(new QLineEdit(this)),
      m_reason(new QLineEdit(this)), m_problem(new QLabel(this)), m_covers(new QLabel(this)),
      m_whyNot(new QLabel(this)), m_covered(new QListWidget(this)), m_now(new QPushButton(tr("Do it now"), this)),
      m_propose(new QPushButton(tr("Propose it"), this))
{
    setObjectName(u"silenceDialog"_s);
    build();
    connectParts();
    judge();
}

void SilenceDialog::buildForm(QFormLayout* form)
{
    QString lines;
    for (const auto& one : m_wish.silence.matchers)
        lines += one.text() + u'\n';
    m_matchers->setObjectName(u"silenceMatchers"_s);
    m_matchers->setFont(Theme::of(this).font(Theme::Role::Mono));
    m_matchers->setPlainText(lines.trimmed());
    m_matchers->setTabChangesFocus(true);
    m_matchers->setReadOnly(m_wish.kind != Kind::Make);
    m_matchers->setFixedHeight(m_matchers->fontMetrics().lineSpacing() * 6 + 14);
    m_matchers->setToolTip(tr("One a line; all of them have to hold: name=\"value\", !=, =~ and !~ with expressions"));
    m_length->setObjectName(u"silenceLength"_s);
    m_length->setEditable(true);
    m_length->addItems({u"30m"_s, u"1h"_s, u"2h"_s, u"4h"_s, u"8h"_s, u"1d"_s, u"3d"_s, u"1w"_s});
    m_length->setCurrentText(u"2h"_s);
    m_author->setObjectName(u"silenceAuthor"_s);
    m_author->setText(m_wish.silence.createdBy);
    m_reason->setObjectName(u"silenceReason"_s);
    m_reason->setText(m_wish.silence.comment);
    m_reason->setPlaceholderText(tr("Why nobody has to be told, and until when that is so"));
    form->addRow(tr("&Matchers"), m_matchers);
    form->addRow(m_wish.kind == Kind::Extend ? tr("From now &for") : tr("&For"), m_length);
    form->addRow(tr("&By"), m_author);
    form->addRow(tr("&Reason"), m_reason);
    for (QWidget* field :
         {static_cast<QWidget*>(m_length), static_cast<QWidget*>(m_author), static_cast<QWidget*>(m_reason)})
        form->setRowVisible(field, m_wish.kind != Kind::Expire);
    for (QWidget* field : {static_cast<QWidget*>(m_matchers), static_cast<QWidget*>(m_length),
                           static_cast<QWidget*>(m_author), static_cast<QWidget*>(m_reason)})
        if (auto* label = qobject_cast<QLabel*>(form->labelForField(field)))
            field->setAccessibleName(label->text().remove(u'&'));
}

void SilenceDialog::build()
{
    setWindowTitle(titleOf(m_wish.kind));
    const Theme& theme = Theme::of(this);
    auto* title = new QLabel(titleOf(m_wish.kind), this);
    title->setFont(theme.font(Theme::Role::TitleStrong));
    auto* where = quiet(new QLabel(tr("%1: %2").arg(m_wish.platform, m_source->name()), this), u"silenceWhere"_s);
    where->setForegroundRole(QPalette::PlaceholderText);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    buildForm(form);
    quiet(m_problem, u"silenceProblem"_s);
    quiet(m_covers, u"silenceCovers"_s)->setFont(theme.font(Theme::Role::BaseStrong));
    quiet(m_whyNot, u"silenceWhyNot"_s)->setForegroundRole(QPalette::PlaceholderText);
    m_covered->setObjectName(u"silenceCovered"_s);
    m_covered->setAccessibleName(tr("Alerts that it covers now"));
    m_covered->setSelectionMode(QAbstractItemView::NoSelection);
    m_covered->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // labels are many: the rest is in the tooltip
    m_covered->setTextElideMode(Qt::ElideRight);
    m_now->setObjectName(u"silenceNow"_s);
    m_propose->setObjectName(u"silencePropose"_s);
    auto* back = new QPushButton(tr("Back"), this);
    connect(back, &QPushButton::clicked, this, &QDialog::reject);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(back);
    buttons->addStretch(1);
    buttons->addWidget(m_propose);
    buttons->addWidget(m_now);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(where);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(m_covers);
    layout->addWidget(m_covered, 1);
    layout->addWidget(m_whyNot);
    layout->addLayout(buttons);
    const QSize room = parentWidget() ? parentWidget()->window()->size() : QSize(1024, 700);
    resize(QSize(640, 620).boundedTo(room - QSize(48, 48)));
    (m_wish.kind == Kind::Make     ? static_cast<QWidget*>(m_reason)
     : m_wish.kind == Kind::Extend ? static_cast<QWidget*>(m_length)
                                   : back)
        ->setFocus();
}

void SilenceDialog::connectParts()
{
    connect(m_matchers, &QPlainTextEdit::textChanged, this, &SilenceDialog::judge);
    connect(m_length, &QComboBox::currentTextChanged, this, &SilenceDialog::judge);
    connect(m_author, &QLineEdit::textChanged, this, &SilenceDialog::judge);
    connect(m_reason, &QLineEdit::textChanged, this, &SilenceDialog::judge);
    connect(m_source.get(), &monitoring::AlertSource::changed, this, &SilenceDialog::judge);
    connect(&m_door, &SilenceDoor::changed, this, &SilenceDialog::judge);
    connect(m_now, &QPushButton::clicked, this, &SilenceDialog::doNow);
    connect(m_propose, &QPushButton::clicked, this, [this] {
        if (const auto wanted = wish()) {
            accept();
            m_door.propose(*wanted);
        }
    });
}

Result<std::vector<monitoring::LabelMatcher>> SilenceDialog::matchers() const
{
    if (m_wish.kind != Kind::Make)
        return m_wish.silence.matchers;
    return monitoring::parseMatchers(m_matchers->toPlainText());
}

Result<SilenceWish> SilenceDialog::wish() const
{
    SilenceWish out = m_wish;
    if (m_wish.kind == Kind::Expire)
        return out;
    auto wanted = matchers();
    if (!wanted)
        return fail(std::move(wanted.error()));
    const auto length = parseDurationMs(m_length->currentText().trimmed());
    if (!length)
        return fail(length.error());
    const qint64 now = m_clock->nowMs();
    if (m_wish.kind == Kind::Extend) {
        out.silence = monitoring::extendedSilence(m_wish.silence, now + *length, now);
    } else {
        out.silence.matchers = *std::move(wanted);
        out.silence.startsAt = now;
        out.silence.endsAt = now + *length;
    }
    out.silence.createdBy = m_author->text().trimmed();
    out.silence.comment = m_reason->text().trimmed();
    if (const auto good = monitoring::checkSilence(out.silence, now); !good)
        return fail(good.error());
    return out;
}

void SilenceDialog::judge()
{
    const auto wanted = wish();
    m_problem->setText(wanted ? QString() : wanted.error().text());
    m_problem->setVisible(!wanted);
    preview();
    offer(wanted);
}

void SilenceDialog::preview()
{
    const auto wanted = matchers();
    const auto firing = m_source->firing();
    const auto covered = wanted && !wanted->empty() ? monitoring::previewSilence(*wanted, firing, m_wish.silence.id)
                                                    : Result<monitoring::SilencePreview>(monitoring::SilencePreview());
    m_covered->clear();
    if (!covered || !wanted) {
        m_covers->clear();
        return;
    }
    for (const std::size_t i : covered->covered) {
        if (std::size_t(m_covered->count()) == mostShown)
            break;
        const auto& alert = firing[i];
        const QString line = u"%1  %2"_s.arg(alert.name(), alerts::placeOf(alert));
        m_covered->addItem(line);
        m_covered->item(m_covered->count() - 1)->setToolTip(line);
    }
    QString text =
        m_wish.kind == Kind::Expire
            ? tr("Of the alerts that fire now, it covers %1: they are told again unless something else keeps them.")
                  .arg(covered->covered.size())
            : tr("Of the alerts that fire now, it covers %1 of %2.").arg(covered->covered.size()).arg(firing.size());
    if (!covered->alreadySilenced.empty())
        text += u' ' + tr("Silenced already: %1.").arg(covered->alreadySilenced.size());
    if (!covered->undecided.empty())
        text += u' ' + covered->why;
    if (m_source->isStale())
        text += u' ' + tr("No replica of Alertmanager answers: that is as it was last heard.");
    m_covers->setText(text);
}

void SilenceDialog::offer(const Result<SilenceWish>& wanted)
{
    // Asked in any case: the door may have to get ready, which takes its time.
    const QString judged = m_door.whyNotNow(wanted ? *wanted : m_wish);
    const QString notNow = wanted ? judged : QString();
    const QString notAtAll = wanted ? m_door.whyNotPropose(*wanted) : QString();
    m_now->setEnabled(wanted && notNow.isEmpty());
    m_now->setToolTip(notNow);
    m_propose->setEnabled(wanted && notAtAll.isEmpty());
    m_propose->setToolTip(notAtAll);
    m_whyNot->setText(notAtAll.isEmpty() ? notNow : notAtAll);
    m_whyNot->setVisible(!m_whyNot->text().isEmpty());
    (m_now->isEnabled() ? m_now : m_propose)->setDefault(true);
}

void SilenceDialog::doNow()
{
    const auto wanted = wish();
    if (!wanted)
        return;
    if (const auto begun = m_door.doNow(*wanted); !begun) {
        m_whyNot->setText(begun.error().text());
        m_whyNot->show();
        return;
    }
    emit notice(titleOf(m_wish.kind));
    accept();
}

} // namespace wk::widgets
