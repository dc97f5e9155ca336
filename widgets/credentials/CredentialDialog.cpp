// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/credentials/CredentialDialog.h"

#include "core/Future.h"
#include "widgets/common/Theme.h"
#include "widgets/credentials/CredentialRows.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QRadioButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using secrets::Credential;
using secrets::Keep;
using secrets::SecretKind;
using State = secrets::Credentials::Keychain::State;

namespace {

QLabel* wordsLabel(QWidget* parent, const QString& name, bool quiet)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    if (quiet)
        label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

/// Nothing that is typed into it is shown, offered again by an input method, or copied.
QLineEdit* secretEdit(QWidget* parent)
{
    auto* edit = new QLineEdit(parent);
    edit->setEchoMode(QLineEdit::Password);
    edit->setContextMenuPolicy(Qt::NoContextMenu);
    edit->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText |
                              Qt::ImhNoAutoUppercase);
    return edit;
}

void add(QFormLayout* form, const QString& label, QWidget* field, const QString& name)
{
    field->setObjectName(name);
    field->setAccessibleName(label);
    form->addRow(label, field);
}

} // namespace

CredentialDialog::CredentialDialog(secrets::Credentials& credentials, const QString& name, QWidget* parent)
    : QDialog(parent), m_credentials(credentials), m_name(new QComboBox(this)), m_kind(new QComboBox(this)),
      m_secret(secretEdit(this)), m_again(secretEdit(this)), m_inKeychain(new QRadioButton(this)),
      m_inSession(new QRadioButton(tr("Only until Watchkeeper ends, in memory"), this)),
      m_use(wordsLabel(this, u"credentialUse"_s, true)), m_why(wordsLabel(this, u"credentialWhy"_s, true)),
      m_missing(wordsLabel(this, u"credentialMissing"_s, true)), m_error(wordsLabel(this, u"credentialError"_s, false)),
      m_save(new QPushButton(this))
{
    setObjectName(u"credentialDialog"_s);
    setMinimumWidth(560);
    build(name);
    fillNames();
    if (!name.isEmpty()) {
        m_name->setCurrentText(name);
        m_name->setEnabled(false);
        m_secret->setFocus();
    }
    takeName();
    connect(m_name, &QComboBox::currentTextChanged, this, &CredentialDialog::takeName);
    for (QLineEdit* edit : {m_secret, m_again})
        connect(edit, &QLineEdit::textChanged, this, &CredentialDialog::judge);
    for (QRadioButton* button : {m_inKeychain, m_inSession})
        connect(button, &QRadioButton::toggled, this, &CredentialDialog::judge);
    connect(&m_credentials, &secrets::Credentials::changed, this, &CredentialDialog::followKeychain);
    connect(this, &QDialog::finished, this, &CredentialDialog::clearSecrets);
    followKeychain();
}

CredentialDialog::~CredentialDialog() { clearSecrets(); }

void CredentialDialog::clearSecrets()
{
    m_secret->clear();
    m_again->clear();
}

void CredentialDialog::build(const QString& name)
{
    setWindowTitle(name.isEmpty() ? tr("Keep a secret") : tr("Keep %1").arg(name));
    m_name->setEditable(true);
    m_name->setInsertPolicy(QComboBox::NoInsert);
    for (const SecretKind kind : {SecretKind::Password, SecretKind::Token, SecretKind::Webhook, SecretKind::Database})
        m_kind->addItem(secrets::secretKindWords(kind), int(kind));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    add(form, tr("Name"), m_name, u"credentialName"_s);
    form->addRow(QString(), m_use);
    add(form, tr("Kind"), m_kind, u"credentialKind"_s);
    add(form, tr("Secret"), m_secret, u"credentialSecret"_s);
    add(form, tr("Once more"), m_again, u"credentialAgain"_s);
    m_inKeychain->setText(tr("In the keychain of this desktop"));
    m_inKeychain->setObjectName(u"credentialInKeychain"_s);
    m_inSession->setObjectName(u"credentialInSession"_s);
    m_inKeychain->setChecked(true);
    form->addRow(tr("Keep it"), m_inKeychain);
    form->addRow(QString(), m_why);
    form->addRow(QString(), m_inSession);
    QPalette red = palette();
    red.setColor(QPalette::WindowText, Theme::of(this).color(Theme::Token::Bad));
    m_error->setPalette(red);
    m_error->hide();
    m_save->setObjectName(u"credentialSave"_s);
    m_save->setDefault(true);
    auto* back = new QPushButton(tr("Back"), this);
    connect(back, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &CredentialDialog::save);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_missing, 1);
    buttons->addWidget(back);
    buttons->addWidget(m_save);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    layout->addLayout(form);
    layout->addWidget(m_error);
    layout->addLayout(buttons);
}

/// What the configuration asks for and does not have, first what is missed.
void CredentialDialog::fillNames()
{
    auto all = m_credentials.all();
    std::ranges::stable_sort(all, std::greater<>(), &Credential::isMissed);
    for (const Credential& one : all) {
        if (one.place == Credential::Place::Missing || one.place == Credential::Place::NotAsked)
            m_name->addItem(one.name);
    }
    m_name->setCurrentIndex(-1);
    m_name->clearEditText();
    m_name->lineEdit()->setPlaceholderText(tr("such as shop/prometheus"));
}

QString CredentialDialog::name() const { return m_name->currentText().trimmed(); }

void CredentialDialog::takeName()
{
    const auto all = m_credentials.all();
    const auto known = std::ranges::find(all, name(), &Credential::name);
    QString use;
    if (known != all.end()) {
        m_kind->setCurrentIndex(m_kind->findData(int(known->kind)));
        use = credentialWords(*known, m_credentials.keychain());
    } else if (!name().isEmpty()) {
        use = tr("Nothing that is configured here asks for this name.");
    }
    m_use->setText(use);
    m_use->setVisible(!use.isEmpty());
    judge();
}

void CredentialDialog::followKeychain()
{
    const auto& keychain = m_credentials.keychain();
    const bool failed = keychain.state == State::Failed;
    m_why->setText(failed && keychain.error ? keychain.error->text() : QString());
    m_why->setVisible(failed);
    // A locked one may be unlocked when it is asked; where there is none there is nothing to choose.
    const bool none = failed && keychain.error && keychain.error->kind == Error::Kind::Unsupported;
    m_inKeychain->setEnabled(!none);
    m_inKeychain->setToolTip(none ? keychain.error->sentence : QString());
    if (none && m_inKeychain->isChecked())
        m_inSession->setChecked(true);
    adjustSize();
    judge();
}

QString CredentialDialog::missing() const
{
    if (name().isEmpty())
        return tr("Give it the name that the configuration asks for.");
    if (m_secret->text().isEmpty())
        return tr("Type the secret.");
    if (m_again->text() != m_secret->text())
        return tr("Type the same secret once more.");
    return {};
}

void CredentialDialog::judge()
{
    const QString what = missing();
    m_missing->setText(what);
    m_save->setText(m_inSession->isChecked() ? tr("Keep until Watchkeeper ends") : tr("Keep in the keychain"));
    m_save->setEnabled(what.isEmpty() && !m_busy);
}

void CredentialDialog::save()
{
    m_busy = true;
    m_error->hide();
    judge();
    const QString wanted = name();
    whenDone(m_credentials.keep(wanted, SecretKind(m_kind->currentData().toInt()), m_secret->text().toUtf8(),
                                m_inSession->isChecked() ? Keep::Session : Keep::Keychain),
             this, [this, wanted](const Result<void>& done) {
                 m_busy = false;
                 if (done) {
                     m_kept = wanted;
                     accept();
                     return;
                 }
                 m_error->setText(done.error().text());
                 m_error->setAccessibleName(done.error().text());
                 m_error->show();
                 adjustSize();
                 judge();
             });
}

} // namespace wk::widgets
