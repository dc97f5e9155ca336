// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/ConfirmDialog.h"

#include "widgets/changes/plan/FormRows.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

ConfirmDialog::ConfirmDialog(const Question& question, QWidget* parent)
    : QDialog(parent), m_do(new QPushButton(question.confirm, this))
{
    setObjectName(u"confirmDialog"_s);
    setWindowTitle(question.title);
    auto* title = new QLabel(question.title, this);
    title->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    title->setTextFormat(Qt::PlainText);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    const auto row = [&](const QString& label, const QString& name, const QString& text) {
        auto* value = new QLabel(text, this);
        value->setObjectName(name);
        value->setTextFormat(Qt::PlainText);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setMinimumWidth(380);
        form->addRow(label, value);
    };
    row(tr("What"), u"confirmWhat"_s, question.what);
    row(tr("Where"), u"confirmWhere"_s, question.where);
    row(tr("On"), u"confirmObjects"_s, question.objects);
    if (!question.typed.isEmpty()) {
        m_typed = new QLineEdit(this);
        m_typed->setObjectName(u"confirmTyped"_s);
        m_typed->setPlaceholderText(question.typed);
        m_typed->setAccessibleName(tr("Type %1 to confirm").arg(question.typed));
        form->addRow(tr("Type %1").arg(question.typed), m_typed);
        connect(m_typed, &QLineEdit::textChanged, this,
                [this, wanted = question.typed](const QString& text) { m_do->setEnabled(text == wanted); });
        m_do->setEnabled(false);
    }
    m_do->setObjectName(u"confirmDo"_s);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(u"confirmCancel"_s);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    buttons->addWidget(m_do);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addLayout(form);
    layout->addStretch(1);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_do, &QPushButton::clicked, this, &QDialog::accept);
    // The key that opened this must not be enough where something is taken away.
    QPushButton* first = question.danger || m_typed ? cancel : m_do;
    m_do->setAutoDefault(!question.danger);
    first->setDefault(true);
    if (m_typed && !question.danger)
        m_typed->setFocus();
    else
        first->setFocus();
}

} // namespace wk::widgets
