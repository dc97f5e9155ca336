// SPDX-License-Identifier: GPL-3.0-or-later
//
// Template files: the figures of the documents, what can be wrong with one's own, and how the store keeps one.
// data/plan-figures.tsv lists each figure with the line that it stands in; the lines are checked where the documents
// are at hand (../shared/seeds beside the repository), the values always.
#include "changes/templates/PlanTemplateLoader.h"
#include "changes/templates/TemplateScope.h"
#include "platform/PlatformLoader.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;

namespace {

const QByteArray good = R"(name: scale-web
title: Scale the web
summary: More or fewer
group: scaling
parameters:
  - {name: workload, title: Workload, type: workload}
  - {name: replicas, title: Replicas, type: integer, min: 1, max: $workload.maxReplicas or 9, default: 3}
request:
  title: "[$workload.service] - $replicas replicas"
  type: infrastructure
  risk: medium
  what: More of $workload.
  why: Because.
  impact: None.
  rollback: {plan: Back., minutes: 5, data: None.}
steps:
  - {action: scale, target: $workload, parameters: {replicas: $replicas}}
)";

QString all(const TemplateLoad& load)
{
    QStringList lines;
    for (const auto& problem : load.problems)
        lines << problem.text();
    return lines.join(u'\n');
}

QString all(const Mistakes& mistakes)
{
    QStringList lines;
    for (const Mistake& mistake : mistakes.list())
        lines << mistake.text();
    return lines.join(u'\n');
}

// The place of a piece of the text, as "line:column".
QString place(const QByteArray& text, const QByteArray& piece)
{
    const QString before = QString::fromUtf8(text.first(text.indexOf(piece)));
    return u"%1:%2"_s.arg(before.count(u'\n') + 1).arg(before.size() - before.lastIndexOf(u'\n'));
}

QByteArray with(QByteArray text, const char* what, const char* instead)
{
    if (!text.contains(what))
        qFatal("nothing to replace: %s", what);
    return text.replace(what, instead);
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

QString asText(const QJsonValue& value)
{
    return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
}

} // namespace

class TestTemplateFiles : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_platforms = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
        m_templates = loadTemplates({QString::fromUtf16(builtinTemplates)}).templates;
        QCOMPARE(m_templates.size(), size_t(12));
    }

    void figuresOfTheDocuments()
    {
        QFile list(QStringLiteral(TEST_DATA "/plan-figures.tsv"));
        QVERIFY(list.open(QIODevice::ReadOnly));
        const QStringList rows = QString::fromUtf8(list.readAll()).split(u'\n', Qt::SkipEmptyParts);
        QVERIFY(rows.size() > 60);
        QStringList wrong;
        QSet<QString> templates, documents;
        for (const QString& row : rows) {
            if (row.startsWith(u'#'))
                continue;
            const QStringList cells = row.split(u'\t');
            QCOMPARE(cells.size(), 7);
            templates.insert(cells[3]);
            documents.insert(cells[0]);
            if (!stands(cells))
                wrong << u"not in the template: "_s + row;
            QFile document(QStringLiteral(SOURCE_ROOT "/../shared/seeds/%1.md").arg(cells[0]));
            if (!document.open(QIODevice::ReadOnly))
                continue;
            const QStringList lines = QString::fromUtf8(document.readAll()).split(u'\n');
            if (!lines.value(cells[1].toInt() - 1).contains(cells[2]))
                wrong << u"not in the document: "_s + row;
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
        QCOMPARE(documents.size(), 5);
        QVERIFY(templates.size() >= 11); // a restart has no figure
    }

    void aGoodOneHasNoMistakes()
    {
        const TemplateLoad load = parseTemplate(good, u"web.yaml"_s);
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        const auto plan = load.templates[0]->make(streamgate(), {{u"workload"_s, u"api-gateway"_s}});
        QVERIFY(plan);
        QCOMPARE(plan->words(), (QStringList{u"1. Scale deployment api-gateway in streamgate to 3 replicas."_s}));
    }

    void boundsFollowThePlatformFile()
    {
        const auto made = parseTemplate(good, u"web.yaml"_s).templates[0];
        const auto mistake = [&](const QJsonObject& given) {
            const auto plan = made->make(streamgate(), given);
            return plan ? QString() : all(plan.error());
        };
        const QString gateway = u"streamgate/Deployment/api-gateway"_s;
        QCOMPARE(mistake({{u"workload"_s, gateway}, {u"replicas"_s, 10}}), QString());
        QCOMPARE(mistake({{u"workload"_s, gateway}, {u"replicas"_s, 11}}),
                 u"parameters.replicas: must be a whole number from 1 to 10"_s);
        QCOMPARE(mistake({{u"workload"_s, u"streaming"_s}, {u"replicas"_s, 10}}),
                 u"parameters.replicas: must be a whole number from 1 to 9"_s);
        QCOMPARE(mistake({{u"workload"_s, gateway}, {u"replicas"_s, u"7"_s}}), QString()); // from a command line
        QCOMPARE(mistake({{u"workload"_s, gateway}, {u"replicas"_s, 2.5}}),
                 u"parameters.replicas: must be a whole number from 1 to 10"_s);
        // All at once.
        const QString several = mistake({{u"replicas"_s, u"x"_s}, {u"replica"_s, 3}});
        QVERIFY2(several.contains(u"parameters.workload: is missing"_s), qPrintable(several));
        QVERIFY2(several.contains(u"parameters.replicas: must be"_s), qPrintable(several));
        QVERIFY2(several.contains(u"parameters.replica: is not known; did you mean “replicas”?"_s),
                 qPrintable(several));
        QVERIFY(mistake({{u"workload"_s, u"api"_s}}).contains(u"is none of: "_s));
    }

    void allMistakesOfAFileAtOnce()
    {
        QByteArray text = with(good, "title: Workload, type: workload", "titel: Workload, type: werkload");
        text = with(text, "max: $workload.maxReplicas or 9", "max: $workload.maxReplikas or 9");
        text = with(text, "risk: medium", "risk: middling");
        text = with(text, "$replicas replicas", "$replica replicas");
        text = with(text, "  impact: None.\n", "");
        text += "  - {action: scael, target: $workload}\n  - {check: confirm, action: restart}\n"
                "  - {check: confirm, when: replika, parameters: {question: a, question: b}}\n"
                "  - {action: restart, each: workload, target: $each}\n  - nonsense\n";
        const TemplateLoad load = parseTemplate(text, u"web.yaml"_s);
        QVERIFY(load.templates.empty());
        QStringList got;
        for (const auto& problem : load.problems) {
            QVERIFY2(!problem.message.isEmpty() && !problem.expected.isEmpty(), qPrintable(problem.text()));
            got << u"%1:%2 %3"_s.arg(problem.line).arg(problem.column).arg(problem.message);
        }
        const QStringList want{
            place(text, "{name: workload") + u" parameter has no \"title\""_s,
            place(text, "titel") + u" unknown key \"titel\" in parameter; did you mean \"title\"?"_s,
            place(text, "werkload") + u" \"werkload\" is not known here; did you mean \"workload\"?"_s,
            place(text, "$workload.maxReplikas") +
                u" \"$workload\" has no \"maxReplikas\"; did you mean \"maxReplicas\"?"_s,
            place(text, "title: \"[$w") + u" request has no \"impact\""_s,
            place(text, "\"[$w") + u" \"$replica\" is not known here; did you mean \"replicas\"?"_s,
            place(text, "middling") + u" \"middling\" is not known here"_s,
            place(text, "scael") + u" there is no action \"scael\"; did you mean \"scale\"?"_s,
            place(text, "{check: confirm, action") + u" the step has to be either an action or a check"_s,
            place(text, "replika,") + u" \"replika\" asks for \"replika\"; did you mean \"replicas\"?"_s,
            place(text, "question: b") + u" \"question\" stands twice"_s,
            place(text, "workload, target: $each") + u" \"workload\" is no list of workloads"_s,
            place(text, "$each") + u" \"$each\" is not known here"_s,
            place(text, "nonsense") + u" a step is no map"_s,
        };
        QVERIFY2(got == want, qPrintable(got.join(u'\n')));
    }

    // What is well written and still can be no part of a plan is found by trying.
    void whatCanBeNoPlanIsAMistakeOfTheFile()
    {
        const auto first = [](const QByteArray& text) {
            const TemplateLoad load = parseTemplate(text, u"web.yaml"_s);
            return load.problems.empty() ? QString()
                                         : u"%1:%2 %3"_s.arg(load.problems[0].line)
                                               .arg(load.problems[0].column)
                                               .arg(load.problems[0].message);
        };
        QByteArray text = with(good, "{replicas: $replicas}", "{replica: $replicas}");
        QVERIFY2(first(text).startsWith(place(text, "{action: scale") + u" parameters.replicas: is missing"_s),
                 qPrintable(first(text)));
        text = with(good, "{replicas: $replicas}", "{replicas: \"$replicas of them\"}");
        QVERIFY2(first(text).contains(u"must be a whole number"_s), qPrintable(first(text)));
        text = with(good, "default: 3", "default: 30");
        QVERIFY2(first(text).startsWith(place(text, "{name: replicas")), qPrintable(first(text)));
        text = with(good, "action: scale, target: $workload", "action: cordon, target: $workload");
        QVERIFY2(!first(text).isEmpty(), "a deployment can be no target of cordon");
        QCOMPARE(first("name: x\n"), u"1:1 template has no \"title\""_s);
        QCOMPARE(first("- a\n"), u"1:1 the file describes no template"_s);
        QVERIFY(first("a: [").contains(u"not YAML"_s));
    }

    void onesOwnTakeThePlaceOfOurs()
    {
        QTemporaryDir own;
        write(own.filePath(u"scaling.yaml"_s), with(good, "name: scale-web", "name: horizontal-scaling"));
        write(own.filePath(u"wrong.yaml"_s), "name: canary\n");
        const TemplateLoad load =
            loadTemplates({QString::fromUtf16(builtinTemplates), own.path(), u"/does/not/exist"_s});
        QCOMPARE(load.templates.size(), size_t(12));
        QCOMPARE(load.notes.size(), 1);
        QVERIFY(!load.problems.empty()); // and the canary of ours stands
        for (const auto& made : load.templates) {
            if (made->name() == "horizontal-scaling"_L1)
                QCOMPARE(made->title(), u"Scale the web"_s);
            if (made->name() == "canary"_L1)
                QVERIFY(made->spec().file.startsWith(u":/"));
        }
        write(own.filePath(u"zz.yaml"_s), with(good, "name: scale-web", "name: horizontal-scaling"));
        QVERIFY(all(loadTemplates({own.path()})).contains(u"is described in"_s));
    }

    void valuesAreNeverPastedIntoJson()
    {
        Mistakes mistakes;
        TemplateScope scope(mistakes);
        scope.set(u"n"_s, TemplateValue::of(7));
        scope.set(u"t"_s, TemplateValue::of(u"\"},{$n $$ ${n}"_s));
        scope.set(u"none"_s, {});
        const auto value = [&](const QString& text) { return scope.evaluate(QJsonValue(text), {}); };
        QCOMPARE(value(u"$n"_s), QJsonValue(7));
        QCOMPARE(value(u"${n}"_s), QJsonValue(7));
        QCOMPARE(value(u"$n replicas"_s), QJsonValue(u"7 replicas"_s));
        QCOMPARE(value(u"$n. Then ${n}x"_s), QJsonValue(u"7. Then 7x"_s));
        QCOMPARE(value(u"$t"_s), QJsonValue(u"\"},{$n $$ ${n}"_s)); // a value is not looked at again
        QCOMPARE(value(u"a $t"_s), QJsonValue(u"a \"},{$n $$ ${n}"_s));
        QCOMPARE(value(u"$$n costs $$5"_s), QJsonValue(u"$n costs $5"_s));
        QCOMPARE(value(u"$none or $n"_s), QJsonValue(7));
        QCOMPARE(value(u"$none or 12"_s), QJsonValue(12));
        QVERIFY(value(u"$none"_s).isUndefined());
        QVERIFY(scope.evaluate(QJsonObject{{u"a"_s, u"$none"_s}}, {}).isUndefined());
        QVERIFY(scope.holds(u"n"_s, {}) && !scope.holds(u"none"_s, {}) && scope.holds(u"not none"_s, {}));
        QVERIFY(scope.holds(u"n = 7"_s, {}) && !scope.holds(u"n = 8"_s, {}) && scope.holds(u"not n = 8"_s, {}));
        QVERIFY(mistakes.isEmpty());
    }

    void theStoreKeepsBoundsAndComputesNothing()
    {
        const PlanTemplate& scaling = *named(u"horizontal-scaling"_s);
        const auto body = scaling.storeBody(streamgate(), {{u"workload"_s, u"api-gateway"_s}});
        QVERIFY2(body, qPrintable(body ? QString() : all(body.error())));
        QCOMPARE(body->value("parameters"_L1).toObject().value("replicas"_L1).toObject(),
                 (QJsonObject{{u"type"_s, u"integer"_s}, {u"min"_s, 2}, {u"max"_s, 10}}));
        QCOMPARE(body->value("steps"_L1)[0]["parameters"_L1].toObject(),
                 (QJsonObject{{u"replicas"_s, QJsonObject{{u"$parameter"_s, u"replicas"_s}}}}));
        QCOMPARE(body->value("risk"_L1).toString(), u"medium"_s);
        // A high risk is approved every time.
        const auto high = named(u"failover"_s)->storeBody(streamgate(), {{u"service"_s, u"postgres"_s}});
        QVERIFY(!high && all(high.error()).contains(u"high"_s));
        // A name that is part of the sentence "which steps there are" has to be fixed.
        const auto pool =
            named(u"connection-pool"_s)
                ->storeBody(streamgate(), {{u"workload"_s, u"api-gateway"_s}, {u"key"_s, u"DB_MAX_CONNECTIONS"_s}});
        QVERIFY2(pool, qPrintable(pool ? QString() : all(pool.error())));
        QCOMPARE(pool->value("parameters"_L1)["value"_L1]["pattern"_L1].toString(), u"[1-9][0-9]{0,3}(ms|s|m|h)?"_s);
        const auto open = named(u"connection-pool"_s)->storeBody(streamgate(), {{u"workload"_s, u"api-gateway"_s}});
        QVERIFY(!open && all(open.error()).contains(u"“key”"_s));
    }

    void whatTheStoreKeptMakesTheSamePlan()
    {
        for (const auto& [name, given, open] :
             {std::tuple(u"horizontal-scaling"_s, QJsonObject{{u"workload"_s, u"api-gateway"_s}},
                         QJsonObject{{u"replicas"_s, 4}, {u"rollout"_s, 120}}),
              std::tuple(u"rolling-restart"_s, QJsonObject{{u"workload"_s, u"api-gateway"_s}},
                         QJsonObject{{u"rollout"_s, 60}}),
              std::tuple(u"rollback"_s, QJsonObject{{u"workload"_s, u"api-gateway"_s}},
                         QJsonObject{{u"rollout"_s, 60}, {u"revision"_s, 3}}),
              std::tuple(u"vertical-scaling"_s, QJsonObject{{u"workload"_s, u"api-gateway"_s}},
                         QJsonObject{{u"rollout"_s, 60},
                                     {u"container"_s, u"api-gateway"_s},
                                     {u"cpuRequest"_s, u"250m"_s},
                                     {u"memoryRequest"_s, u"1Gi"_s},
                                     {u"cpuLimit"_s, u"1"_s},
                                     {u"memoryLimit"_s, u"2Gi"_s}})}) {
            const PlanTemplate& made = *named(name);
            const auto body = made.storeBody(streamgate(), given);
            QVERIFY2(body, qPrintable(body ? QString() : all(body.error())));
            const auto stored = PlanTemplate::fromStore(u"Kept"_s, *body);
            QVERIFY(stored);
            QVERIFY(stored->fits(streamgate()) && !stored->fits(*m_platforms[0]));
            QJsonObject both = given;
            for (auto it = open.begin(); it != open.end(); ++it)
                both.insert(it.key(), it.value());
            const auto here = made.make(streamgate(), both), there = stored->make(streamgate(), open);
            QVERIFY2(here && there, qPrintable(there ? QString() : all(there.error())));
            QCOMPARE(there->sha256(), here->sha256());
            const auto fields = stored->fields(streamgate(), open);
            QVERIFY(fields);
            QCOMPARE(fields->templateName, u"Kept"_s);
            QCOMPARE(fields->templateParameters, open);
        }
        QVERIFY(!PlanTemplate::fromStore(
            u"x"_s, {{u"title"_s, u"x"_s},
                     {u"risk"_s, u"low"_s},
                     {u"parameters"_s, QJsonObject{{u"a"_s, QJsonObject{{u"type"_s, u"colour"_s}}}}}}));
    }

private:
    std::shared_ptr<const PlanTemplate> named(const QString& name) const
    {
        return *std::ranges::find(m_templates, name, [](const auto& made) { return made->name(); });
    }
    const platform::Platform& on(const QString& name) const
    {
        return **std::ranges::find(m_platforms, name, [](const auto& p) { return p->name; });
    }
    const platform::Platform& streamgate() const { return on(u"streamgate"_s); }

    /// Whether a row of the list holds: a parameter's default with that workload (and setting), or a text of the file.
    bool stands(const QStringList& cells) const
    {
        const PlanTemplate& made = *named(cells[3]);
        if (cells[4] == u"-") {
            QFile file(made.spec().file);
            return file.open(QIODevice::ReadOnly) && QString::fromUtf8(file.readAll()).contains(cells[6]);
        }
        const QStringList where = cells[4].split(u':');
        QJsonObject given;
        if (where.value(1) != u"-")
            given.insert(u"workload"_s, where.value(1));
        if (where.size() > 2)
            given.insert(u"setting"_s, where.value(2));
        for (const TemplateField& field : made.form(on(where[0]), given)) {
            if (field.parameter.id == cells[5])
                return asText(field.preset) == cells[6];
        }
        return false;
    }

    std::vector<std::shared_ptr<const PlanTemplate>> m_templates;
    std::vector<std::shared_ptr<const platform::Platform>> m_platforms;
};

QTEST_GUILESS_MAIN(TestTemplateFiles)
#include "test_template_files.moc"
