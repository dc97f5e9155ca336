// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/AuditHeads.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonDocument>
#include <QtCore/QSaveFile>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {
struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::AuditHeads)
};

QString rewritten() { return Texts::tr("The store's record was rewritten since this workstation saw it last."); }

QString whatToDo()
{
    return Texts::tr("Do not trust what it says was approved. Tell who looks after the store, compare with another "
                     "workstation and the last backup, and only then accept it.");
}
} // namespace

AuditHeads::AuditHeads(QString file, QString storeName) : m_file(std::move(file)), m_storeName(std::move(storeName))
{
    if (!m_file.isEmpty() && QFile::exists(m_file))
        load();
}

void AuditHeads::load()
{
    QFile file(m_file);
    if (!file.open(QIODevice::ReadOnly)) {
        m_error = Error{Error::Kind::Io,
                        Texts::tr("What this workstation remembers of the stores' records cannot be read (%1).")
                            .arg(file.errorString()),
                        m_file, Texts::tr("Make the file readable.")};
        return;
    }
    QJsonParseError mistake;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &mistake);
    const QJsonObject entry = document.object().value(m_storeName).toObject();
    if (!document.isObject()) {
        m_error = Error{Error::Kind::BadInput,
                        Texts::tr("What this workstation remembers of the stores' records is damaged (%1).")
                            .arg(mistake.errorString()),
                        m_file, Texts::tr("Look at who changed the file, then remove it.")};
        return;
    }
    if (!entry.isEmpty())
        m_last = {entry.value("seq"_L1).toInteger(-1), entry.value("hash"_L1).toString().toLatin1()};
}

void AuditHeads::remember(const AuditHead& head)
{
    if (head == m_last)
        return;
    m_last = head;
    // A file that could not be read is somebody's evidence: it is not written over.
    if (m_file.isEmpty() || m_error)
        return;
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    QFile old(m_file);
    QJsonObject all;
    if (old.open(QIODevice::ReadOnly))
        all = QJsonDocument::fromJson(old.readAll()).object(); // another window may have written of another store
    all.insert(m_storeName, QJsonObject{{u"seq"_s, head.seq}, {u"hash"_s, QString::fromLatin1(head.hash)}});
    QSaveFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(all).toJson()) < 0 || !file.commit())
        m_error = Error{Error::Kind::Io,
                        Texts::tr("Where the store's record ends cannot be remembered (%1).").arg(file.errorString()),
                        m_file, Texts::tr("Make room on the disk, or make the folder writable.")};
}

std::optional<Error> AuditHeads::judge(const AuditHead& now, const QByteArray& there, const AuditHead& anchor) const
{
    if (m_last.seq <= 0)
        return {};
    if (now.seq < m_last.seq)
        return Error{Error::Kind::Conflict,
                     Texts::tr("The store's record has lost its end since this workstation saw "
                               "it last: it ends at row %1, not at row %2 or later.")
                         .arg(now.seq)
                         .arg(m_last.seq),
                     Texts::tr("An old backup, or a standby that lagged behind, may have taken the store's place; or "
                               "somebody removed rows."),
                     whatToDo()};
    if (there == m_last.hash)
        return {};
    if (there.isEmpty() && (anchor.seq > m_last.seq || (anchor.seq == m_last.seq && anchor.hash == m_last.hash)))
        return {}; // removed for its age: prune_audit() keeps a year and says so in the record
    return Error{Error::Kind::Conflict, rewritten(),
                 there.isEmpty() ? Texts::tr("Row %1 is gone.").arg(m_last.seq)
                                 : Texts::tr("Row %1 has the hash %2 now, and had %3.")
                                       .arg(m_last.seq)
                                       .arg(QString::fromLatin1(there), QString::fromLatin1(m_last.hash)),
                 whatToDo()};
}

} // namespace wk::changes
