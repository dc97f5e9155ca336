// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/credentials/CredentialsPanel.h"

#include "core/Future.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/RowsTable.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/common/TableStates.h"
#include "widgets/common/Theme.h"
#include "widgets/credentials/CredentialDialog.h"
#include "widgets/credentials/CredentialRows.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtGui/QAction>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using secrets::Credential;
using Place = Credential::Place;
using State = secrets::Credentials::Keychain::State;

namespace {

const QString tableId = u"credentials"_s;

QLabel* wordsLabel(QWidget* parent, const QString& name, const QString& spoken)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setAccessibleName(spoken);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

CredentialsPanel::CredentialsPanel(Parts parts, QWidget* parent)
    : QWidget(parent), m_parts(std::move(parts)), m_rows(std::make_shared<RowsTable>(credentialColumns())),
      m_header(new SectionHeader(tr("Credentials"), this)), m_keychain(new HealthBadge(this)),
      m_problem(wordsLabel(this, u"credentialsProblem"_s, tr("What is wrong"))),
      m_detail(wordsLabel(this, u"credentialsDetail"_s, tr("The selected secret"))),
      m_table(new DataTable(m_parts.clock, this))
{
    setObjectName(u"credentialsPanel"_s);
    build();
    buildActions();
    connect(&m_parts.credentials, &secrets::Credentials::changed, this, &CredentialsPanel::refresh);
    connect(m_table, &DataTable::currentChanged, this, &CredentialsPanel::refreshDetail);
    connect(m_table, &DataTable::activated, this, [this](const QString& name) { openDialog(name); });
    connect(m_table, &DataTable::emptyActionRequested, this, [this] { openDialog({}); });
    connect(m_table, &DataTable::notice, this, &CredentialsPanel::notice);
    connect(m_table, &DataTable::contextMenuRequested, this, [this](QMenu* menu, const QString&) {
        menu->addSeparator();
        menu->addActions({m_replace, m_check, m_remove});
    });
    refresh();
}

CredentialsPanel::~CredentialsPanel() { m_table->setSource(nullptr); }

void CredentialsPanel::build()
{
    m_header->setDetail(tr("What is kept for what. No secret is ever shown."));
    m_keychain->setObjectName(u"credentialsKeychain"_s);
    m_header->addWidget(m_keychain);
    auto* again = new QPushButton(tr("Ask the keychain again"), this);
    again->setObjectName(u"credentialsAskAgain"_s);
    connect(again, &QPushButton::clicked, this, [this] { m_parts.credentials.look(); });
    m_header->addWidget(again);
    m_table->setObjectName(u"credentialsTable"_s);
    m_table->setSubject(tr("Credentials"));
    m_table->setFileDialogs(m_parts.dialogs);
    m_table->setEmptyText(tr("No secret is kept, and none is asked for"),
                          tr("A platform file that names a login under monitoring asks for one here; so does a team's "
                             "store of changes."),
                          tr("Keep a secret"));
    m_table->setSource(m_rows);
    m_table->restoreState({{u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"rank"_s}, {u"descending"_s, true}},
                                                  QJsonObject{{u"column"_s, u"name"_s}}}}});
    if (m_parts.tableStates) {
        if (const QJsonObject state = m_parts.tableStates->load(tableId); !state.isEmpty())
            m_table->restoreState(state);
        connect(m_table, &DataTable::stateChanged, this,
                [this] { m_parts.tableStates->save(tableId, m_table->saveState()); });
    }
    m_detail->setMinimumHeight(2 * m_detail->fontMetrics().lineSpacing());
    m_detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 12, 16, 8);
    head->setSpacing(8);
    head->addWidget(m_header);
    head->addWidget(m_problem);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(16, 8, 16, 8);
    foot->addWidget(m_detail);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);
    setFocusProxy(m_table);
}

QAction* CredentialsPanel::addAction(const QString& name, const QString& iconName, const QString& text,
                                     const QKeySequence& key, std::function<void()> act)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setObjectName(name);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText)));
    connect(action, &QAction::triggered, this, std::move(act));
    m_table->addToolAction(action);
    QWidget::addAction(action);
    return action;
}

void CredentialsPanel::buildActions()
{
    addAction(u"credentialAdd"_s, u"plus"_s, tr("Keep a secret"), QKeySequence(u"Ctrl+N"_s),
              [this] { openDialog({}); });
    m_replace = addAction(u"credentialReplace"_s, u"edit"_s, tr("Keep or replace the selected one"),
                          QKeySequence(u"Ctrl+E"_s), [this] {
                              if (const auto one = current())
                                  openDialog(one->name);
                          });
    m_check = addAction(u"credentialCheck"_s, u"good"_s, tr("Check the selected one"), QKeySequence(u"Ctrl+T"_s),
                        [this] { check(); });
    m_remove = addAction(u"credentialRemove"_s, u"delete"_s, tr("Remove the selected one"),
                         QKeySequence(Qt::Key_Delete), [this] { askRemove(); });
}

void CredentialsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!std::exchange(m_asked, true))
        m_parts.credentials.look();
}

std::optional<Credential> CredentialsPanel::current() const
{
    const auto all = m_parts.credentials.all();
    const auto it = std::ranges::find(all, m_table->currentId(), &Credential::name);
    return it == all.end() ? std::nullopt : std::optional(*it);
}

void CredentialsPanel::refresh()
{
    const auto& keychain = m_parts.credentials.keychain();
    const auto [health, words] = keychainWords(keychain);
    m_keychain->setHealth(health, words);
    QStringList problems;
    if (keychain.state == State::Failed && keychain.error)
        problems << keychain.error->text();
    if (const auto& problem = m_parts.credentials.problem())
        problems << problem->text();
    QPalette loud = palette();
    loud.setColor(QPalette::WindowText, Theme::of(this).color(health));
    m_problem->setPalette(problems.isEmpty() ? palette() : loud);
    m_problem->setText(problems.join(u'\n'));
    m_problem->setToolTip(keychain.error ? keychain.error->detail : QString());
    m_problem->setVisible(!problems.isEmpty());
    // The list is ours and always there; what is not known of the keychain stands in each row.
    m_rows->setRows(credentialRows(m_parts.credentials));
    table::Freshness fresh;
    fresh.state = table::Freshness::State::Live;
    fresh.asOfMs = m_parts.clock->nowMs();
    m_rows->setFreshness(fresh);
    refreshDetail();
}

void CredentialsPanel::refreshDetail()
{
    const auto one = current();
    const bool there = one && (one->place == Place::Keychain || one->place == Place::Session);
    for (QAction* action : {m_replace, m_check, m_remove}) {
        if (action)
            action->setEnabled(one.has_value());
    }
    if (m_remove && one)
        m_remove->setEnabled(there || one->sinceMs || one->place == Place::NotAsked);
    QString text = one ? credentialWords(*one, m_parts.credentials.keychain())
                       : tr("Choose one to see what it is for. Enter keeps or replaces it, Delete removes it.");
    if (one && m_checked.contains(one->name))
        text += u'\n' + m_checked.value(one->name);
    m_detail->setText(text);
}

void CredentialsPanel::check()
{
    const auto one = current();
    if (!one)
        return;
    const auto said = [this, name = one->name](const QString& sentence) {
        m_checked[name] = sentence;
        refreshDetail();
        emit notice(sentence);
    };
    m_checked[one->name] = tr("Being checked.");
    refreshDetail();
    whenDone(m_parts.credentials.read(one->name), this,
             [this, one = *one, said](const Result<std::optional<QByteArray>>& kept) {
                 if (!kept)
                     return said(tr("%1 could not be checked: %2").arg(one.name, kept.error().text()));
                 if (!*kept || (*kept)->isEmpty())
                     return said(tr("%1 is not kept anywhere.").arg(one.name));
                 if (!m_parts.check || one.uses.empty())
                     return said(tr("%1 is there. Nothing that is configured here could try it.").arg(one.name));
                 whenDone(m_parts.check(one), this, [said, name = one.name](const Result<QString>& tried) {
                     said(tried ? *tried : tr("%1 is there, and did not help: %2").arg(name, tried.error().text()));
                 });
             });
}

CredentialDialog* CredentialsPanel::openDialog(const QString& name)
{
    auto* dialog = new CredentialDialog(m_parts.credentials, name, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_checked.remove(dialog->keptName());
        m_table->setCurrentId(dialog->keptName());
        emit notice(tr("%1 is kept.").arg(dialog->keptName()));
    });
    dialog->open();
    return dialog;
}

void CredentialsPanel::showCredential(const QString& name) { m_table->setCurrentId(name); }

void CredentialsPanel::askRemove()
{
    const auto one = current();
    if (!one)
        return;
    QStringList uses;
    for (const secrets::SecretUse& use : one->uses)
        uses << use.words;
    auto* box = new QMessageBox(this);
    box->setObjectName(u"credentialRemoveBox"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("Remove %1").arg(one->name));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("%1 is removed from wherever it is kept, and cannot be brought back.").arg(one->name));
    box->setInformativeText(uses.isEmpty() ? tr("Nothing that is configured here uses it.")
                                           : tr("Used for: %1.").arg(uses.join(u", "_s)));
    auto* removes = box->addButton(tr("Remove %1").arg(one->name), QMessageBox::DestructiveRole);
    removes->setObjectName(u"credentialRemoveNow"_s);
    auto* back = box->addButton(tr("Back"), QMessageBox::RejectRole);
    box->setDefaultButton(back);
    box->setEscapeButton(back);
    connect(removes, &QPushButton::clicked, this, [this, name = one->name] { remove(name); });
    box->open();
}

void CredentialsPanel::remove(const QString& name)
{
    m_checked.remove(name);
    whenDone(m_parts.credentials.remove(name), this, [this, name](const Result<void>& removed) {
        const QString words = removed ? tr("%1 is removed.").arg(name) : removed.error().text();
        if (!removed) {
            m_checked[name] = words;
            refreshDetail();
        }
        emit notice(words);
    });
}

} // namespace wk::widgets
