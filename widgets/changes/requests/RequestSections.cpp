// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/RequestSections.h"

#include "widgets/changes/requests/RequestWords.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QLocale>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Approval;
using changes::RequestDetail;
using changes::TimeWindow;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::widgets::RequestSections)
};

QString requestLink(qint64 number) { return u"request:%1"_s.arg(number); }

void add(SummarySection& section, const QString& key, const QString& value)
{
    if (!value.isEmpty())
        section.items.append({key, value});
}

QString testWords(const QString& test)
{
    return test == u"unit"          ? Texts::tr("Unit tests")
           : test == u"integration" ? Texts::tr("Integration tests")
           : test == u"load"        ? Texts::tr("Load tests")
           : test == u"security"    ? Texts::tr("Security tests")
                                    : test;
}

/// "anna or eva could": who has one of these roles and did not write the request.
QString couldWords(const RequestDetail& detail, const QStringList& roles, const changes::ChangeDesk& desk)
{
    QStringList people;
    const auto& book = desk.roleBook();
    for (auto it = book.people.cbegin(); it != book.people.cend(); ++it) {
        const QString& person = it.key();
        const QStringList theirs = book.rolesOn(person, detail.summary.platform);
        const bool fits = std::ranges::any_of(roles, [&](const QString& role) { return theirs.contains(role); });
        if (fits && person != detail.summary.requester && person != detail.summary.editor)
            people << person;
    }
    people.sort();
    return people.isEmpty() ? Texts::tr("still open; nobody has this role")
                            : Texts::tr("still open; could be given by %1").arg(people.join(u", "_s));
}

SummarySection slotSection(const RequestDetail& detail, const changes::ChangeDesk& desk)
{
    SummarySection out{Texts::tr("Approvals that it takes"), {}};
    const changes::Assignment& assignment = detail.assignment;
    // In a private store a draft has no rule yet, but nobody is asked there either.
    const QString rule = assignment.rule.isEmpty() && desk.person().solo ? u"solo"_s : assignment.rule;
    if (!rule.isEmpty())
        out.items.append({Texts::tr("By rule"), ruleWords(rule), rule == u"glass" ? Health::Warning : Health::Good});
    for (const changes::ApprovalSlot& slot : assignment.needed) {
        QStringList roles;
        std::ranges::transform(slot.roles, std::back_inserter(roles), changes::roleWords);
        const QString given = slot.person;
        const QString open = rule.isEmpty() ? couldWords(detail, slot.roles, desk) : Texts::tr("not asked for");
        out.items.append({roles.join(Texts::tr(" or ")), given.isEmpty() ? open : given,
                          !given.isEmpty() ? Health::Good
                          : rule.isEmpty() ? Health::Unknown
                                           : Health::None});
    }
    return out;
}

SummarySection verdictSection(const RequestDetail& detail, qint64 nowMs)
{
    SummarySection out{Texts::tr("Verdicts"), {}};
    for (auto it = detail.approvals.crbegin(); it != detail.approvals.crend(); ++it) {
        const Approval& a = *it;
        QString words = a.approves ? Texts::tr("approved revision %1, %2").arg(a.revision).arg(agoWords(a.at, nowMs))
                                   : Texts::tr("rejected revision %1, %2").arg(a.revision).arg(agoWords(a.at, nowMs));
        if (a.steppedUp)
            words += Texts::tr(", with a one-time code");
        if (!a.counts)
            words += Texts::tr(". It does not count any more: the request was edited since");
        if (!a.comment.isEmpty())
            words += u"\n“%1”"_s.arg(a.comment);
        out.items.append({a.person, words, !a.counts ? Health::None : a.approves ? Health::Good : Health::Bad});
    }
    return out;
}

SummarySection conflictSection(const RequestDetail& detail)
{
    SummarySection out{Texts::tr("Other open requests on the same"), {}};
    for (const changes::RequestConflict& conflict : detail.conflicts)
        out.items.append({conflict.sameObject ? Texts::tr("Same object") : Texts::tr("Same namespace"),
                          Texts::tr("%1 · %2 (%3)")
                              .arg(conflict.number)
                              .arg(conflict.title, changes::requestStateWords(conflict.state)),
                          conflict.sameObject ? Health::Warning : Health::Info,
                          {},
                          false,
                          requestLink(conflict.number)});
    return out;
}

SummarySection reviewSection(const RequestDetail& detail, qint64 nowMs)
{
    SummarySection out{Texts::tr("Broken glass"), {}};
    for (const changes::Review& review : detail.reviews) {
        out.items.append({Texts::tr("By"), Texts::tr("%1, %2").arg(review.breaker, agoWords(review.openedAt, nowMs))});
        add(out, Texts::tr("Incident"), review.incident);
        add(out, Texts::tr("Why"), review.reason);
        if (review.verdict.isEmpty())
            out.items.append({Texts::tr("Review"), Texts::tr("due %1").arg(agoWords(review.dueAt, nowMs)),
                              review.overdue ? Health::Bad : Health::Warning});
        else
            out.items.append({Texts::tr("Review"),
                              Texts::tr("%1 by %2: %3").arg(review.verdict, review.reviewer, review.comment),
                              review.verdict == u"accepted" ? Health::Good : Health::Bad});
    }
    return out;
}

bool matches(const QString& pattern, const QString& value) { return pattern == u'*' || pattern == value; }

} // namespace

QList<SummarySection> formSections(const RequestDetail& detail, qint64 nowMs)
{
    const changes::RequestFields& f = detail.fields;
    const auto& s = detail.summary;
    SummarySection description{Texts::tr("Description"), {}};
    add(description, Texts::tr("What is changing"), f.what);
    add(description, Texts::tr("Why"), f.why);
    add(description, Texts::tr("Business impact"), f.impact);
    add(description, Texts::tr("Incident"), f.incident);
    SummarySection tests{Texts::tr("Testing"), {}};
    for (const QString& test : changes::RequestFields::knownTests()) {
        const bool passed = f.testsPassed.contains(test);
        tests.items.append({testWords(test), passed ? Texts::tr("passed") : Texts::tr("not stated"),
                            passed ? Health::Good : Health::Unknown});
    }
    add(tests, Texts::tr("Notes"), f.tests);
    SummarySection rollback{Texts::tr("Rollback plan"), {}};
    add(rollback, Texts::tr("How"), f.rollbackPlan);
    add(rollback, Texts::tr("Takes"), f.rollbackMinutes < 0 ? QString() : Texts::tr("%1 min").arg(f.rollbackMinutes));
    add(rollback, Texts::tr("Data recovery"), f.dataRecovery);
    SummarySection about{Texts::tr("Request"), {}};
    add(about, Texts::tr("Type"), typeWords(s.type));
    about.items.append({Texts::tr("Risk"),
                        Texts::tr("%1; declared %2, computed %3")
                            .arg(changes::riskWords(s.risk), changes::riskWords(detail.declaredRisk),
                                 changes::riskWords(detail.computedRisk)),
                        riskHealth(s.risk)});
    add(about, Texts::tr("Wanted"), spanWords(s.notBefore, s.notAfter, nowMs));
    add(about, Texts::tr("Template"), s.templateName);
    add(about, Texts::tr("Filed"), Texts::tr("%1 by %2").arg(agoWords(s.createdAt, nowMs), s.requester));
    if (s.revision > 1)
        add(about, Texts::tr("Edited"),
            Texts::tr("revision %1 by %2, %3").arg(s.revision).arg(s.editor, agoWords(detail.revisedAt, nowMs)));
    about.items.append({Texts::tr("Plan's SHA-256"), QString::fromLatin1(s.sha256), Health::None, {}, true});
    QList<SummarySection> out{description, tests, rollback, about};
    out.removeIf([](const SummarySection& section) { return section.items.isEmpty(); });
    return out;
}

bool concerns(const TimeWindow& window, const RequestDetail& detail)
{
    if (!matches(window.platform, detail.summary.platform))
        return false;
    return std::ranges::any_of(detail.targets, [&](const changes::RequestTarget& target) {
        return matches(window.cluster, target.cluster) && matches(window.space, target.space);
    });
}

QString windowWords(const TimeWindow& window, qint64 nowMs)
{
    if (window.starts)
        return spanWords(window.starts, window.ends, nowMs);
    QStringList days;
    for (const int day : window.days)
        days << QLocale().dayName(day, QLocale::ShortFormat);
    return Texts::tr("%1, %2 to %3 (%4)").arg(days.join(u", "_s), window.from, window.to, window.zone);
}

QList<SummarySection> approvalSections(const RequestDetail& detail, const changes::ChangeDesk& desk, qint64 nowMs)
{
    SummarySection windows{Texts::tr("Windows"), {}};
    for (const TimeWindow& window : desk.windows()) {
        if (!concerns(window, detail))
            continue;
        const QString kind = window.freeze ? Texts::tr("Freeze") : Texts::tr("Maintenance");
        const QString now = window.active ? Texts::tr(", now") : QString();
        windows.items.append({kind, window.name + u": "_s + windowWords(window, nowMs) + now,
                              window.active ? window.freeze ? Health::Warning : Health::Good : Health::None});
    }
    const auto& s = detail.summary;
    SummarySection times{Texts::tr("Times"), {}};
    add(times, Texts::tr("Submitted"), agoWords(s.submittedAt, nowMs));
    add(times, Texts::tr("Approved"), agoWords(s.approvedAt, nowMs));
    if (s.expiresAt && changes::isOpen(s.state))
        times.items.append(
            {Texts::tr("Expires"), agoWords(s.expiresAt, nowMs), s.expired ? Health::Warning : Health::None});
    add(times, Texts::tr("May run"), spanWords(s.notBefore, s.notAfter, nowMs));
    QList<SummarySection> out{slotSection(detail, desk),    verdictSection(detail, nowMs),
                              conflictSection(detail),      windows,
                              reviewSection(detail, nowMs), times};
    out.removeIf([](const SummarySection& section) { return section.items.isEmpty(); });
    return out;
}

} // namespace wk::widgets
