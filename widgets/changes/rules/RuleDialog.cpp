// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/RuleDialog.h"

#include "core/Future.h"
#include "widgets/changes/plan/FormRows.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

RuleDialog::RuleDialog(const QString& title, const QString& hint, const QString& save, QWidget* parent)
    : QDialog(parent), m_form(new QFormLayout), m_missing(new QLabel(this)), m_error(new QLabel(this)),
      m_save(new QPushButton(save, this))
{
    setWindowTitle(title);
    setMinimumWidth(560);
    const Theme& theme = Theme::of(this);
    auto* words = new QLabel(hint, this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_missing->setObjectName(u"ruleMissing"_s);
    m_missing->setTextFormat(Qt::PlainText);
    m_missing->setWordWrap(true);
    m_missing->setForegroundRole(QPalette::PlaceholderText);
    m_error->setObjectName(u"ruleError"_s);
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->hide();
    QPalette red = palette();
    red.setColor(QPalette::WindowText, theme.color(Theme::Token::Bad));
    m_error->setPalette(red);
    m_save->setObjectName(u"ruleSave"_s);
    m_save->setDefault(true);
    auto* back = new QPushButton(tr("Back"), this);
    connect(back, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &RuleDialog::save);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_missing, 1);
    buttons->addWidget(back);
    buttons->addWidget(m_save);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    layout->addWidget(words);
    layout->addLayout(m_form);
    layout->addWidget(m_error);
    layout->addLayout(buttons);
}

void RuleDialog::addRow(const QString& label, QWidget* field, const QString& name)
{
    field->setObjectName(name);
    field->setAccessibleName(label);
    m_form->addRow(label, field);
    levelLabel(m_form, field);
}

void RuleDialog::addRow(const QString& label, QLayout* row) { m_form->addRow(label, row); }

void RuleDialog::addReason(int least)
{
    m_least = least;
    m_reason = new QLineEdit(this);
    m_reason->setMaxLength(2000);
    m_reason->setPlaceholderText(tr("why; it stays in the record"));
    connect(m_reason, &QLineEdit::textChanged, this, &RuleDialog::judge);
    addRow(tr("Reason"), m_reason, u"ruleReason"_s);
}

void RuleDialog::judge()
{
    QString what = missing();
    if (what.isEmpty() && m_reason && m_reason->text().trimmed().size() < m_least)
        what = tr("Give a reason.");
    m_missing->setText(what);
    m_save->setEnabled(what.isEmpty() && !m_busy);
}

void RuleDialog::save()
{
    m_busy = true;
    judge();
    m_error->hide();
    whenDone(write(m_reason ? m_reason->text().trimmed() : QString()), this, [this](const Result<qint64>& done) {
        m_busy = false;
        if (done) {
            accept();
            return;
        }
        m_error->setText(done.error().text());
        m_error->setAccessibleName(done.error().text());
        m_error->show();
        judge();
    });
}

} // namespace wk::widgets
