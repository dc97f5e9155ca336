// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/DecisionBar.h"

#include "widgets/changes/plan/FormRows.h"
#include "widgets/common/Theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtGui/QRegularExpressionValidator>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDateTimeEdit>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

DecisionBar::DecisionBar(QWidget* parent) : QFrame(parent), m_form(new QFormLayout)
{
    setObjectName(u"decisionBar"_s);
    const Theme& theme = Theme::of(this);
    m_sentence = new QLabel(this);
    m_sentence->setObjectName(u"decisionSentence"_s);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setFont(theme.font(Theme::Role::BaseStrong));
    m_verdict = new QComboBox(this);
    m_verdict->setObjectName(u"decisionVerdict"_s);
    m_verdict->addItem(tr("It was right to do so"), true);
    m_verdict->addItem(tr("I object"), false);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->addRow(tr("Verdict"), m_verdict);
    levelLabel(m_form, m_verdict);
    m_text = addLine(u"decisionText"_s, tr("Comment"));
    m_incident = addLine(u"decisionIncident"_s, tr("Incident or ticket"));
    m_typed = addLine(u"decisionTyped"_s, tr("Type the cluster"));
    m_code = addLine(u"decisionCode"_s, tr("One-time code"));
    m_code->setValidator(
        new QRegularExpressionValidator(QRegularExpression(u"[0-9]{0,6}"_s), m_code)); // RFC 6238, six digits
    m_code->setInputMethodHints(Qt::ImhDigitsOnly | Qt::ImhSensitiveData);
    m_code->setPlaceholderText(tr("six digits of your app"));
    m_code->setMaximumWidth(220);
    m_from = addTime(u"decisionFrom"_s, tr("Not before"));
    m_until = addTime(u"decisionUntil"_s, tr("Not after"));
    m_error = new QLabel(this);
    m_error->setObjectName(u"decisionError"_s);
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_confirm = new QPushButton(this);
    m_confirm->setObjectName(u"decisionConfirm"_s);
    m_cancel = new QPushButton(tr("Back"), this);
    m_cancel->setObjectName(u"decisionCancel"_s);
    connect(m_confirm, &QPushButton::clicked, this, &DecisionBar::confirm);
    connect(m_cancel, &QPushButton::clicked, this, &DecisionBar::cancelled);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_error, 1);
    buttons->addWidget(m_cancel, 0, Qt::AlignBottom);
    buttons->addWidget(m_confirm, 0, Qt::AlignBottom);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addWidget(m_sentence);
    layout->addLayout(m_form);
    layout->addLayout(buttons);
    const auto restyle = [this] {
        QPalette red = palette();
        red.setColor(QPalette::WindowText, Theme::of(this).color(Theme::Token::Bad));
        m_error->setPalette(red);
    };
    connect(&theme, &Theme::changed, this, restyle);
    restyle();
}

QLineEdit* DecisionBar::addLine(const QString& name, const QString& label)
{
    auto* edit = new QLineEdit(this);
    edit->setObjectName(name);
    edit->setAccessibleName(label);
    m_form->addRow(label, edit);
    levelLabel(m_form, edit);
    connect(edit, &QLineEdit::textChanged, this, &DecisionBar::judge);
    connect(edit, &QLineEdit::returnPressed, this, &DecisionBar::confirm);
    return edit;
}

QDateTimeEdit* DecisionBar::addTime(const QString& name, const QString& label)
{
    auto* edit = new QDateTimeEdit(this);
    edit->setObjectName(name);
    edit->setAccessibleName(label);
    edit->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
    edit->setCalendarPopup(true);
    edit->setMaximumWidth(220);
    m_form->addRow(label, edit);
    levelLabel(m_form, edit);
    connect(edit, &QDateTimeEdit::dateTimeChanged, this, &DecisionBar::judge);
    return edit;
}

void DecisionBar::showRow(QWidget* field, bool shown)
{
    field->setVisible(shown);
    m_form->labelForField(field)->setVisible(shown);
}

void DecisionBar::ask(const ActQuestion& question, const QDateTime& from, const QDateTime& until)
{
    m_question = question;
    m_busy = false;
    m_sentence->setText(question.sentence);
    m_confirm->setText(question.confirm);
    m_confirm->setDefault(!question.danger);
    showRow(m_verdict, question.verdict);
    showRow(m_text, !question.textLabel.isEmpty());
    showRow(m_incident, question.incident);
    showRow(m_typed, !question.typed.isEmpty());
    showRow(m_code, question.code);
    showRow(m_from, question.times);
    showRow(m_until, question.times);
    qobject_cast<QLabel*>(m_form->labelForField(m_text))->setText(question.textLabel);
    m_text->setAccessibleName(question.textLabel);
    m_typed->setPlaceholderText(question.typed);
    for (QLineEdit* edit : {m_text, m_incident, m_typed, m_code})
        edit->clear();
    m_verdict->setCurrentIndex(0);
    m_from->setDateTime(from.toLocalTime());
    m_until->setDateTime(until.toLocalTime());
    showError({});
    judge();
    QWidget* first = question.code && question.leastText == 0 ? static_cast<QWidget*>(m_code)
                     : !question.textLabel.isEmpty()          ? static_cast<QWidget*>(m_text)
                     : question.times                         ? static_cast<QWidget*>(m_from)
                     : question.danger                        ? static_cast<QWidget*>(m_cancel)
                                                              : static_cast<QWidget*>(m_confirm);
    first->setFocus(Qt::OtherFocusReason);
}

bool DecisionBar::isComplete() const
{
    if (m_text->text().trimmed().size() < m_question.leastText)
        return false;
    if (m_question.code && m_code->text().size() != 6)
        return false;
    if (m_question.incident && m_incident->text().trimmed().size() < 2)
        return false;
    if (m_typed->text() != m_question.typed)
        return false;
    return !m_question.times || m_from->dateTime() < m_until->dateTime();
}

void DecisionBar::judge()
{
    const bool complete = isComplete();
    m_confirm->setEnabled(complete && !m_busy);
    QString missing;
    if (m_text->text().trimmed().size() < m_question.leastText)
        missing = tr("\"%1\" takes at least %2 characters.").arg(m_question.textLabel).arg(m_question.leastText);
    else if (m_question.incident && m_incident->text().trimmed().size() < 2)
        missing = tr("Name the incident or the ticket.");
    else if (m_typed->text() != m_question.typed)
        missing = tr("Type exactly: %1").arg(m_question.typed);
    else if (m_question.code && m_code->text().size() != 6)
        missing = tr("The one-time code has six digits.");
    else if (!complete)
        missing = tr("The end has to be later than the beginning.");
    m_confirm->setToolTip(missing);
}

void DecisionBar::setBusy(bool busy)
{
    m_busy = busy;
    for (QWidget* field :
         {static_cast<QWidget*>(m_verdict), static_cast<QWidget*>(m_text), static_cast<QWidget*>(m_incident),
          static_cast<QWidget*>(m_typed), static_cast<QWidget*>(m_code), static_cast<QWidget*>(m_from),
          static_cast<QWidget*>(m_until), static_cast<QWidget*>(m_cancel)})
        field->setEnabled(!busy);
    judge();
}

void DecisionBar::showError(const QString& sentence)
{
    m_error->setText(sentence);
    m_error->setAccessibleName(sentence);
    if (!sentence.isEmpty() && m_question.code) {
        m_code->clear(); // a code is good for one try
        m_code->setFocus();
    }
}

QString DecisionBar::error() const { return m_error->text(); }

void DecisionBar::confirm()
{
    if (m_busy || !isComplete())
        return;
    showError({});
    emit confirmed({m_text->text().trimmed(), m_code->text(), m_incident->text().trimmed(), m_typed->text(),
                    m_verdict->currentData().toBool(), m_from->dateTime().toUTC(), m_until->dateTime().toUTC()});
}

void DecisionBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_busy)
        emit cancelled();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        confirm();
    else
        QFrame::keyPressEvent(event);
}

void DecisionBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(this);
    painter.fillRect(rect(), theme.color(Theme::Token::Raised));
    painter.fillRect(QRect(0, 0, width(), 2),
                     theme.color(m_question.danger ? Theme::Token::Bad : Theme::Token::Accent));
}

} // namespace wk::widgets
