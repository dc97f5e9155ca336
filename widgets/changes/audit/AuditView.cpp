// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/audit/AuditView.h"

#include "core/Future.h"
#include "table/TableModel.h"
#include "widgets/changes/LoudBanner.h"
#include "widgets/changes/audit/AuditTable.h"
#include "widgets/common/CodeView.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"
#include "widgets/common/Icons.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSaveFile>
#include <QtGui/QAction>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::AuditEntry;

AuditView::AuditView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, std::shared_ptr<FileDialogs> dialogs,
                     QWidget* parent)
    : QWidget(parent), m_desk(desk), m_dialogs(std::move(dialogs)), m_verdict(new LoudBanner(this)),
      m_table(new DataTable(std::move(clock), this)), m_entry(new CodeView(this)),
      m_older(new QAction(icon(u"clock"), tr("Read older rows"), this)),
      m_verify(new QAction(icon(u"security"), tr("Verify the chain"), this)),
      m_export(new QAction(icon(u"external"), tr("Export as JSON lines"), this))
{
    setObjectName(u"auditView"_s);
    m_verdict->setObjectName(u"auditVerdict"_s);
    m_table->setObjectName(u"auditTable"_s);
    m_table->setSubject(tr("Audit"));
    m_table->setLoadingText(tr("Reading the audit"));
    m_table->setEmptyText(tr("Nothing is on record yet"), tr("Every step of every request is written down here."));
    m_table->setFileDialogs(m_dialogs);
    m_verify->setToolTip(tr("Let the store compute every hash again"));
    m_export->setToolTip(tr("A line each, with the bytes that were hashed and their hashes"));
    for (QAction* action : {m_older, m_verify, m_export})
        m_table->addToolAction(action);
    m_entry->setObjectName(u"auditEntry"_s);
    m_entry->setAccessibleName(tr("Entry"));
    m_entry->hide();
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_table);
    splitter->addWidget(m_entry);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_verdict);
    m_search = buildSearch();
    layout->addWidget(m_search);
    layout->addWidget(splitter, 1);
    connect(m_older, &QAction::triggered, this, [this] { m_source->readOlder(); });
    connect(m_verify, &QAction::triggered, this, &AuditView::verify);
    connect(m_export, &QAction::triggered, this, &AuditView::exportLines);
    connect(m_table, &DataTable::currentChanged, this, &AuditView::showEntry);
    connect(m_table, &DataTable::retryRequested, this, [this] { m_source->read(); });
    connect(m_table, &DataTable::notice, this, &AuditView::notice);
    connect(m_table, &DataTable::activated, this, [this](const QString& id) {
        const AuditEntry* entry = m_source->entry(id);
        if (entry && entry->number > 0 && m_number == 0)
            emit requestLinked(entry->number);
    });
    connect(m_verdict, &LoudBanner::actionTriggered, m_verdict, [this] { m_verdict->setText({}, {}, {}); });
}

void AuditView::showAudit(qint64 number)
{
    if (number == m_number)
        return;
    m_number = number;
    for (QLineEdit* edit : {m_person, m_action, m_text})
        edit->clear();
    m_wanted = {};
    m_wanted.number = number;
    m_search->setVisible(number == 0);
    showSource();
}

void AuditView::showSource()
{
    m_source = std::make_shared<AuditTable>(m_desk, m_wanted);
    connect(m_source.get(), &AuditTable::pageChanged, this, &AuditView::refreshActions);
    m_table->setSource(m_source);
    m_table->restoreState({{u"sort"_s, QJsonArray{QJsonObject{{u"column"_s, u"seq"_s}, {u"descending"_s, true}}}}});
    showEntry({});
    m_source->read();
}

QWidget* AuditView::buildSearch()
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(8, 8, 8, 4);
    row->setSpacing(8);
    const auto add = [&](const QString& name, const QString& label, const QString& hint, int stretch) {
        auto* edit = new QLineEdit(box);
        edit->setObjectName(name);
        edit->setAccessibleName(label);
        edit->setPlaceholderText(label);
        edit->setToolTip(hint);
        edit->setClearButtonEnabled(true);
        connect(edit, &QLineEdit::editingFinished, this, &AuditView::search);
        connect(edit, &QLineEdit::textChanged, this, [this](const QString& text) {
            if (text.isEmpty())
                search();
        });
        row->addWidget(edit, stretch);
        return edit;
    };
    m_person = add(u"auditPerson"_s, tr("Who"), tr("A person's name, asked of the whole record with Enter"), 1);
    m_action = add(u"auditAction"_s, tr("What, such as request.approve"),
                   tr("What was done; with a point at the end all that begins so: glass."), 2);
    m_text = add(u"auditText"_s, tr("Text in the whole record"),
                 tr("Anywhere in a row, asked of the whole record with Enter"), 3);
    return box;
}

void AuditView::search()
{
    changes::AuditFilter wanted = m_wanted;
    wanted.person = m_person->text().trimmed();
    wanted.action = m_action->text().trimmed();
    wanted.text = m_text->text().trimmed();
    if (std::tie(wanted.person, wanted.action, wanted.text) ==
        std::tie(m_wanted.person, m_wanted.action, m_wanted.text))
        return;
    m_wanted = wanted;
    showSource();
}

void AuditView::refreshActions()
{
    m_older->setEnabled(m_source->hasOlder() && !m_source->isReading());
    m_export->setEnabled(!m_source->rows().empty());
}

void AuditView::showEntry(const QString& rowId)
{
    const AuditEntry* entry = m_source->entry(rowId);
    m_entry->setVisible(entry != nullptr);
    if (!entry)
        return;
    const QString detail = QString::fromUtf8(QJsonDocument(entry->detail).toJson());
    m_entry->setText(detail + tr("previous hash %1\nhash          %2")
                                  .arg(QString::fromLatin1(entry->previousHash), QString::fromLatin1(entry->hash)),
                     CodeView::Language::Json);
}

void AuditView::verify()
{
    m_verify->setEnabled(false);
    m_verdict->setText(table::Health::Info, tr("The store computes every hash again"), {});
    whenDone(m_desk.verifyAudit(0), this, [this](const Result<changes::AuditVerdict>& answer) {
        m_verify->setEnabled(true);
        if (!answer)
            m_verdict->setText(table::Health::Warning, answer.error().text(), tr("Seen"));
        else
            m_verdict->setText(answer->ok ? table::Health::Good : table::Health::Bad, answer->sentence, tr("Seen"));
    });
}

/// What is shown, oldest first, as `watchkeeperctl audit verify --file` reads it.
QByteArray AuditView::lines() const
{
    std::map<qint64, QByteArray> out;
    for (const table::RowPtr& row : m_table->model()->visibleRows())
        if (const AuditEntry* entry = m_source->entry(row->id))
            out[entry->seq] = QJsonDocument(entry->toJson()).toJson(QJsonDocument::Compact);
    QByteArray text;
    for (const auto& [seq, entry] : out)
        text += entry + '\n';
    return text;
}

void AuditView::exportLines()
{
    m_dialogs->saveFile(
        this, tr("Export the audit"), u"audit.jsonl"_s, tr("JSON lines (*.jsonl)"), [this](const QString& path) {
            if (path.isEmpty())
                return;
            const QByteArray text = lines();
            QSaveFile file(path);
            const bool written = file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
            emit notice(written ? tr("Wrote %1 rows to %2").arg(text.count('\n')).arg(path)
                                : tr("%1 could not be written: %2").arg(path, file.errorString()));
        });
}

} // namespace wk::widgets
