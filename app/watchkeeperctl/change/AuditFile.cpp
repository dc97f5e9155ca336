// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/AuditFile.h"

#include "change/ChangePrinter.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;

namespace {

struct Chain
{
    qint64 rows = 0, seq = 0;
    QByteArray hash; ///< of the last row, hexadecimal
};

/// What is wrong with a line, given the row before it; empty where it follows.
QString follow(Chain& chain, const QByteArray& line)
{
    const QJsonObject row = QJsonDocument::fromJson(line).object();
    const QByteArray entry = row.value("entry"_L1).toString().toUtf8();
    const QByteArray previous = row.value("previousHash"_L1).toString().toLatin1();
    const QByteArray hash = row.value("hash"_L1).toString().toLatin1();
    const QJsonObject said = QJsonDocument::fromJson(entry).object();
    const qint64 seq = row.value("seq"_L1).toInteger();
    if (said.isEmpty() || hash.size() != 64)
        return ChangeSession::tr("line %1 is no row of the record").arg(chain.rows + 1);
    const QString which = ChangeSession::tr("row %1 ").arg(seq);
    if (chain.rows > 0 && seq != chain.seq + 1)
        return which + ChangeSession::tr("does not come after row %1").arg(chain.seq);
    if (chain.rows > 0 && previous != chain.hash)
        return which + ChangeSession::tr("does not follow from the row before it");
    if (QCryptographicHash::hash(QByteArray::fromHex(previous) + entry, QCryptographicHash::Sha256).toHex() != hash)
        return which + ChangeSession::tr("is not what was hashed");
    for (const QString& key : {u"seq"_s, u"person"_s, u"action"_s, u"detail"_s})
        if (row.value(key) != said.value(key))
            return which + ChangeSession::tr("says another \"%1\" than what was hashed").arg(key);
    if (row.value("request"_L1).toInteger() != said.value("request"_L1).toInteger())
        return which + ChangeSession::tr("says another \"%1\" than what was hashed").arg(u"request"_s);
    chain = {chain.rows + 1, seq, hash};
    return {};
}

} // namespace

void verifyFile(ChangeSession& s)
{
    const QString name = s.arguments().value(u"file"_s);
    QFile file(name);
    if (!(name == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly))) {
        s.fail({Error::Kind::Io,
                ChangeSession::tr("The export %1 cannot be read: %2").arg(name, file.errorString()),
                {},
                {}});
        return;
    }
    Chain chain;
    // Until nothing comes: a pipe does not know where it ends.
    for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine()) {
        if (line.trimmed().isEmpty())
            continue;
        if (const QString wrong = follow(chain, line); !wrong.isEmpty()) {
            s.fail({Error::Kind::Conflict,
                    ChangeSession::tr("The export is broken: %1.").arg(wrong),
                    {},
                    ChangeSession::tr("Compare with the store: `watchkeeperctl audit verify`")});
            return;
        }
    }
    if (s.wantsJson())
        printJson(QJsonObject{{u"ok"_s, true},
                              {u"checked"_s, chain.rows},
                              {u"last"_s, chain.seq},
                              {u"hash"_s, QString::fromLatin1(chain.hash)}});
    else
        printLine(ChangeSession::tr("The export is whole: %1 rows, the last is %2 with hash %3.")
                      .arg(QString::number(chain.rows), QString::number(chain.seq), QString::fromLatin1(chain.hash)));
    s.finish(Done);
}

} // namespace wk::ctl
