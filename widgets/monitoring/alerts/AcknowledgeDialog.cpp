// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/monitoring/alerts/AcknowledgeDialog.h"

#include "widgets/common/Theme.h"

#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

AcknowledgeDialog::AcknowledgeDialog(const QString& alert, const QString& name, QWidget* parent)
    : QDialog(parent), m_name(new QLineEdit(name, this)), m_note(new QLineEdit(this))
{
    setWindowTitle(tr("Acknowledge"));
    auto* title = new QLabel(tr("Somebody has seen %1").arg(alert), this);
    title->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    auto* hint =
        new QLabel(tr("Kept on this workstation. It goes on firing and is told on: to stop that, silence it."), this);
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setWordWrap(true);
    m_name->setObjectName(u"acknowledgeName"_s);
    m_note->setObjectName(u"acknowledgeNote"_s);
    m_name->setAccessibleName(tr("Name"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setPlaceholderText(tr("What is being done about it"));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("N&ote"), m_note);
    auto* back = new QPushButton(tr("Back"), this);
    auto* done = new QPushButton(tr("Acknowledge"), this);
    done->setObjectName(u"acknowledgeDone"_s);
    done->setDefault(true);
    const auto judge = [this, done] { done->setEnabled(!this->name().isEmpty()); };
    connect(m_name, &QLineEdit::textChanged, this, judge);
    connect(back, &QPushButton::clicked, this, &QDialog::reject);
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
    judge();
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(back);
    buttons->addStretch(1);
    buttons->addWidget(done);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addWidget(hint);
    layout->addLayout(form);
    layout->addLayout(buttons);
    resize(480, sizeHint().height());
    (name.isEmpty() ? m_name : m_note)->setFocus();
}

QString AcknowledgeDialog::name() const { return m_name->text().trimmed(); }
QString AcknowledgeDialog::note() const { return m_note->text().trimmed(); }

} // namespace wk::widgets
