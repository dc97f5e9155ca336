// SPDX-License-Identifier: GPL-3.0-or-later
// Where change requests are kept, as a setting.
#include "store/Address.h"
#include "watchkeeper/shell/SettingsPanel.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>

namespace wk::app {

using namespace Qt::StringLiterals;
using Key = Settings::Key;
using widgets::Theme;

QWidget* SettingsPanel::makeStore()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new widgets::SectionHeader(tr("Change store"), box));
    auto* hint = new QLabel(tr("Where change requests and their audit are kept. Empty: a PostgreSQL server of your own "
                               "on this machine, started when the Changes panel is first opened."),
                            box);
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setWordWrap(true);
    layout->addWidget(hint);
    auto* form = new QGridLayout;
    form->setHorizontalSpacing(24);
    form->setVerticalSpacing(8);
    form->setColumnMinimumWidth(0, 160);
    form->setColumnStretch(1, 1);
    const auto line = [&](const QString& name, const QString& label, const QString& placeholder) {
        auto* edit = new QLineEdit(box);
        edit->setObjectName(name);
        edit->setAccessibleName(label);
        edit->setPlaceholderText(placeholder);
        auto* title = new QLabel(label, box);
        title->setBuddy(edit);
        const int row = form->rowCount();
        form->addWidget(title, row, 0);
        form->addWidget(edit, row, 1);
        return edit;
    };
    m_store = line(u"settingStore"_s, tr("Address"), u"postgresql://anna@db.example/watchkeeper"_s);
    m_store->setText(m_settings.get(Key::ChangeStore).toString());
    m_password = line(u"settingStorePassword"_s, tr("Password"), tr("kept in the keychain where there is one"));
    m_password->setEchoMode(QLineEdit::Password);
    layout->addLayout(form);
    m_storeProblem = new QLabel(box);
    m_storeProblem->setObjectName(u"settingStoreProblem"_s);
    m_storeProblem->setTextFormat(Qt::PlainText);
    m_storeProblem->setWordWrap(true);
    m_storeProblem->hide();
    layout->addWidget(m_storeProblem);
    connect(m_store, &QLineEdit::editingFinished, this, &SettingsPanel::takeStore);
    connect(m_password, &QLineEdit::returnPressed, this, [this] {
        if (!m_password->text().isEmpty())
            emit storePasswordGiven(m_password->text());
        m_password->clear();
    });
    return box;
}

void SettingsPanel::takeStore()
{
    const QString text = m_store->text().trimmed();
    if (text == m_settings.get(Key::ChangeStore).toString())
        return;
    const auto address = text.isEmpty() ? Result<store::Address>(store::Address()) : store::Address::parse(text);
    QPalette red = palette();
    red.setColor(QPalette::WindowText, Theme::of(this).color(Theme::Token::Bad));
    m_storeProblem->setPalette(red);
    m_storeProblem->setText(address ? QString() : address.error().text());
    m_storeProblem->setVisible(!address);
    if (!address)
        return;
    // A password never goes into a settings file.
    const QString password = QString::fromUtf8(address->password());
    const QString kept = text.isEmpty() ? QString() : address->text();
    m_store->setText(kept);
    m_settings.set(Key::ChangeStore, kept);
    if (!password.isEmpty())
        emit storePasswordGiven(password);
}

} // namespace wk::app
