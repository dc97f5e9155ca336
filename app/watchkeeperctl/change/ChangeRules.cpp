// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeRules.h"

#include "change/ChangePlan.h"
#include "change/ChangePrinter.h"

#include <QtCore/QJsonDocument>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::Policy;
using changes::StoredTemplate;
using changes::TimeWindow;

namespace {

constexpr QLatin1StringView dayNames[] = {"mon"_L1, "tue"_L1, "wed"_L1, "thu"_L1, "fri"_L1, "sat"_L1, "sun"_L1};

QString daysText(const QList<int>& days)
{
    QStringList names;
    for (const int day : days)
        names << dayNames[std::clamp(day, 1, 7) - 1];
    return names.join(u',');
}

Result<QList<int>> daysOf(const QString& text)
{
    QList<int> days;
    for (const QString& word : text.split(u',', Qt::SkipEmptyParts)) {
        const auto it = std::ranges::find(dayNames, word);
        if (it == std::end(dayNames))
            return fail(Error::Kind::BadInput, ChangeSession::tr("\"%1\" is no day of the week").arg(word), {},
                        ChangeSession::tr("Write --days mon,tue,wed,thu,fri,sat,sun"));
        days << int(it - std::begin(dayNames)) + 1;
    }
    return days;
}

QString timesOf(const TimeWindow& window)
{
    return window.days.isEmpty()
               ? ChangeSession::tr("%1 to %2").arg(timeText(window.starts), timeText(window.ends))
               : ChangeSession::tr("%1, %2 to %3 %4").arg(daysText(window.days), window.from, window.to, window.zone);
}

void listWindows(ChangeSession& s)
{
    QJsonArray json;
    QList<QStringList> lines{
        {u"ID"_s, u"KIND"_s, u"NOW"_s, u"PLATFORM"_s, u"CLUSTER"_s, u"NAMESPACE"_s, u"WHEN"_s, u"NAME"_s, u"REASON"_s}};
    for (const TimeWindow& w : s.desk().windows()) {
        QJsonObject one = w.toJson();
        one.insert(u"id"_s, w.id);
        one.insert(u"active"_s, w.active);
        one.insert(u"setBy"_s, w.setBy);
        one.insert(u"reason"_s, w.reason);
        json.append(one);
        lines << QStringList{QString::number(w.id),
                             w.freeze ? ChangeSession::tr("freeze") : ChangeSession::tr("maintenance"),
                             w.active ? ChangeSession::tr("yes") : QString(),
                             w.platform,
                             w.cluster,
                             w.space,
                             timesOf(w),
                             w.name,
                             w.reason};
    }
    if (s.wantsJson())
        printJson(json);
    else if (json.isEmpty())
        printNote(ChangeSession::tr("No maintenance window and no freeze is set."));
    else
        printColumns(lines);
    s.finish(Done);
}

/// The options laid over `window`: weekly with --days, else once.
Result<TimeWindow> withWindowOptions(TimeWindow window, ChangeSession& s)
{
    const Arguments& a = s.arguments();
    for (const auto& [option, member] :
         {std::pair{u"platform"_s, &TimeWindow::platform}, std::pair{u"cluster"_s, &TimeWindow::cluster},
          std::pair{u"zone"_s, &TimeWindow::zone}, std::pair{u"name"_s, &TimeWindow::name}})
        if (a.has(option))
            window.*member = a.value(option);
    if (!a.space.isEmpty())
        window.space = a.space;
    if (a.has(u"days"_s)) {
        const auto days = daysOf(a.value(u"days"_s));
        if (!days)
            return fail(days.error());
        window.days = *days;
        window.starts = window.ends = {};
    }
    if (!window.days.isEmpty()) {
        window.from = a.has(u"from"_s) ? a.value(u"from"_s) : window.from;
        window.to = a.has(u"to"_s) ? a.value(u"to"_s) : window.to;
        return window;
    }
    for (const auto& [option, member] :
         {std::pair{u"from"_s, &TimeWindow::starts}, std::pair{u"to"_s, &TimeWindow::ends}}) {
        if (!a.has(option))
            continue;
        const auto moment = momentOf(a.value(option), s.clock());
        if (!moment)
            return fail(moment.error());
        window.*member = *moment;
    }
    if (!window.starts || !window.ends)
        return fail(Error::Kind::BadInput, ChangeSession::tr("A window has a beginning and an end"), {},
                    ChangeSession::tr("Write --from TIME --to TIME, or --days mon,tue --from 22:00 --to 02:00"));
    return window;
}

void writeWindow(ChangeSession& s, const TimeWindow& before, qint64 replaces)
{
    const auto window = withWindowOptions(before, s);
    if (!window) {
        s.fail(window.error());
        return;
    }
    s.with(s.desk().setWindow(*window, s.arguments().value(u"reason"_s), replaces), [&s, window = *window](qint64 id) {
        if (s.wantsJson())
            printJson(QJsonObject{{u"id"_s, id}});
        else
            printLine(ChangeSession::tr("Window %1: %2, %3").arg(QString::number(id), window.name, timesOf(window)));
        s.finish(Done);
    });
}

/// The window whose number is the second word; ends the program where it is none.
const TimeWindow* windowOf(ChangeSession& s)
{
    const auto& windows = s.desk().windows();
    const auto it = std::ranges::find(windows, s.word(1).toLongLong(), &TimeWindow::id);
    if (it != windows.end())
        return &*it;
    s.fail({Error::Kind::NotFound,
            ChangeSession::tr("There is no window %1").arg(s.word(1)),
            {},
            ChangeSession::tr("`change windows` lists them")});
    return nullptr;
}

/// "tech-lead|operations,security": one person for each place between commas, who has one of its roles.
QJsonArray slotsOf(const QString& text)
{
    QJsonArray out;
    for (const QString& place : text.split(u',', Qt::SkipEmptyParts))
        out.append(QJsonArray::fromStringList(place.split(u'|', Qt::SkipEmptyParts)));
    return out;
}

QString slotsText(const QJsonArray& places)
{
    QStringList out;
    for (const auto& place : places)
        out << place.toVariant().toStringList().join(u'|');
    return out.join(u',');
}

QString policyText(const QJsonObject& body)
{
    QStringList out;
    for (auto it = body.begin(); it != body.end(); ++it) {
        if (it.key() == "approvals"_L1) {
            const QJsonObject risks = it.value().toObject();
            for (auto risk = risks.begin(); risk != risks.end(); ++risk)
                out << u"approvals.%1=%2"_s.arg(risk.key(), slotsText(risk.value().toArray()));
        } else {
            out << u"%1=%2"_s.arg(it.key(), it.value().isArray() ? it.value().toVariant().toStringList().join(u',')
                                                                 : it.value().toVariant().toString());
        }
    }
    return out.join(u'\n');
}

/// KEY=VALUE words over a policy: approvals.high=tech-lead,security,operations, glass_hours=2, execute=operator.
Result<QJsonObject> policyWith(QJsonObject body, const QStringList& words)
{
    for (const QString& word : words) {
        const QString key = word.section(u'=', 0, 0), value = word.section(u'=', 1);
        bool isNumber = false;
        const qint64 number = value.toLongLong(&isNumber);
        if (key.isEmpty() || value.isEmpty())
            return fail(Error::Kind::BadInput, ChangeSession::tr("\"%1\" is not a value").arg(word), {},
                        ChangeSession::tr("Write KEY=VALUE, as `change policy` prints them"));
        if (key.startsWith(u"approvals.")) {
            QJsonObject risks = body.value("approvals"_L1).toObject();
            risks.insert(key.section(u'.', 1), slotsOf(value));
            body.insert(u"approvals"_s, risks);
        } else if (isNumber) {
            body.insert(key, number);
        } else {
            body.insert(key, QJsonArray::fromStringList(value.split(u',', Qt::SkipEmptyParts)));
        }
    }
    return body;
}

void showPolicies(ChangeSession& s, const QString& platform)
{
    QJsonArray json;
    for (const Policy& p : s.desk().policies()) {
        if (!platform.isEmpty() && p.platform != platform)
            continue;
        json.append(QJsonObject{{u"platform"_s, p.platform},
                                {u"version"_s, p.version},
                                {u"current"_s, p.current},
                                {u"setBy"_s, p.setBy},
                                {u"setAt"_s, p.setAt->toString(Qt::ISODateWithMs)},
                                {u"reason"_s, p.reason},
                                {u"body"_s, p.body}});
        if (s.wantsJson())
            continue;
        printLine(ChangeSession::tr("platform %1, version %2%3, by %4 at %5")
                      .arg(p.platform, QString::number(p.version),
                           p.current ? ChangeSession::tr(" (current)") : QString(), p.setBy, timeText(p.setAt)));
        if (!p.reason.isEmpty())
            printLine(u"  "_s + ChangeSession::tr("reason: %1").arg(p.reason));
        if (p.current)
            printLine(u"  "_s + policyText(p.body).replace(u'\n', u"\n  "_s));
    }
    if (s.wantsJson())
        printJson(json);
    else if (json.isEmpty())
        printNote(ChangeSession::tr("Platform %1 has no policy of its own; that of * counts.").arg(platform));
    s.finish(Done);
}

void setPolicy(ChangeSession& s)
{
    const QString platform = s.word(1);
    const Policy* before = s.desk().policyOf(platform);
    if (!before) {
        s.misuse(ChangeSession::tr("The store has no policy yet"));
        return;
    }
    const auto body = policyWith(before->body, s.arguments().words.sliced(3));
    if (!body) {
        s.fail(body.error());
        return;
    }
    const int seen = before->platform == platform ? before->version : 0;
    s.with(s.desk().setPolicy(platform, *body, s.arguments().value(u"reason"_s), seen), [&s, platform](qint64 version) {
        printLine(ChangeSession::tr("The policy of %1 is at version %2 now.").arg(platform).arg(version));
        s.finish(Done);
    });
}

void listTemplates(ChangeSession& s)
{
    QJsonArray json;
    QList<QStringList> lines{
        {u"NAME"_s, u"VERSION"_s, u"PLATFORM"_s, u"RISK"_s, u"STANDS"_s, u"AUTHOR"_s, u"APPROVED BY"_s}};
    for (const StoredTemplate& t : s.desk().templates()) {
        const StoredTemplate* standing = s.desk().standingTemplate(t.name, t.platform);
        const bool stands = standing && *standing == t;
        json.append(QJsonObject{{u"name"_s, t.name},
                                {u"version"_s, t.version},
                                {u"platform"_s, t.platform},
                                {u"author"_s, t.author},
                                {u"stands"_s, stands},
                                {u"approvers"_s, QJsonArray::fromStringList(t.approvers)},
                                {u"body"_s, t.body}});
        lines << QStringList{t.name,
                             QString::number(t.version),
                             t.platform,
                             t.body.value("risk"_L1).toString(),
                             stands ? ChangeSession::tr("yes") : ChangeSession::tr("no"),
                             t.author,
                             t.approvers.join(u", "_s)};
    }
    if (s.wantsJson())
        printJson(json);
    else if (json.isEmpty())
        printNote(ChangeSession::tr("The store keeps no template."));
    else
        printColumns(lines);
    s.finish(Done);
}

/// What is given as KEY=VALUE is fixed, the other parameters stay open inside their bounds.
void keepTemplate(ChangeSession& s)
{
    const auto body = templateBodyOf(s, s.arguments().words.sliced(3));
    if (!body) {
        s.fail(body.error());
        return;
    }
    s.with(s.desk().keepTemplate(s.word(1), *body), [&s](qint64 version) {
        printLine(ChangeSession::tr("Template \"%1\" is kept in version %2. It stands once others have approved it.")
                      .arg(s.word(1))
                      .arg(version));
        s.finish(Done);
    });
}

void approveTemplate(ChangeSession& s)
{
    s.with(s.desk().approveTemplate(s.word(1), s.word(2).toInt()), [&s](qint64 version) {
        printLine(ChangeSession::tr("You have approved version %1 of \"%2\".").arg(version).arg(s.word(1)));
        s.finish(Done);
    });
}

} // namespace

void changeWindows(ChangeSession& s)
{
    const QString deed = s.word(0);
    if (deed.isEmpty() || deed == u"list") {
        listWindows(s);
    } else if (deed == u"add" && (s.word(1) == u"freeze" || s.word(1) == u"maintenance") && !s.word(2).isEmpty()) {
        TimeWindow window;
        window.freeze = s.word(1) == u"freeze";
        window.name = s.word(2);
        writeWindow(s, window, 0);
    } else if (deed == u"change" && !s.word(1).isEmpty()) {
        if (const TimeWindow* window = windowOf(s))
            writeWindow(s, *window, window->id);
    } else if (deed == u"end" && !s.word(1).isEmpty()) {
        if (const TimeWindow* window = windowOf(s))
            s.with(s.desk().endWindow(window->id, s.arguments().value(u"reason"_s)), [&s](qint64 id) {
                printLine(ChangeSession::tr("Window %1 has ended.").arg(id));
                s.finish(Done);
            });
    } else {
        s.misuse(ChangeSession::tr("change windows [list], add freeze|maintenance NAME, change ID, or end ID"));
    }
}

void changePolicy(ChangeSession& s)
{
    if (s.word(0) != u"set")
        showPolicies(s, s.word(0));
    else if (s.arguments().words.size() > 3)
        setPolicy(s);
    else
        s.misuse(ChangeSession::tr("change policy set PLATFORM KEY=VALUE..."));
}

void changeTemplates(ChangeSession& s)
{
    const QString deed = s.word(0);
    if (deed.isEmpty() || deed == u"list")
        listTemplates(s);
    else if (deed == u"keep" && !s.word(1).isEmpty())
        keepTemplate(s);
    else if (deed == u"approve" && s.word(2).toInt() > 0)
        approveTemplate(s);
    else
        s.misuse(ChangeSession::tr("change templates [list], keep NAME --template T --platform P KEY=VALUE..., "
                                   "or approve NAME VERSION"));
}

} // namespace wk::ctl
