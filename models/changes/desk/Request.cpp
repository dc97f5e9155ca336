// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/desk/Request.h"

#include "changes/desk/RecordReader.h"

#include <QtCore/QCoreApplication>

#include <array>

namespace wk::changes {

using namespace Qt::StringLiterals;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::Request)
};

/// A value, its name in the store, and what people read.
template <typename T>
struct Word
{
    T value;
    const char16_t* name;
    const char* words;
};

constexpr std::array requestWords{
    Word{RequestState::Draft, u"draft", QT_TRANSLATE_NOOP("wk::changes::Request", "draft")},
    Word{RequestState::Submitted, u"submitted", QT_TRANSLATE_NOOP("wk::changes::Request", "submitted")},
    Word{RequestState::Approved, u"approved", QT_TRANSLATE_NOOP("wk::changes::Request", "approved")},
    Word{RequestState::Scheduled, u"scheduled", QT_TRANSLATE_NOOP("wk::changes::Request", "scheduled")},
    Word{RequestState::Running, u"running", QT_TRANSLATE_NOOP("wk::changes::Request", "running")},
    Word{RequestState::Verified, u"verified", QT_TRANSLATE_NOOP("wk::changes::Request", "verified")},
    Word{RequestState::Failed, u"failed", QT_TRANSLATE_NOOP("wk::changes::Request", "failed")},
    Word{RequestState::RolledBack, u"rolled_back", QT_TRANSLATE_NOOP("wk::changes::Request", "rolled back")},
    Word{RequestState::Closed, u"closed", QT_TRANSLATE_NOOP("wk::changes::Request", "closed")},
    Word{RequestState::Rejected, u"rejected", QT_TRANSLATE_NOOP("wk::changes::Request", "rejected")},
    Word{RequestState::Cancelled, u"cancelled", QT_TRANSLATE_NOOP("wk::changes::Request", "cancelled")}};

constexpr std::array stepWords{
    Word{StepState::Running, u"running", QT_TRANSLATE_NOOP("wk::changes::Request", "running")},
    Word{StepState::Done, u"done", QT_TRANSLATE_NOOP("wk::changes::Request", "done")},
    Word{StepState::Failed, u"failed", QT_TRANSLATE_NOOP("wk::changes::Request", "failed")},
    Word{StepState::Skipped, u"skipped", QT_TRANSLATE_NOOP("wk::changes::Request", "skipped")},
    Word{StepState::Unknown, u"unknown", QT_TRANSLATE_NOOP("wk::changes::Request", "not known")},
    Word{StepState::Repeat, u"repeat", QT_TRANSLATE_NOOP("wk::changes::Request", "to be repeated")}};

constexpr std::array riskWordList{Word{Risk::Low, u"low", QT_TRANSLATE_NOOP("wk::changes::Request", "low")},
                                  Word{Risk::Medium, u"medium", QT_TRANSLATE_NOOP("wk::changes::Request", "medium")},
                                  Word{Risk::High, u"high", QT_TRANSLATE_NOOP("wk::changes::Request", "high")}};

template <typename T, size_t N>
const Word<T>& entry(const std::array<Word<T>, N>& words, T value)
{
    return *std::ranges::find(words, value, &Word<T>::value);
}

template <typename T, size_t N>
std::optional<T> valueOf(const std::array<Word<T>, N>& words, QStringView name)
{
    const auto it = std::ranges::find_if(words, [name](const auto& word) { return name == QStringView(word.name); });
    return it == words.end() ? std::nullopt : std::optional(it->value);
}

QString isoTime(const QDateTime& time) { return time.toUTC().toString(Qt::ISODateWithMs); }

void insertTime(QJsonObject& json, const QString& name, const Moment& time)
{
    if (time)
        json.insert(name, isoTime(*time));
}

void insertText(QJsonObject& json, const QString& name, const QString& text)
{
    if (!text.isEmpty())
        json.insert(name, text);
}

} // namespace

QString requestStateName(RequestState state) { return QString::fromUtf16(entry(requestWords, state).name); }
QString requestStateWords(RequestState state) { return Texts::tr(entry(requestWords, state).words); }
std::optional<RequestState> requestState(QStringView name) { return valueOf(requestWords, name); }
QString stepStateName(StepState state) { return QString::fromUtf16(entry(stepWords, state).name); }
QString stepStateWords(StepState state) { return Texts::tr(entry(stepWords, state).words); }
std::optional<StepState> stepState(QStringView name) { return valueOf(stepWords, name); }
std::optional<Risk> riskOf(QStringView name) { return valueOf(riskWordList, name); }
QString riskWords(Risk risk) { return Texts::tr(entry(riskWordList, risk).words); }

const QList<RequestState>& requestStates()
{
    static const QList<RequestState> all = [] {
        QList<RequestState> out;
        for (const auto& word : requestWords)
            out << word.value;
        return out;
    }();
    return all;
}

bool isOpen(RequestState state) { return state <= RequestState::Running || state == RequestState::Rejected; }

QList<ApprovalSlot> Assignment::open() const
{
    QList<ApprovalSlot> out;
    std::ranges::copy_if(needed, std::back_inserter(out), [](const auto& slot) { return slot.person.isEmpty(); });
    return out;
}

QString Assignment::words() const
{
    QStringList out;
    for (const ApprovalSlot& slot : complete ? QList<ApprovalSlot>() : open()) {
        QStringList roles;
        std::ranges::transform(slot.roles, std::back_inserter(roles), roleWords);
        out << roles.join(Texts::tr(" or "));
    }
    return out.join(u"; "_s);
}

QString roleWords(const QString& role) { return QString(role).replace(u'-', u' '); }

QStringList RequestFields::knownTests() { return {u"unit"_s, u"integration"_s, u"load"_s, u"security"_s}; }

QJsonObject RequestFields::toJson() const
{
    QJsonObject json{{u"title"_s, title}, {u"type"_s, type}, {u"risk"_s, riskName(risk)}};
    for (const auto& [name, value] : {std::pair{u"what"_s, what},
                                      {u"why"_s, why},
                                      {u"impact"_s, impact},
                                      {u"rollback_plan"_s, rollbackPlan},
                                      {u"data_recovery"_s, dataRecovery},
                                      {u"incident"_s, incident},
                                      {u"template"_s, templateName}})
        insertText(json, name, value);
    QJsonObject done;
    if (!testsPassed.isEmpty())
        done.insert(u"passed"_s, QJsonArray::fromStringList(testsPassed));
    insertText(done, u"note"_s, tests);
    if (!done.isEmpty())
        json.insert(u"tests"_s, done);
    if (rollbackMinutes >= 0)
        json.insert(u"rollback_minutes"_s, rollbackMinutes);
    insertTime(json, u"not_before"_s, notBefore);
    insertTime(json, u"not_after"_s, notAfter);
    if (!templateParameters.isEmpty())
        json.insert(u"template_parameters"_s, templateParameters);
    if (afterTheFact)
        json.insert(u"after_the_fact"_s, true);
    if (unapproved)
        json.insert(u"unapproved"_s, unapproved);
    return json;
}

Result<RequestFields> RequestFields::fromJson(const QJsonObject& json)
{
    using enum RecordReader::Need;
    RecordReader reader(json, Texts::tr("the form of a request"));
    RequestFields out;
    out.title = reader.text("title");
    out.type = reader.text("type");
    out.risk = json.contains("risk"_L1) ? reader.word("risk", riskOf) : Risk::Low;
    for (const auto& [name, value] : {std::pair{"what", &out.what},
                                      {"why", &out.why},
                                      {"impact", &out.impact},
                                      {"rollback_plan", &out.rollbackPlan},
                                      {"incident", &out.incident},
                                      {"template", &out.templateName},
                                      {"data_recovery", &out.dataRecovery}})
        *value = reader.text(name, Optional);
    // Other programs may have filed the tests as a plain text.
    if (json.value("tests"_L1).isString()) {
        out.tests = reader.text("tests");
    } else {
        const QJsonObject done = reader.object("tests");
        RecordReader inner(done, Texts::tr("the tests of a request"));
        out.testsPassed = inner.texts("passed");
        out.tests = inner.text("note", Optional);
        if (inner.error())
            return fail(*inner.error());
    }
    if (json.contains("rollback_minutes"_L1) && !json.value("rollback_minutes"_L1).isNull())
        out.rollbackMinutes = reader.integer("rollback_minutes", 0, Optional);
    out.notBefore = reader.moment("not_before");
    out.notAfter = reader.moment("not_after");
    out.templateParameters = reader.object("template_parameters");
    out.afterTheFact = reader.boolean("after_the_fact", Optional);
    out.unapproved = reader.number("unapproved", 1, std::numeric_limits<qint64>::max(), Optional);
    return reader.result(out);
}

QString StepRecord::sentence() const { return result.value("sentence"_L1).toString(); }

const StepRecord* ExecutionRecord::step(int number) const
{
    const auto it = std::ranges::find(steps, number, &StepRecord::step);
    return it == steps.end() ? nullptr : &*it;
}

const ExecutionRecord* RequestDetail::execution() const
{
    const auto it = std::ranges::find(executions, summary.revision, &ExecutionRecord::revision);
    return it == executions.end() ? nullptr : &*it;
}

QString RequestDetail::clustersToType() const
{
    if (!clusters.isEmpty())
        return clusters;
    QStringList names;
    for (const RequestTarget& target : targets)
        if (!target.cluster.isEmpty())
            names << target.cluster;
    names.removeDuplicates();
    names.sort();
    return names.join(u", "_s);
}

QJsonObject TimeWindow::toJson() const
{
    QJsonObject json{{u"kind"_s, freeze ? u"freeze"_s : u"maintenance"_s},
                     {u"name"_s, name},
                     {u"platform"_s, platform},
                     {u"cluster"_s, cluster},
                     {u"namespace"_s, space},
                     {u"zone"_s, zone}};
    insertTime(json, u"starts_at"_s, starts);
    insertTime(json, u"ends_at"_s, ends);
    if (!days.isEmpty()) {
        QJsonArray numbers;
        std::ranges::copy(days, std::back_inserter(numbers));
        json.insert(u"days"_s, numbers);
        json.insert(u"from"_s, from);
        json.insert(u"to"_s, to);
    }
    return json;
}

QJsonObject AuditEntry::toJson() const
{
    QJsonObject json{{u"seq"_s, seq},
                     {u"person"_s, person},
                     {u"action"_s, action},
                     {u"detail"_s, detail},
                     {u"entry"_s, QString::fromUtf8(entry)},
                     {u"previousHash"_s, QString::fromLatin1(previousHash)},
                     {u"hash"_s, QString::fromLatin1(hash)}};
    if (number > 0)
        json.insert(u"request"_s, number);
    insertTime(json, u"at"_s, at);
    return json;
}

QList<ApprovalSlot> Policy::needed(Risk risk) const
{
    QList<ApprovalSlot> out;
    const QJsonArray places = body.value("approvals"_L1).toObject().value(riskName(risk)).toArray();
    for (const auto& place : places)
        out << ApprovalSlot{place.toVariant().toStringList(), {}};
    return out;
}

bool Policy::asksForCode(Risk risk) const
{
    return risk == Risk::High || body.value("step_up"_L1).toArray().contains(QJsonValue(riskName(risk)));
}

QStringList Policy::executes() const { return body.value("execute"_L1).toVariant().toStringList(); }

QStringList Person::rolesOn(const QString& platform) const
{
    QStringList out;
    for (const Role& role : roles)
        if (role.platform == u'*' || role.platform == platform)
            out << role.role;
    out.removeDuplicates();
    return out;
}

bool Person::hasAny(const QString& platform, const QStringList& wanted) const
{
    const QStringList mine = rolesOn(platform);
    return std::ranges::any_of(wanted, [&mine](const QString& role) { return mine.contains(role); });
}

bool Person::writes(const QString& platform) const
{
    return hasAny(platform, {u"operator"_s, u"tech-lead"_s, u"security"_s, u"operations"_s});
}

QStringList RoleBook::rolesOn(const QString& person, const QString& platform) const
{
    Person somebody;
    somebody.roles = people.value(person);
    return somebody.rolesOn(platform);
}

} // namespace wk::changes
