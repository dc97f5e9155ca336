// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeWriting.h"

#include "Prompt.h"
#include "change/ChangeAwait.h"
#include "change/ChangeBinding.h"
#include "change/ChangeInput.h"
#include "change/ChangePlan.h"
#include "change/ChangePrinter.h"
#include "changes/execution/Gate.h"

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::RequestDetail;
using changes::RequestFields;
using changes::RequestState;
using changes::RequestSummary;

namespace {

constexpr qsizetype typedDigits = 8; ///< of the hash that stands on the screen, to say that it was looked at

/// Submits, and waits for the approval where --wait says so.
void submit(ChangeSession& s, const RequestSummary& r)
{
    const auto timeout = timeoutOf(s.arguments());
    if (!timeout) {
        s.fail(timeout.error());
        return;
    }
    const auto written = s.desk().submit(r.number, r.revision, r.sha256);
    if (!s.arguments().has(u"wait"_s)) {
        reportWhenWritten(s, written);
        return;
    }
    s.with(written, [&s, timeout = *timeout](qint64 number) {
        ChangeAwait::start(s, number, {RequestState::Approved}, timeout,
                           [&s](const RequestDetail& detail) { report(s, detail); });
    });
}

/// What was written is what was meant: the store's hash is the plan's; then --submit.
void afterFiling(ChangeSession& s, const changes::ChangeDesk::Written& written, const QByteArray& sha256)
{
    s.with(written, [&s, sha256](qint64 number) {
        s.withDetail(number, [&s, sha256](const RequestDetail& detail) {
            if (detail.summary.sha256 != sha256)
                s.fail({Error::Kind::Conflict,
                        ChangeSession::tr("Request %1 holds another plan than the one that was filed")
                            .arg(detail.summary.number),
                        ChangeSession::tr("SHA-256 filed: %1\nSHA-256 there: %2")
                            .arg(QString::fromLatin1(sha256), QString::fromLatin1(detail.summary.sha256)),
                        ChangeSession::tr("Somebody edited it meanwhile: look at it before you submit it")});
            else if (s.arguments().has(u"submit"_s))
                submit(s, detail.summary);
            else
                report(s, detail);
        });
    });
}

/// The plan of the command line, bound to the objects as they are.
void withGivenPlan(ChangeSession& s, const QStringList& values, std::function<void(const GivenPlan&)> then)
{
    const auto given = planOf(s, values);
    if (!given) {
        s.fail(given.error());
        return;
    }
    withBoundForFiling(s, given->plan, [fields = given->fields, then](const changes::Plan& bound) {
        then({bound, fields});
    });
}

/// The hash that the person says they approve: nullopt where they said none. A plan in a file names the one that was
/// bound when it was filed, too.
Result<std::optional<QByteArray>> namedHash(ChangeSession& s, const RequestDetail& detail)
{
    const Arguments& arguments = s.arguments();
    if (arguments.has(u"plan"_s)) {
        const auto given = planOf(s, {});
        if (!given)
            return fail(given.error());
        const bool bound = detail.plan && changes::isBoundForm(*detail.plan, given->plan);
        return bound ? detail.summary.sha256 : given->plan.sha256();
    }
    if (!arguments.has(u"sha256"_s))
        return std::nullopt;
    const QByteArray hash = arguments.value(u"sha256"_s).toLatin1().toLower();
    if (hash.size() != 64)
        return fail(Error::Kind::BadInput,
                    ChangeSession::tr("A SHA-256 has 64 hexadecimal digits, and this has %1").arg(hash.size()), {},
                    ChangeSession::tr("`change plan FILE` and `change show N` print it"));
    return hash;
}

void sendApproval(ChangeSession& s, const RequestDetail& detail)
{
    const RequestSummary& r = detail.summary;
    const changes::Policy* policy = s.desk().policyOf(r.platform);
    const auto code = oneTimeCode(s, policy && policy->asksForCode(r.risk));
    if (code)
        reportWhenWritten(s,
                          s.desk().approve(r.number, r.revision, r.sha256, s.arguments().value(u"comment"_s), *code));
    else
        s.misuse(code.error().sentence);
}

/// Without a hash on the command line the person types the beginning of the one that they see.
void askForHash(ChangeSession& s, const RequestDetail& detail)
{
    auto* input = new ChangeInput(&s);
    printNote(ChangeSession::tr("Type the first %1 digits of the plan's SHA-256 to approve it:").arg(typedDigits));
    QObject::connect(input, &ChangeInput::interrupted, input, [&s] { s.finish(Refused); });
    QObject::connect(input, &ChangeInput::ended, input,
                     [&s] { s.misuse(ChangeSession::tr("Say which plan you approve: --sha256 HASH or --plan FILE")); });
    QObject::connect(input, &ChangeInput::line, input, [&s, input, detail](const QString& line) {
        input->disconnect();
        input->deleteLater();
        if (line.size() >= typedDigits && detail.summary.sha256.startsWith(line.toLatin1().toLower()))
            sendApproval(s, detail);
        else
            s.fail({Error::Kind::Conflict,
                    ChangeSession::tr("That is not the plan's SHA-256: nothing was approved"),
                    {},
                    {}});
    });
    input->read();
}

} // namespace

void reportWhenWritten(ChangeSession& s, const changes::ChangeDesk::Written& written)
{
    s.with(written,
           [&s](qint64 number) { s.withDetail(number, [&s](const RequestDetail& detail) { report(s, detail); }); });
}

Result<QString> oneTimeCode(ChangeSession& s, bool asked)
{
    if (!s.arguments().has(u"code"_s)) {
        if (!asked || !canAskSecret())
            return QString();
        return QString::fromLatin1(askSecret(ChangeSession::tr("One-time code: ")).value_or(QByteArray())).trimmed();
    }
    const auto line = readSecretLine();
    if (s.arguments().value(u"code"_s) != u"-" || !line)
        return fail(Error::Kind::BadInput,
                    ChangeSession::tr("--code takes only -: the one-time code is a line of standard input"));
    return QString::fromLatin1(*line).trimmed();
}

void report(ChangeSession& s, const RequestDetail& detail)
{
    if (s.wantsJson()) {
        printJson(requestJson(detail.summary));
    } else {
        printLine(stateSentence(detail.summary));
        printLine(ChangeSession::tr("revision %1, SHA-256 %2")
                      .arg(detail.summary.revision)
                      .arg(QString::fromLatin1(detail.summary.sha256)));
        for (const changes::RequestConflict& conflict : detail.conflicts)
            printNote(ChangeSession::tr("Request %1 touches the same %2: %3")
                          .arg(QString::number(conflict.number),
                               conflict.sameObject ? ChangeSession::tr("object") : ChangeSession::tr("namespace"),
                               conflict.title));
    }
    s.finish(Done);
}

void fileRequest(ChangeSession& s)
{
    withGivenPlan(s, s.arguments().words.sliced(1), [&s](const GivenPlan& given) {
        const auto fields = withOptions(given.fields, s);
        if (fields)
            afterFiling(s, s.desk().create(*fields, given.plan), given.plan.sha256());
        else
            s.fail(fields.error());
    });
}

void editRequest(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        const auto write = [&s, detail](const RequestFields& before, const changes::Plan& plan) {
            const auto fields = withOptions(before, s);
            if (fields)
                afterFiling(s, s.desk().edit(detail.summary.number, detail.summary.revision, *fields, plan),
                            plan.sha256());
            else
                s.fail(fields.error());
        };
        if (s.arguments().has(u"plan"_s) || s.arguments().has(u"template"_s))
            withGivenPlan(s, s.arguments().words.sliced(2),
                          [write, detail](const GivenPlan& given) { write(detail.fields, given.plan); });
        else if (detail.plan)
            write(detail.fields, *detail.plan);
        else
            s.fail(detail.plan.error());
    });
}

void submitRequest(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        if (!detail.plan || changes::looseSteps(*detail.plan).isEmpty()) {
            submit(s, detail.summary);
            return;
        }
        withBoundForFiling(s, *detail.plan, [&s, detail](const changes::Plan& bound) {
            const RequestSummary& r = detail.summary;
            if (bound == *detail.plan)
                submit(s, r);
            else
                s.with(s.desk().edit(r.number, r.revision, detail.fields, bound), [&s](qint64 number) {
                    s.withDetail(number, [&s](const RequestDetail& now) { submit(s, now.summary); });
                });
        });
    });
}

void approveRequest(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        const auto given = namedHash(s, detail);
        if (!given) {
            s.fail(given.error());
            return;
        }
        const std::optional<QByteArray>& named = *given;
        if (!s.wantsJson())
            printRequest(detail);
        std::fflush(stdout);
        const QByteArray& there = detail.summary.sha256;
        const QString whyNot = changes::Gate(s.desk(), s.clock()).whyNotApprove(detail);
        if (!detail.plan)
            s.fail(detail.plan.error());
        else if (named && *named != there)
            s.fail({Error::Kind::Conflict,
                    ChangeSession::tr("Request %1 holds another plan than the one that you name: nothing was approved")
                        .arg(detail.summary.number),
                    ChangeSession::tr("SHA-256 named: %1\nSHA-256 there: %2, revision %3 by %4")
                        .arg(QString::fromLatin1(*named), QString::fromLatin1(there),
                             QString::number(detail.summary.revision), detail.summary.editor),
                    ChangeSession::tr("Look at what is there: `watchkeeperctl change show %1`")
                        .arg(detail.summary.number)});
        else if (!whyNot.isEmpty())
            s.fail({Error::Kind::Forbidden, whyNot, {}, {}});
        else if (named)
            sendApproval(s, detail);
        else
            askForHash(s, detail);
    });
}

void rejectRequest(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        const RequestSummary& r = detail.summary;
        reportWhenWritten(s, s.desk().reject(r.number, r.revision, r.sha256, s.arguments().value(u"comment"_s)));
    });
}

void scheduleRequest(ChangeSession& s)
{
    const auto from = momentOf(s.arguments().value(u"not-before"_s), s.clock());
    const auto to = momentOf(s.arguments().value(u"not-after"_s), s.clock());
    if (!from || !to) {
        s.fail(from ? to.error() : from.error());
        return;
    }
    s.withRequest([&s, from = *from, to = *to](const RequestDetail& detail) {
        reportWhenWritten(s, s.desk().schedule(detail.summary.number, detail.summary.revision, from, to));
    });
}

void cancelRequest(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        reportWhenWritten(s, s.desk().cancel(detail.summary.number, s.arguments().value(u"reason"_s)));
    });
}

void closeRequest(ChangeSession& s)
{
    s.withRequest([&s](const RequestDetail& detail) {
        reportWhenWritten(s, s.desk().close(detail.summary.number, s.arguments().value(u"note"_s)));
    });
}

void enrollForCodes(ChangeSession& s)
{
    s.with(s.desk().enrollTotp(), [&s](const changes::Enrolment& enrolment) {
        printLine(enrolment.secret);
        printLine(enrolment.uri);
        std::fflush(stdout);
        printNote(ChangeSession::tr("Put this into your authenticator, then type the code that it shows:"));
        auto* input = new ChangeInput(&s);
        QObject::connect(input, &ChangeInput::interrupted, input, [&s] { s.finish(Refused); });
        QObject::connect(input, &ChangeInput::ended, input, [&s] {
            printNote(ChangeSession::tr("No code was typed: nothing has changed."));
            s.finish(Refused);
        });
        QObject::connect(input, &ChangeInput::line, input, [&s, input](const QString& code) {
            input->disconnect();
            whenDone(s.desk().confirmTotp(code), &s, [&s](const Result<void>& confirmed) {
                if (!confirmed) {
                    s.fail(confirmed.error());
                    return;
                }
                printLine(ChangeSession::tr("From now on approvals of a high risk ask for a code of it."));
                s.finish(Done);
            });
        });
        input->read();
    });
}

} // namespace wk::ctl
