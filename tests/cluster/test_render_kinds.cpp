// SPDX-License-Identifier: GPL-3.0-or-later
#include "RenderSupport.h"

#include "cluster/render/ObjectTree.h"

using namespace wk;
using namespace wk::cluster;
using namespace wk::test;
using namespace Qt::StringLiterals;

/// What every kind has to offer: a renderer, columns of its own, and no value of a secret.
class TestRenderKinds : public QObject
{
    Q_OBJECT

private slots:
    void contentTypes();
    void everyKindHasARenderer();
    void columnsOfVersions();
    void secretsKeepNoValues();
    void valuesOfNothing();
};

void TestRenderKinds::contentTypes()
{
    const auto renderer = rendererFor(kindOf(u"pods"_s), {});
    QVERIFY(renderer->listDecoder("application/json; charset=utf-8").has_value());
    QVERIFY(renderer->watchDecoder("application/json;stream=watch").has_value());
    const auto page = renderer->listDecoder("text/html");
    QVERIFY(!page.has_value());
    QCOMPARE(page.error().kind, Error::Kind::Protocol);
    QVERIFY(page.error().sentence.contains(u"text/html"_s));
    QVERIFY(renderer->listAccept().startsWith("application/vnd.kubernetes.protobuf"));
    const auto table = rendererFor(customKind(u"lanterns"_s, u"Lantern"_s, true), {});
    QVERIFY(!table->listDecoder("application/vnd.kubernetes.protobuf").has_value());
    QVERIFY(table->listAccept().contains("as=Table"));
    QVERIFY(!table->supportsBookmarks());
}

void TestRenderKinds::everyKindHasARenderer()
{
    QSet<QString> seen;
    for (const ResourceKind& kind : builtInKinds()) {
        QVERIFY2(isBuiltIn(kind), qPrintable(kind.id()));
        QVERIFY(!seen.contains(kind.id()));
        seen.insert(kind.id());
        for (const bool extra : {false, true}) {
            for (const int minor : {0, 20, 28, 33}) {
                const table::Columns columns =
                    rendererFor(kind, {.serverMinor = minor, .extraColumns = extra})->columns();
                QSet<QString> ids;
                for (const table::Column& column : columns) {
                    QVERIFY2(!ids.contains(column.id), qPrintable(kind.id() + u' ' + column.id));
                    ids.insert(column.id);
                    QCOMPARE(column.id, column.id.toLower());
                }
                QVERIFY(ids.contains(u"name"_s));
                QCOMPARE(ids.contains(u"namespace"_s), kind.namespaced);
                QCOMPARE(ids.contains(u"labels"_s), extra);
            }
        }
        // The least that an object can be.
        QVERIFY2(rendered(*rendererFor(kind, {}), kind, "{}"), qPrintable(kind.id()));
    }
    QCOMPARE(seen.size(), 33);
    QVERIFY(!isBuiltIn(customKind(u"lanterns"_s, u"Lantern"_s, true)));
}

void TestRenderKinds::columnsOfVersions()
{
    const auto headers = [](const QString& resource, int minor) {
        QStringList list;
        for (const table::Column& column :
             rendererFor(kindOf(resource), {.serverMinor = minor, .extraColumns = false})->columns()) {
            if (!column.extra)
                list << render::kubectlHeader(column);
        }
        return list.join(u' ');
    };
    QCOMPARE(headers(u"pods"_s, 20),
             u"NAMESPACE NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES"_s);
    QCOMPARE(headers(u"jobs"_s, 20), u"NAMESPACE NAME COMPLETIONS DURATION AGE CONTAINERS IMAGES SELECTOR"_s);
    QCOMPARE(headers(u"jobs"_s, 31), u"NAMESPACE NAME STATUS COMPLETIONS DURATION AGE CONTAINERS IMAGES SELECTOR"_s);
    QCOMPARE(headers(u"cronjobs"_s, 0),
             u"NAMESPACE NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE CONTAINERS IMAGES SELECTOR"_s);
    QCOMPARE(headers(u"events"_s, 20),
             u"NAMESPACE LAST SEEN TYPE REASON OBJECT SUBOBJECT SOURCE MESSAGE FIRST SEEN COUNT NAME"_s);
    QCOMPARE(headers(u"clusterroles"_s, 20), u"NAME CREATED AT"_s);
}

void TestRenderKinds::secretsKeepNoValues()
{
    const ResourceKind kind = kindOf(u"secrets"_s);
    const auto renderer = rendererFor(kind, {});
    const QByteArray secret = R"({"type": "Opaque", "data": {"password": "aHVudGVyMg==", "user": "YWRtaW4="}})";
    const table::RowPtr row = rendered(*renderer, kind, secret);
    QVERIFY(row);
    QCOMPARE(printed(*renderer, *row, u"data"), u"2"_s);
    QCOMPARE(printed(*renderer, *row, u"keys"), u"password,user"_s);
    render::ObjectTree tree;
    for (const QByteArray& json :
         {tree.decodeJson(*render::schemaFor(kind), secret)->toJson(),
          tree.decodeProtobuf(*render::schemaFor(kind),
                              render::encodeProtobuf(*render::schemaFor(kind), completed(secret, true)))
              ->toJson()}) {
        QVERIFY(json.contains("password"));
        QVERIFY(!json.contains("aHVudGVyMg"));
        QVERIFY(!json.contains("hunter2"));
    }
}

void TestRenderKinds::valuesOfNothing()
{
    const render::Value nothing;
    QVERIFY(!nothing["status"]["phase"].exists());
    QVERIFY(nothing["status"].text().empty());
    QCOMPARE(nothing.integer(3), 3);
    QVERIFY(nothing.boolean(true));
    QVERIFY(!nothing.time().has_value());
    int count = 0;
    for (const render::Value value : nothing["items"])
        count += value.exists() ? 1 : 1;
    QCOMPARE(count, 0);
}

QTEST_GUILESS_MAIN(TestRenderKinds)
#include "test_render_kinds.moc"
