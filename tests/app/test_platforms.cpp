// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/Platforms.h"

#include <QtTest/QtTest>

using namespace wk;
using namespace wk::app;
using namespace Qt::StringLiterals;

/// Platform files are read again while the program runs, and a mistake in one takes nothing away.
class TestPlatforms : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_settings = Settings::inDirectory(m_dir->filePath(u"settings"_s));
        m_clusters = std::make_unique<Clusters>();
        write(u"a"_s, text("alpha", "Alpha"));
        write(u"b"_s, text("beta", "Beta"));
        m_platforms = std::make_unique<Platforms>(*m_clusters, *m_settings, std::make_shared<SystemClock>());
        m_platforms->load({m_dir->filePath(u"platforms"_s)});
        QCOMPARE(titles(), (QStringList{u"Alpha"_s, u"Beta"_s}));
    }

    void onlyWhatChangedIsAnotherOne()
    {
        const auto alpha = named(u"alpha"_s), beta = named(u"beta"_s);
        QVERIFY(alpha && beta);
        write(u"a"_s, text("alpha", "Alpha two"));
        QTRY_COMPARE(titles(), (QStringList{u"Alpha two"_s, u"Beta"_s}));
        QVERIFY(named(u"alpha"_s) != alpha);
        QCOMPARE(named(u"beta"_s), beta);
        write(u"c"_s, text("gamma", "Gamma"));
        QTRY_COMPARE(titles().size(), 3);
        QVERIFY(QFile::remove(path(u"c"_s)));
        QTRY_COMPARE(titles().size(), 2);
    }

    void aMistakeTakesNothingAway()
    {
        const auto alpha = named(u"alpha"_s);
        QSignalSpy changed(m_platforms.get(), &Platforms::changed);
        write(u"a"_s, "name: [");
        QTRY_VERIFY(!m_platforms->problems().empty());
        QCOMPARE(m_platforms->problems().front().file, path(u"a"_s));
        QCOMPARE(named(u"alpha"_s), alpha);
        QCOMPARE(titles(), (QStringList{u"Alpha"_s, u"Beta"_s}));
        write(u"a"_s, text("alpha", "Alpha again"));
        QTRY_COMPARE(titles(), (QStringList{u"Alpha again"_s, u"Beta"_s}));
        QVERIFY(m_platforms->problems().empty());
        QVERIFY(changed.count() >= 2);
    }

private:
    QString path(const QString& file) const { return m_dir->filePath(u"platforms/"_s + file + u".yaml"_s); }
    void write(const QString& file, const QByteArray& yaml) const
    {
        QVERIFY(QDir(m_dir->path()).mkpath(u"platforms"_s));
        QSaveFile f(path(file));
        QVERIFY(f.open(QIODevice::WriteOnly));
        QCOMPARE(f.write(yaml), yaml.size());
        QVERIFY(f.commit());
    }
    static QByteArray text(const QByteArray& name, const QByteArray& title)
    {
        return "name: " + name + "\ntitle: " + title + R"(
clusters:
  - {name: production, class: production}
namespaces:
  - {name: shop, cluster: production, main: true}
services:
  - {name: api, title: API, kind: application}
)";
    }
    std::shared_ptr<const platform::Platform> named(const QString& name) const
    {
        for (const Place& place : m_platforms->places())
            if (place.platform && place.platform->name == name)
                return place.platform;
        return nullptr;
    }
    QStringList titles() const
    {
        QStringList out;
        for (const Place& place : m_platforms->places())
            out << place.title;
        return out;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<Clusters> m_clusters;
    std::unique_ptr<Platforms> m_platforms;
};

QTEST_MAIN(TestPlatforms)
#include "test_platforms.moc"
