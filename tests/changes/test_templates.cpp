// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every template on every platform, the bounds of its parameters, and the mistakes that a file of one's own can have.
#include "Manifests.h"
#include "changes/templates/PlanTemplateLoader.h"
#include "platform/PlatformLoader.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace wk;
using namespace wk::changes;
using namespace Qt::StringLiterals;

namespace {

QString all(const Mistakes& mistakes)
{
    QStringList lines;
    for (const Mistake& mistake : mistakes.list())
        lines << mistake.text();
    return lines.join(u'\n');
}

QString all(const TemplateLoad& load)
{
    QStringList lines;
    for (const auto& problem : load.problems)
        lines << problem.text();
    return lines.join(u'\n');
}

/// A deployment as a cluster gives it, with that name and container.
QJsonObject live(const QString& value, const QString& container)
{
    const QStringList parts = value.split(u'/');
    QJsonObject out = test::liveDeployment();
    QJsonObject metadata = out.value("metadata"_L1).toObject();
    metadata.insert(u"namespace"_s, parts[0]);
    metadata.insert(u"name"_s, parts[2]);
    out.insert(u"metadata"_s, metadata);
    out.insert(u"kind"_s, parts[1]);
    QByteArray text = QJsonDocument(out).toJson();
    text.replace("\"name\": \"c\"", "\"name\": \"" + container.toUtf8() + '"');
    text.replace(R"("labels": {)", R"("labels": {"version": "1",)");
    return test::json(text);
}

} // namespace

class TestTemplates : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_platforms = platform::loadPlatforms({QString::fromUtf16(platform::builtinPlatforms)}).platforms;
        QCOMPARE(m_platforms.size(), size_t(4));
        const TemplateLoad load = loadTemplates({QString::fromUtf16(builtinTemplates)});
        QVERIFY2(load.problems.empty(), qPrintable(all(load)));
        m_templates = load.templates;
        QCOMPARE(m_templates.size(), size_t(12));
    }

    void everyTemplateOnEveryPlatform_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("platform");
        for (const auto& made : m_templates) {
            for (const auto& platform : m_platforms)
                QTest::addRow("%s-%s", qPrintable(made->name()), qPrintable(platform->name))
                    << made->name() << platform->name;
        }
    }
    void everyTemplateOnEveryPlatform()
    {
        QFETCH(QString, name);
        QFETCH(QString, platform);
        const PlanTemplate& made = *named(name);
        const platform::Platform& on = *platformNamed(platform);
        const QJsonObject given = values(made, on);
        const auto plan = made.make(on, given);
        QVERIFY2(plan, qPrintable(all(plan ? Mistakes() : plan.error())));
        QCOMPARE(plan->platform(), platform);
        QCOMPARE(plan->title(), made.title());
        QVERIFY(!plan->steps().isEmpty());
        const auto fields = made.fields(on, given);
        QVERIFY2(fields, qPrintable(all(fields ? Mistakes() : fields.error())));
        QVERIFY2(fields->title.startsWith(u'[') && fields->title.contains(u"] - "_s), qPrintable(fields->title));
        for (const QString& text :
             {fields->what, fields->why, fields->impact, fields->rollbackPlan, fields->dataRecovery, fields->title})
            QVERIFY2(!text.isEmpty() && !text.contains(u'$'), qPrintable(text));
        QVERIFY(fields->rollbackMinutes >= 0);
        QVERIFY(fields->templateName.isEmpty());
        // What the template declares is no less than what its actions come to.
        const auto classOf = [&](const QString& cluster) {
            const platform::Cluster* known = on.cluster(cluster); // nullptr for checks without a target
            return known ? known->klass : platform::ClusterClass::Production;
        };
        QVERIFY2(fields->risk >= risk(plan->steps(), classOf), qPrintable(riskName(risk(plan->steps(), classOf))));
        // No sentence is left with a hole.
        for (const QString& line : plan->words())
            QVERIFY2(!line.contains(u'$') && !line.contains(u"  "_s) && !line.contains(u"()"_s), qPrintable(line));
    }

private:
    std::shared_ptr<const PlanTemplate> named(const QString& name) const
    {
        const auto it = std::ranges::find(m_templates, name, [](const auto& made) { return made->name(); });
        return it == m_templates.end() ? nullptr : *it;
    }
    std::shared_ptr<const platform::Platform> platformNamed(const QString& name) const
    {
        const auto it = std::ranges::find(m_platforms, name, [](const auto& p) { return p->name; });
        return it == m_platforms.end() ? nullptr : *it;
    }

    /// What a person would fill in: only what has no default.
    static QJsonObject values(const PlanTemplate& made, const platform::Platform& on)
    {
        QJsonObject out;
        for (qsizetype i = 0; i < made.spec().parameters.size(); ++i) {
            const TemplateField field = made.form(on, out).at(i);
            const TemplateParameter& p = field.parameter;
            if (p.type == TemplateParameter::Type::Live) {
                const QString container = out.contains("container"_L1)
                                              ? out.value("container"_L1).toString()
                                              : made.form(on, out).at(indexOf(made, u"container"_s)).preset.toString();
                out.insert(p.id, ::live(out.value(p.of).toString(), container));
            } else if (p.type == TemplateParameter::Type::Workload && !p.optional) {
                out.insert(p.id, field.choices.first().value);
            } else if (field.preset.isUndefined() && !p.optional) {
                out.insert(p.id, !field.choices.isEmpty() ? QJsonValue(field.choices.first().value)
                                 : p.example.isEmpty()    ? QJsonValue(field.low.value_or(3))
                                                          : QJsonValue(p.example));
            }
        }
        return out;
    }
    static qsizetype indexOf(const PlanTemplate& made, const QString& id)
    {
        const auto& list = made.spec().parameters;
        return std::ranges::find(list, id, &TemplateParameter::id) - list.begin();
    }

    std::vector<std::shared_ptr<const PlanTemplate>> m_templates;
    std::vector<std::shared_ptr<const platform::Platform>> m_platforms;
};

QTEST_GUILESS_MAIN(TestTemplates)
#include "test_templates.moc"
