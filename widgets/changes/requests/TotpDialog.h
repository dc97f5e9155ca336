// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace wk::changes {
class ChangeDesk;
}

namespace wk::widgets {

class QrCode;

/// Sets up one-time codes: shows the secret once, as a QR code and as text, and takes the first code as proof that the
/// app has it. Nothing of the secret is kept.
///
/// objectNames inside: "qrCode", "totpSecret", "totpCode", "totpError", "totpConfirm".
class TotpDialog : public QDialog
{
    Q_OBJECT
public:
    /// `desk` outlives it.
    explicit TotpDialog(changes::ChangeDesk& desk, QWidget* parent = nullptr);

    /// Asks the store for a new secret.
    void begin();
    [[nodiscard]] bool isReady() const;

private:
    void confirm();
    void showError(const QString& sentence);

    changes::ChangeDesk& m_desk;
    QLabel *m_hint, *m_error;
    QrCode* m_code;
    QLineEdit *m_secret, *m_digits;
    QPushButton* m_confirm;
};

} // namespace wk::widgets
