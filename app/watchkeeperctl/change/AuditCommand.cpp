// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/AuditFile.h"
#include "change/ChangePrinter.h"
#include "change/ChangeSession.h"

#include <QtCore/QJsonDocument>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::AuditEntry;
using changes::AuditFilter;

namespace {

constexpr int pageSize = 5'000;

void verify(ChangeSession& s)
{
    s.with(s.desk().verifyAudit(s.word(0).toLongLong()), [&s](const changes::AuditVerdict& verdict) {
        if (s.wantsJson())
            printJson(QJsonObject{{u"ok"_s, verdict.ok},
                                  {u"firstBroken"_s, verdict.firstBroken},
                                  {u"checked"_s, verdict.checked},
                                  {u"head"_s, QJsonObject{{u"seq"_s, verdict.head.seq},
                                                          {u"hash"_s, QString::fromLatin1(verdict.head.hash)}}},
                                  {u"sentence"_s, verdict.sentence}});
        else if (verdict.ok)
            printLine(ChangeSession::tr("The record is whole: %1 rows, the last is %2 with hash %3.")
                          .arg(QString::number(verdict.checked), QString::number(verdict.head.seq),
                               QString::fromLatin1(verdict.head.hash)));
        else
            printError({Error::Kind::Conflict,
                        ChangeSession::tr("The record is broken from row %1 on. %2")
                            .arg(QString::number(verdict.firstBroken), verdict.sentence),
                        {},
                        ChangeSession::tr("Compare with an export or a backup of before")});
        s.finish(verdict.ok && !s.desk().status().record ? Done : Refused);
    });
}

void verifyAny(ChangeSession& s)
{
    if (s.arguments().has(u"file"_s))
        verifyFile(s);
    else
        s.openDesk([&s] { verify(s); });
}

/// The rows that --from, --to, --request, --person, --action and --text ask for.
Result<AuditFilter> filterOf(ChangeSession& s)
{
    const Arguments& arguments = s.arguments();
    AuditFilter filter;
    for (const auto& [name, moment] : {std::pair{u"from"_s, &filter.from}, {u"to"_s, &filter.to}}) {
        if (!arguments.has(name))
            continue;
        const auto time = momentOf(arguments.value(name), s.clock());
        if (!time)
            return fail(time.error());
        *moment = *time;
    }
    filter.person = arguments.value(u"person"_s);
    filter.action = arguments.value(u"action"_s);
    filter.text = arguments.value(u"text"_s);
    for (const QString& name : {u"request"_s, u"limit"_s}) {
        bool ok = true;
        const qint64 number = arguments.has(name) ? arguments.value(name).toLongLong(&ok) : 0;
        if (!ok || number < 0)
            return fail(Error::Kind::BadInput, ChangeSession::tr("--%1 takes a whole number").arg(name));
        if (name == u"request")
            filter.number = number;
        else if (number > 0)
            filter.limit = int(std::min<qint64>(number, 100'000));
    }
    return filter;
}

void list(ChangeSession& s)
{
    const auto filter = filterOf(s);
    if (!filter) {
        s.fail(filter.error());
        return;
    }
    s.with(s.desk().audit(*filter), [&s](const QList<AuditEntry>& entries) {
        QJsonArray json;
        QList<QStringList> lines{{u"SEQ"_s, u"TIME"_s, u"PERSON"_s, u"REQUEST"_s, u"ACTION"_s, u"DETAIL"_s}};
        for (const AuditEntry& e : entries) {
            json.append(e.toJson());
            lines << QStringList{QString::number(e.seq),
                                 timeText(e.at),
                                 e.person,
                                 e.number ? QString::number(e.number) : QString(),
                                 e.action,
                                 QString::fromUtf8(QJsonDocument(e.detail).toJson(QJsonDocument::Compact))};
        }
        if (s.wantsJson())
            printJson(json);
        else
            printColumns(lines);
        s.finish(Done);
    });
}

/// Page by page, oldest first, so that a long record needs little memory and can be checked as it is read.
void exportPage(ChangeSession& s, const AuditFilter& filter)
{
    s.with(s.desk().audit(filter), [&s, filter](const QList<AuditEntry>& entries) {
        for (const AuditEntry& entry : entries) {
            const QByteArray line = QJsonDocument(entry.toJson()).toJson(QJsonDocument::Compact) + '\n';
            if (std::fwrite(line.constData(), 1, size_t(line.size()), stdout) != size_t(line.size())) {
                s.fail({Error::Kind::Io,
                        ChangeSession::tr("The export could not be written whole"),
                        {},
                        ChangeSession::tr("Is the disk full?")});
                return;
            }
        }
        if (entries.size() < filter.limit) {
            const bool written = std::fflush(stdout) == 0;
            if (!written)
                printError({Error::Kind::Io,
                            ChangeSession::tr("The export could not be written whole"),
                            {},
                            ChangeSession::tr("Is the disk full?")});
            s.finish(written ? Done : Refused);
            return;
        }
        AuditFilter next = filter;
        next.above = entries.last().seq;
        exportPage(s, next);
    });
}

void exportAll(ChangeSession& s)
{
    auto filter = filterOf(s);
    if (!filter) {
        s.fail(filter.error());
        return;
    }
    filter->limit = pageSize;
    filter->above = -1;
    exportPage(s, *filter);
}

/// On a person's word: from here on the store's record as it is now counts.
void accept(ChangeSession& s)
{
    s.desk().acceptRecord();
    printLine(ChangeSession::tr("The record of %1 counts as it is now.").arg(s.desk().status().server));
    s.finish(Done);
}

const QList<QLatin1StringView> filterOptions{"from"_L1, "to"_L1, "request"_L1, "person"_L1, "action"_L1, "text"_L1};

const SubCommand commands[] = {
    {u"verify"_s, 0, 1, false, {"file"_L1}, verifyAny},
    {u"list"_s, 0, 0, true, QList(filterOptions) << "limit"_L1, list},
    {u"export"_s, 0, 0, true, filterOptions, exportAll},
    {u"accept"_s, 0, 0, true, {}, accept},
};

} // namespace

int runAudit(const Arguments& arguments, Running& running) { return runSubCommand(commands, arguments, running); }

} // namespace wk::ctl
