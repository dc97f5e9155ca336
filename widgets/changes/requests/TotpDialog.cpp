// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/TotpDialog.h"

#include "changes/desk/ChangeDesk.h"
#include "core/Future.h"
#include "widgets/changes/plan/FormRows.h"
#include "widgets/changes/requests/QrCode.h"
#include "widgets/common/Theme.h"

#include <QtGui/QRegularExpressionValidator>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

TotpDialog::TotpDialog(changes::ChangeDesk& desk, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_hint(new QLabel(this)), m_error(new QLabel(this)), m_code(new QrCode(this)),
      m_secret(new QLineEdit(this)), m_digits(new QLineEdit(this)), m_confirm(new QPushButton(tr("Confirm"), this))
{
    setObjectName(u"totpDialog"_s);
    setWindowTitle(tr("One-time codes"));
    setMinimumWidth(460);
    const Theme& theme = Theme::of(this);
    m_hint->setWordWrap(true);
    m_hint->setText(tr("Scan this with an authenticator app, or type the key into it. It is shown once and never "
                       "again. Approving a high risk and breaking the glass ask for the app's code."));
    m_secret->setObjectName(u"totpSecret"_s);
    m_secret->setReadOnly(true);
    m_secret->setFont(theme.font(Theme::Role::Mono));
    m_secret->setAccessibleName(tr("Key"));
    m_digits->setObjectName(u"totpCode"_s);
    m_digits->setAccessibleName(tr("First code"));
    m_digits->setPlaceholderText(tr("six digits"));
    m_digits->setInputMethodHints(Qt::ImhDigitsOnly | Qt::ImhSensitiveData);
    m_digits->setValidator(new QRegularExpressionValidator(QRegularExpression(u"[0-9]{0,6}"_s), m_digits));
    m_error->setObjectName(u"totpError"_s);
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    m_confirm->setObjectName(u"totpConfirm"_s);
    m_confirm->setDefault(true);
    m_confirm->setEnabled(false);
    auto* cancel = new QPushButton(tr("Not now"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_confirm, &QPushButton::clicked, this, &TotpDialog::confirm);
    connect(m_digits, &QLineEdit::textChanged, this,
            [this] { m_confirm->setEnabled(isReady() && m_digits->text().size() == 6); });

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("Key"), m_secret);
    form->addRow(tr("First code"), m_digits);
    for (QLineEdit* edit : {m_secret, m_digits})
        levelLabel(form, edit);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_error, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_confirm);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    layout->addWidget(m_hint);
    layout->addWidget(m_code, 0, Qt::AlignHCenter);
    layout->addLayout(form);
    layout->addLayout(buttons);
    QPalette red = palette();
    red.setColor(QPalette::WindowText, theme.color(Theme::Token::Bad));
    m_error->setPalette(red);
}

bool TotpDialog::isReady() const { return !m_secret->text().isEmpty(); }

void TotpDialog::begin()
{
    whenDone(m_desk.enrollTotp(), this, [this](const Result<changes::Enrolment>& answer) {
        if (!answer) {
            showError(answer.error().text());
            return;
        }
        m_code->setText(answer->uri);
        m_code->setAccessibleName(tr("QR code of the key"));
        m_secret->setText(answer->secret);
        m_digits->setFocus();
        adjustSize();
    });
}

void TotpDialog::confirm()
{
    m_confirm->setEnabled(false);
    whenDone(m_desk.confirmTotp(m_digits->text()), this, [this](const Result<void>& answer) {
        if (answer) {
            accept();
            return;
        }
        showError(answer.error().text());
        m_digits->clear();
        m_digits->setFocus();
    });
}

void TotpDialog::showError(const QString& sentence)
{
    m_error->setText(sentence);
    m_error->setAccessibleName(sentence);
}

} // namespace wk::widgets
