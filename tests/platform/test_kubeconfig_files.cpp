// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/FileWatcher.h"
#include "platform/KubeConfig.h"
#include "platform/KubeConfigSet.h"

#include <QtTest/QtTest>

#include <unistd.h>

using namespace wk;
using namespace wk::platform;
using namespace Qt::StringLiterals;

/// Several files: kubectl's merge, compared with kubectl itself; separate files; watching.
class TestKubeConfigFiles : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    QString write(const QString& name, const QByteArray& text)
    {
        const QString path = m_dir->filePath(name);
        (void)QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }

    static QByteArray simple(const QByteArray& context, const QByteArray& server = "https://h:1")
    {
        return "current-context: " + context + "\nclusters: [{name: c, cluster: {server: '" + server +
               "'}}]\nusers: [{name: u, user: {token: t-" + context + "}}]\ncontexts: [{name: " + context +
               ", context: {cluster: c, user: u}}]\n";
    }

    /// kubectl's own view of a list, empty where there is no kubectl.
    static QJsonObject kubectl(const QString& list, bool& failed)
    {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"KUBECONFIG"_s, list);
        process.setProcessEnvironment(environment);
        process.start(u"kubectl"_s, {u"config"_s, u"view"_s, u"--raw"_s, u"-o"_s, u"json"_s});
        process.waitForFinished(20'000);
        failed = process.exitCode() != 0;
        return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    }

    static QJsonObject named(const QJsonObject& view, const QString& list, const QString& inner, const QString& name)
    {
        for (const QJsonValue& v : view.value(list).toArray()) {
            if (v[u"name"_s].toString() == name)
                return v[inner].toObject();
        }
        return {};
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void firstFileWins()
    {
        const QString a =
            write(u"a/config"_s,
                  "clusters: [{name: k, cluster: {server: 'https://one:1', certificate-authority: ca.crt}}]\n"
                  "users: [{name: u, user: {token: t1}}]\ncontexts: [{name: x, context: {cluster: k, user: u}}]\n");
        const QString b = write(
            u"b/config"_s,
            "current-context: yy\nclusters: [{name: k, cluster: {server: 'https://two:2', tls-server-name: z}},"
            "{name: k2, cluster: {server: 'https://two:2', certificate-authority: ../x/ca.crt}}]\n"
            "users: [{name: u, user: {token: t2, as: z}}, {name: u2, user: {tokenFile: tok}}]\n"
            "contexts: [{name: x, context: {cluster: k2, user: u2}}, {name: yy, context: {cluster: k2, user: u2}}]\n");
        const auto config = KubeConfig::loadList({a, m_dir->filePath(u"missing"_s), b, QString(), a});
        QVERIFY(config);
        QCOMPARE(config->currentContext(), u"yy"_s);
        const auto x = config->resolve(u"x"_s);
        QCOMPARE(x->server.toString(), u"https://one:1"_s);
        QCOMPARE(x->tlsServerName, QString()); // entries are taken whole
        QCOMPARE(x->token, u"t1"_s);
        QVERIFY(x->impersonate.user.isEmpty());
        QCOMPARE(x->caFile, m_dir->filePath(u"a/ca.crt"_s));
        QCOMPARE(config->resolve()->caFile, m_dir->filePath(u"x/ca.crt"_s));
        QCOMPARE(config->resolve()->tokenFile, m_dir->filePath(u"b/tok"_s));
        const auto contexts = config->contexts();
        QCOMPARE(contexts.size(), 2);
        QCOMPARE(contexts[0].shadowed, QStringList{b});
        QCOMPARE(contexts[0].file, a);
        QCOMPARE(contexts[1].file, b);
        QCOMPARE(config->files().size(), 3);
        QCOMPARE(contexts[0].id.origin, config->files().join(QDir::listSeparator()));
    }

    void sameAsKubectl_data()
    {
        QTest::addColumn<QList<QByteArray>>("files");
        const QByteArray a =
            "clusters: [{name: k, cluster: {server: 'https://one:1'}}]\nusers: [{name: u, user: {token: t1}}]\n"
            "contexts: [{name: x, context: {cluster: k, user: u, namespace: n1}}]\n";
        const QByteArray b =
            "current-context: yy\nclusters: [{name: k, cluster: {server: 'https://two:2', insecure-skip-tls-verify: "
            "true}}, {name: k2, cluster: {server: 'https://k2', tls-server-name: q}}]\n"
            "users: [{name: u, user: {username: a, password: b}}, {name: u2, user: {token: t2, as: z, as-groups: [g, "
            "h]}}]\n"
            "contexts: [{name: x, context: {cluster: k2, user: u2}}, {name: yy, context: {cluster: k, user: u2, "
            "namespace: n2}}]\n";
        const QByteArray c = "current-context: x\n";
        QTest::newRow("one") << QList<QByteArray>{a};
        QTest::newRow("two") << QList<QByteArray>{a, b};
        QTest::newRow("two, reversed") << QList<QByteArray>{b, a};
        QTest::newRow("current from the first that has one") << QList<QByteArray>{a, c, b};
        QTest::newRow("current only") << QList<QByteArray>{c, a};
        QTest::newRow("empty first") << QList<QByteArray>{"", b, a};
        QTest::newRow("comment") << QList<QByteArray>{"# nothing\n", a};
        QTest::newRow("aliases and merge keys")
            << QList<QByteArray>{"a: &a {server: 'https://x', tls-server-name: n1}\nclusters: [{name: k, cluster: {<<: "
                                 "*a, tls-server-name: q}}]\ncontexts: [{name: x, context: {cluster: k}}]\n"};
        QTest::newRow("duplicate key") << QList<QByteArray>{
            "clusters: [{name: k, cluster: {server: 'https://a', server: 'https://b'}}]\ncontexts: [{name: x, context: "
            "{cluster: k}}]\n"};
        QTest::newRow("unknown keys") << QList<QByteArray>{a + "more: [1]\n"};
        QTest::newRow("wrong case") << QList<QByteArray>{
            "clusters: [{name: k, cluster: {server: 'https://a'}}]\nusers: [{name: u, user: {Token: t}}]\ncontexts: "
            "[{name: x, context: {cluster: k, user: u}}]\n"};
        QTest::newRow("json") << QList<QByteArray>{
            "{\"clusters\":[{\"name\":\"k\",\"cluster\":{\"server\":\"https://"
            "j\"}}],\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"k\",\"user\":\"\"}}]}"};
        QTest::newRow("number") << QList<QByteArray>{a, "users: [{name: u9, user: {token: 123}}]\n"};
        QTest::newRow("bool name") << QList<QByteArray>{"contexts: [{name: y, context: {cluster: k}}]\n"};
        QTest::newRow("octal") << QList<QByteArray>{"contexts: [{name: a, context: {cluster: 012}}]\n"};
        QTest::newRow("date is text") << QList<QByteArray>{
            "clusters: [{name: 2020-01-01, cluster: {server: 'https://d'}}]\ncontexts: [{name: a, context: {cluster: "
            "2020-01-01}}]\n"};
        QTest::newRow("clock is text") << QList<QByteArray>{
            "clusters: [{name: 1:30, cluster: {server: 'https://d'}}]\ncontexts: [{name: a, context: {cluster: "
            "1:30}}]\n"};
        QTest::newRow("tag") << QList<QByteArray>{"clusters: [{name: !!str 5, cluster: {server: "
                                                  "'https://d'}}]\ncontexts: [{name: a, context: {cluster: '5'}}]\n"};
        QTest::newRow("yes") << QList<QByteArray>{
            "clusters: [{name: k, cluster: {server: 'https://d', insecure-skip-tls-verify: yes}}]\ncontexts: [{name: "
            "a, context: {cluster: k}}]\n"};
        QTest::newRow("duplicate name") << QList<QByteArray>{"users: [{name: a}, {name: a}]\n"};
        QTest::newRow("broken second") << QList<QByteArray>{a, "clusters: [\n"};
        QTest::newRow("wrong kind") << QList<QByteArray>{"kind: Pod\n"};
        QTest::newRow("preferences") << QList<QByteArray>{"preferences: []\n"};
        QTest::newRow("list") << QList<QByteArray>{"[]"};
        QTest::newRow("null entry") << QList<QByteArray>{"clusters:\n- null\n"};
    }
    void sameAsKubectl()
    {
        if (QStandardPaths::findExecutable(u"kubectl"_s).isEmpty())
            QSKIP("compares with kubectl, which is not on the PATH (Debian: apt-get install kubernetes-client)");
        QFETCH(QList<QByteArray>, files);
        QStringList paths;
        for (qsizetype i = 0; i < files.size(); ++i)
            paths << write(u"config%1"_s.arg(i), files[i]);
        bool refused = false;
        const QJsonObject view = kubectl(paths.join(QDir::listSeparator()), refused);
        const auto ours = KubeConfig::loadList(paths);
        QVERIFY2(ours.has_value() == !refused,
                 qPrintable(ours ? u"kubectl refuses what we take"_s : ours.error().text()));
        if (refused)
            return;
        QCOMPARE(ours->currentContext(), view.value(u"current-context"_s).toString());
        QStringList theirNames;
        for (const QJsonValue& v : view.value(u"contexts"_s).toArray())
            theirNames << v[u"name"_s].toString();
        QStringList ourNames;
        for (const auto& entry : ours->contexts()) {
            ourNames << entry.id.context;
            const QJsonObject theirs = named(view, u"contexts"_s, u"context"_s, entry.id.context);
            QCOMPARE(entry.clusterName, theirs.value(u"cluster"_s).toString());
            QCOMPARE(entry.userName, theirs.value(u"user"_s).toString());
            QCOMPARE(entry.space, theirs.value(u"namespace"_s).toString());
            const auto context = ours->resolve(entry.id.context);
            QVERIFY2(context, qPrintable(context ? QString() : context.error().text()));
            const QJsonObject cluster = named(view, u"clusters"_s, u"cluster"_s, entry.clusterName);
            QCOMPARE(context->server.toString(), cluster.value(u"server"_s).toString());
            QCOMPARE(context->tlsServerName, cluster.value(u"tls-server-name"_s).toString());
            QCOMPARE(context->insecureSkipTlsVerify, cluster.value(u"insecure-skip-tls-verify"_s).toBool());
            const QJsonObject user = named(view, u"users"_s, u"user"_s, entry.userName);
            QCOMPARE(context->token, user.value(u"token"_s).toString());
            QCOMPARE(context->basicUser, user.value(u"username"_s).toString());
            QCOMPARE(context->basicPassword, user.value(u"password"_s).toString());
            QCOMPARE(context->impersonate.user, user.value(u"as"_s).toString());
            QCOMPARE(QJsonArray::fromStringList(context->impersonate.groups), user.value(u"as-groups"_s).toArray());
        }
        ourNames.sort();
        theirNames.sort();
        QCOMPARE(ourNames, theirNames);
    }

    void explicitFileMustExist()
    {
        const auto missing = KubeConfig::loadFile(m_dir->filePath(u"none"_s));
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, Error::Kind::NotFound);
        QVERIFY(missing.error().sentence.contains(u"does not exist"_s));
        QVERIFY(KubeConfig::loadList({m_dir->filePath(u"none"_s)})->contexts().isEmpty());
        QVERIFY(KubeConfig::loadFile(m_dir->path()).error().sentence.contains(u"is not a file"_s));
    }

    void unreadableFile()
    {
        const QString path = write(u"closed"_s, simple("a"));
        QFile::setPermissions(path, {});
        if (::geteuid() == 0)
            QSKIP("root reads every file: run the tests as another user to try one that may not be read");
        const auto closed = KubeConfig::loadFile(path);
        QVERIFY(!closed);
        QCOMPARE(closed.error().kind, Error::Kind::Io);
    }

    void defaultPlaces()
    {
        const QByteArray before = qgetenv("KUBECONFIG");
        qputenv("KUBECONFIG", "/a:/b::/c");
        QCOMPARE(KubeConfig::defaultPaths(), (QStringList{u"/a"_s, u"/b"_s, u"/c"_s}));
        qputenv("KUBECONFIG", "");
        QCOMPARE(KubeConfig::defaultPaths(), QStringList{QDir::homePath() + u"/.kube/config"_s});
        before.isNull() ? qunsetenv("KUBECONFIG") : qputenv("KUBECONFIG", before);
    }

    void separateFilesStayApart()
    {
        const QString main = write(u"main"_s, simple("admin", "https://main:1"));
        const QString other = write(u"other"_s, simple("admin", "https://other:1"));
        const QString broken = write(u"broken"_s, "contexts: [\n");
        const auto set = KubeConfigSet::load({main}, {other, broken, main, m_dir->filePath(u"none"_s)});
        const auto contexts = set.contexts();
        QCOMPARE(contexts.size(), 2);
        QVERIFY(contexts[0].id != contexts[1].id);
        QVERIFY(contexts[0].current && !contexts[1].current);
        QCOMPARE(set.resolve(contexts[0].id)->server.host(), u"main"_s);
        QCOMPARE(set.resolve(contexts[1].id)->server.host(), u"other"_s);
        QCOMPARE(set.errors().size(), 2);
        QVERIFY(set.errors()[0].sentence.contains(broken));
        QCOMPARE(set.files().size(), 4);
        QVERIFY(!set.resolve({u"/elsewhere"_s, u"admin"_s}));
    }

    void brokenFileInTheListLeavesTheOthers()
    {
        const QString good = write(u"good"_s, simple("a"));
        const QString broken = write(u"broken"_s, "x: [\n");
        const auto set = KubeConfigSet::load({broken, good}, {});
        QCOMPARE(set.contexts().size(), 1);
        QCOMPARE(set.errors().size(), 1);
        QVERIFY(set.resolve(set.contexts().first().id).has_value());
    }

    void slipInAnEditorCostsNothing()
    {
        const QString main = write(u"main"_s, simple("admin", "https://main:1"));
        const QString other = write(u"other"_s, simple("admin", "https://other:1"));
        const auto before = KubeConfigSet::load({main}, {other});
        QCOMPARE(before.contexts().size(), 2);
        write(u"main"_s, "contexts: [\n");
        write(u"other"_s, "contexts: {{\n");
        const auto broken = KubeConfigSet::load({main}, {other}, before);
        QCOMPARE(broken.errors().size(), 2);
        for (const wk::Error& error : broken.errors())
            QVERIFY2(error.sentence.contains(u"stays in use"_s), qPrintable(error.sentence));
        for (const auto& context : before.contexts())
            QCOMPARE(broken.resolve(context.id)->server, before.resolve(context.id)->server);

        write(u"main"_s, simple("admin", "https://new:1"));
        QVERIFY(QFile::remove(other));
        const auto mended = KubeConfigSet::load({main}, {other}, broken);
        QCOMPARE(mended.contexts().size(), 1);
        QCOMPARE(mended.resolve(mended.contexts().first().id)->server.host(), u"new"_s);
        QCOMPARE(mended.errors().size(), 1); // the other one is gone, and so are its contexts
        QVERIFY(!mended.errors().first().sentence.contains(u"stays in use"_s));
    }

    void changesAreSeen_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("written in place") << 0;
        QTest::newRow("replaced by rename") << 1;
        QTest::newRow("symlink turned") << 2;
        QTest::newRow("removed") << 3;
        QTest::newRow("created") << 4;
        QTest::newRow("created with its folder") << 5;
    }
    void changesAreSeen()
    {
        QFETCH(int, how);
        SystemClock clock;
        QString path = m_dir->filePath(u"config"_s);
        if (how == 2) {
            write(u"v1/config"_s, simple("a"));
            write(u"v2/config"_s, simple("b"));
            QVERIFY(QFile::link(m_dir->filePath(u"v1"_s), m_dir->filePath(u"data"_s)));
            QVERIFY(QFile::link(u"data/config"_s, path));
        } else if (how == 5) {
            path = m_dir->filePath(u"new/folder/config"_s);
        } else if (how != 4) {
            write(u"config"_s, simple("a"));
        }
        FileWatcher watcher(clock);
        watcher.setSettleMs(50);
        watcher.setFiles({path});
        QSignalSpy changed(&watcher, &FileWatcher::changed);
        for (int round = 1; round <= 2; ++round) {
            const QByteArray text = simple("r" + QByteArray::number(round));
            switch (how) {
            case 0: write(u"config"_s, text); break;
            case 1:
                write(u"config.tmp"_s, text);
                QCOMPARE(::rename(qPrintable(m_dir->filePath(u"config.tmp"_s)), qPrintable(path)), 0);
                break;
            case 2:
                QVERIFY(QFile::link(m_dir->filePath(round == 1 ? u"v2"_s : u"v1"_s), m_dir->filePath(u"data.tmp"_s)));
                QCOMPARE(::rename(qPrintable(m_dir->filePath(u"data.tmp"_s)), qPrintable(m_dir->filePath(u"data"_s))),
                         0);
                break;
            case 3: round == 1 ? void(QFile::remove(path)) : void(write(u"config"_s, text)); break;
            case 4: write(u"config"_s, text); break;
            default: write(u"new/folder/config"_s, text);
            }
            QTRY_COMPARE(changed.count(), round);
        }
    }

    void manyWritesAreOneChange()
    {
        ManualClock clock;
        const QString path = write(u"config"_s, simple("a"));
        FileWatcher watcher(clock);
        watcher.setFiles({path});
        QSignalSpy changed(&watcher, &FileWatcher::changed);
        for (int i = 0; i < 5; ++i)
            write(u"config"_s, simple("b" + QByteArray::number(i)));
        QTRY_VERIFY(clock.nextTimerInMs() >= 0);
        QCOMPARE(changed.count(), 0);
        clock.advance(1000);
        QCOMPARE(changed.count(), 1);
    }

    void foldersAreFollowed()
    {
        SystemClock clock;
        FileWatcher watcher(clock);
        watcher.setSettleMs(50);
        watcher.setFolders({m_dir->filePath(u"new"_s)}, {u"*.yaml"_s});
        QSignalSpy changed(&watcher, &FileWatcher::changed);
        write(u"new/a.yaml"_s, "a"); // the folder and its first file
        QTRY_COMPARE(changed.count(), 1);
        write(u"new/b.yaml"_s, "b");
        QTRY_COMPARE(changed.count(), 2);
        write(u"new/a.yaml"_s, "c");
        QTRY_COMPARE(changed.count(), 3);
        QVERIFY(QFile::remove(m_dir->filePath(u"new/b.yaml"_s)));
        QTRY_COMPARE(changed.count(), 4);
        write(u"new/notes.txt"_s, "none of its business");
        write(u"new/a.yaml"_s, "d");
        QTRY_COMPARE(changed.count(), 5);
    }

    void sameContentIsNoChange()
    {
        ManualClock clock;
        const QString path = write(u"config"_s, simple("a"));
        FileWatcher watcher(clock);
        watcher.setFiles({path});
        QSignalSpy changed(&watcher, &FileWatcher::changed);
        write(u"config"_s, simple("a"));
        QTRY_VERIFY(clock.nextTimerInMs() >= 0);
        clock.advance(1000);
        QCOMPARE(changed.count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestKubeConfigFiles)
#include "test_kubeconfig_files.moc"
