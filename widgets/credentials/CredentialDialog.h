// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secrets/Credentials.h"

#include <QtWidgets/QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace wk::widgets {

/// Takes a secret from the person and has it kept: in the keychain, or until the program ends, as the person chooses.
/// What is typed is not shown, cannot be copied, and is gone from the fields when the dialog closes.
///
/// objectNames inside: "credentialName", "credentialKind", "credentialSecret", "credentialAgain",
/// "credentialInKeychain", "credentialInSession", "credentialMissing", "credentialError", "credentialSave".
class CredentialDialog : public QDialog
{
    Q_OBJECT
public:
    /// `name`: of the one that is replaced, or that something asks for; empty: a new one. `credentials` outlives it.
    CredentialDialog(secrets::Credentials& credentials, const QString& name, QWidget* parent = nullptr);
    ~CredentialDialog() override;

    /// What it was kept under, once it was accepted.
    [[nodiscard]] QString keptName() const { return m_kept; }

private:
    void build(const QString& name);
    void fillNames();
    void takeName();
    void followKeychain();
    void judge();
    void save();
    [[nodiscard]] QString missing() const;
    [[nodiscard]] QString name() const;
    void clearSecrets();

    secrets::Credentials& m_credentials;
    QComboBox *m_name, *m_kind;
    QLineEdit *m_secret, *m_again;
    QRadioButton *m_inKeychain, *m_inSession;
    QLabel *m_use, *m_why, *m_missing, *m_error;
    QPushButton* m_save;
    QString m_kept;
    bool m_busy = false;
};

} // namespace wk::widgets
