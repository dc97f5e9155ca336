// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeGlass.h"

#include "change/ChangeInput.h"
#include "change/ChangePlan.h"
#include "change/ChangePrinter.h"
#include "change/ChangeWriting.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::RequestDetail;
using changes::RequestSummary;
using changes::Review;

namespace {

void sendGlass(ChangeSession& s, const RequestDetail& detail, const QString& typed)
{
    const auto code = oneTimeCode(s, !s.desk().person().solo);
    if (!code) {
        s.misuse(code.error().sentence);
        return;
    }
    const RequestSummary& r = detail.summary;
    const Arguments& a = s.arguments();
    reportWhenWritten(s, s.desk().breakGlass(r.number, r.revision, r.sha256, a.value(u"reason"_s),
                                             a.value(u"incident"_s), typed, *code));
}

/// By hand, where the command line does not name the clusters: nobody does this by a slip.
void askForClusters(ChangeSession& s, const RequestDetail& detail)
{
    auto* input = new ChangeInput(&s);
    printNote(ChangeSession::tr("Type the name of what this changes to break the glass for it: %1")
                  .arg(detail.clustersToType()));
    QObject::connect(input, &ChangeInput::interrupted, input, [&s] { s.finish(Refused); });
    QObject::connect(input, &ChangeInput::ended, input,
                     [&s] { s.misuse(ChangeSession::tr("Say which cluster this changes: --cluster NAME")); });
    QObject::connect(input, &ChangeInput::line, input, [&s, input, detail](const QString& line) {
        input->disconnect();
        input->deleteLater();
        sendGlass(s, detail, line);
    });
    input->read();
}

QJsonObject reviewJson(const Review& review)
{
    return {{u"request"_s, review.number},    {u"title"_s, review.title},
            {u"breaker"_s, review.breaker},   {u"reason"_s, review.reason},
            {u"incident"_s, review.incident}, {u"dueAt"_s, review.dueAt->toString(Qt::ISODateWithMs)},
            {u"overdue"_s, review.overdue}};
}

void listReviews(ChangeSession& s)
{
    QJsonArray json;
    QList<QStringList> lines{{u"REQUEST"_s, u"DUE"_s, u"BROKEN BY"_s, u"INCIDENT"_s, u"REASON"_s}};
    for (const Review& review : s.desk().reviews()) {
        if (!review.verdict.isEmpty())
            continue;
        json.append(reviewJson(review));
        const QString due = timeText(review.dueAt);
        lines << QStringList{QString::number(review.number),
                             review.overdue ? ChangeSession::tr("%1, overdue").arg(due) : due, review.breaker,
                             review.incident, review.reason};
    }
    if (s.wantsJson())
        printJson(json);
    else if (json.isEmpty())
        printNote(ChangeSession::tr("No review is owed."));
    else
        printColumns(lines);
    s.finish(Done);
}

} // namespace

void breakGlass(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        if (!s.wantsJson())
            printRequest(detail);
        const changes::Policy* policy = s.desk().policyOf(detail.summary.platform);
        const int hours = policy ? policy->body.value("review_hours"_L1).toInt() : 0;
        printNote(ChangeSession::tr("This is told to everybody, and somebody else has to review it within %1 hours.")
                      .arg(hours));
        if (s.arguments().has(u"cluster"_s))
            sendGlass(s, detail, s.arguments().value(u"cluster"_s));
        else
            askForClusters(s, detail);
    });
}

void reviewGlass(ChangeSession& s)
{
    if (s.word(0).isEmpty()) {
        listReviews(s);
        return;
    }
    const QString verdict = s.word(1);
    if (verdict != u"accepted" && verdict != u"objected") {
        s.misuse(ChangeSession::tr("A review ends accepted or objected: change review N accepted --comment C"));
        return;
    }
    s.withRequest([&s, verdict](const RequestDetail& detail) {
        reportWhenWritten(
            s, s.desk().review(detail.summary.number, verdict == u"accepted", s.arguments().value(u"comment"_s)));
    });
}

void fileRecord(ChangeSession& s)
{
    const QString platform = s.arguments().value(u"platform"_s);
    const auto fields = withOptions({}, s);
    if (!fields)
        s.fail(fields.error());
    else if (platform.isEmpty())
        s.misuse(ChangeSession::tr("Say where it was done: --platform NAME"));
    else
        reportWhenWritten(s, s.desk().createRecord(*fields, platform));
}

void printDebt(ChangeSession& s)
{
    qsizetype open = 0, overdue = 0;
    changes::Moment next;
    for (const Review& review : s.desk().reviews()) {
        if (!review.verdict.isEmpty())
            continue;
        ++open;
        overdue += review.overdue ? 1 : 0;
        if (!next || *review.dueAt < *next)
            next = review.dueAt;
    }
    if (open > 0)
        printNote(ChangeSession::tr("Owed: %1 reviews of broken glass, %2 of them overdue, the first was or is due %3. "
                                    "`change review` lists them.")
                      .arg(QString::number(open), QString::number(overdue), timeText(next)));
}

} // namespace wk::ctl
