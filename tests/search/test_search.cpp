// SPDX-License-Identifier: GPL-3.0-or-later
#include "search/NameSearch.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace wk;
using namespace wk::search;
using namespace Qt::StringLiterals;

namespace {

NameListPtr listOf(const QStringList& names)
{
    auto out = std::make_shared<NameList>();
    for (const QString& name : names)
        out->add(name);
    return out;
}

/// As a search of one list gives them.
QStringList ranked(const QString& query, const QStringList& names)
{
    const FuzzyMatcher matcher(query);
    const NameListPtr list = listOf(names);
    std::vector<Hit> best;
    searchChunk(matcher, *list, 0, 0, list->size(), 100, best);
    QStringList out;
    for (const Hit& hit : best)
        out << names.at(hit.index);
    return out;
}

QString marked(const QString& query, const QString& name)
{
    QList<int> positions;
    if (!FuzzyMatcher(query).match(name, positions))
        return u"no match"_s;
    QString out = name;
    for (auto it = positions.rbegin(); it != positions.rend(); ++it)
        out.insert(*it + 1, u']').insert(*it, u'[');
    return out.replace(u"]["_s, QString());
}

} // namespace

class TestSearch : public QObject
{
    Q_OBJECT
private slots:
    void lettersInTheirOrder();
    void betterFitsComeFirst_data();
    void betterFitsComeFirst();
    void lettersAreMarked_data();
    void lettersAreMarked();
    void scoreOfListIsScoreOfName();
    void sameOrderHoweverItIsCut();
    void searchTellsAllAndInOrder();
    void onlyTheLastQueryIsAnswered();
    void listsAreMadeWhenNeeded();
    void emptyQueryGivesTheFirst();
    void goesInTheMiddle();
};

void TestSearch::lettersInTheirOrder()
{
    QCOMPARE(ranked(u"agw"_s, {u"api-gateway"_s, u"gateway-api"_s, u"wga"_s}), QStringList{u"api-gateway"_s});
    QCOMPARE(ranked(u"GATE"_s, {u"api-gateway"_s}), QStringList{u"api-gateway"_s}); // whatever the case
    QVERIFY(ranked(u"gatex"_s, {u"api-gateway"_s}).isEmpty());
    QVERIFY(ranked(u"a"_s, {QString()}).isEmpty());
    QCOMPARE(ranked(u"ÄPFEL"_s, {u"äpfel"_s}), QStringList{u"äpfel"_s});
    QVERIFY(ranked(QString(300, u'x'), {QString(10, u'x')}).isEmpty());
    QCOMPARE(ranked(u"xy"_s, {QString(500, u'x') + u'y', u"x-y"_s}), QStringList{u"x-y"_s}); // as far as it is compared
}

void TestSearch::betterFitsComeFirst_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QStringList>("wanted"); // in this order
    QTest::newRow("begins with it") << u"gate"_s << QStringList{u"gateway"_s, u"api-gateway"_s, u"aggregate"_s};
    QTest::newRow("words begin with it") << u"ag"_s << QStringList{u"ag"_s, u"agent"_s, u"api-gateway"_s, u"image"_s};
    QTest::newRow("together") << u"redis"_s
                              << QStringList{u"redis"_s, u"redis-cache"_s, u"my-redis-0"_s, u"reading-discs"_s};
    QTest::newRow("the shorter one") << u"pods"_s << QStringList{u"Pods"_s, u"Pods of api"_s};
    QTest::newRow("capital letters") << u"sp"_s << QStringList{u"StreamProcessor"_s, u"hospital"_s};
    QTest::newRow("a blank begins a word") << u"set im"_s << QStringList{u"Set image"_s};
    QTest::newRow("equal ones as they stand") << u"a"_s << QStringList{u"a-1"_s, u"a-2"_s, u"a-3"_s};
}

void TestSearch::betterFitsComeFirst()
{
    QFETCH(QString, query);
    QFETCH(QStringList, wanted);
    QCOMPARE(ranked(query, wanted), wanted);
    if (QLatin1StringView(QTest::currentDataTag()) == "equal ones as they stand"_L1)
        return;
    QStringList reversed = wanted;
    std::ranges::reverse(reversed);
    QCOMPARE(ranked(query, reversed), wanted);
}

void TestSearch::lettersAreMarked_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("wanted");
    for (const auto& [query, wanted] :
         {std::pair(u"agw"_s, u"[a]pi-[g]ate[w]ay"_s), std::pair(u"gw"_s, u"api-[g]ate[w]ay"_s),
          std::pair(u"gate"_s, u"api-[gate]way"_s), std::pair(u"scale"_s, u"[Scale]"_s),
          std::pair(u"si"_s, u"[S]et [i]mage"_s), std::pair(u"p7d"_s, u"api-[7d]9f"_s)})
        QTest::newRow(qPrintable(query + u' ' + wanted)) << query << wanted;
}

void TestSearch::lettersAreMarked()
{
    QFETCH(QString, query);
    QFETCH(QString, wanted);
    if (query == u"p7d")
        wanted = u"a[p]i-[7d]9f"_s;
    QString name = wanted;
    name.remove(u'[').remove(u']');
    QCOMPARE(marked(query, name), wanted);
}

void TestSearch::scoreOfListIsScoreOfName()
{
    const QStringList names{u"api-gateway-7d9f8"_s, u"StreamProcessor"_s, u"x"_s, u"Ärger im Netz"_s};
    const NameListPtr list = listOf(names);
    for (const QString& query : {u"a"_s, u"pr"_s, u"x"_s, u"net"_s, u"ag 7"_s}) {
        const FuzzyMatcher matcher(query);
        for (int i = 0; i < list->size(); ++i) {
            QList<int> positions;
            const auto whole = matcher.match(names.at(i), positions);
            QCOMPARE(matcher.score(list->folded(i), list->starts(i)), whole);
            QCOMPARE((list->mask(i) & matcher.mask()) == matcher.mask() || !whole, true);
            QCOMPARE(positions.isEmpty(), !whole);
        }
    }
}

void TestSearch::sameOrderHoweverItIsCut()
{
    QStringList names;
    for (int i = 0; i < 5000; ++i)
        names << u"pod-%1-%2"_s.arg(i * 7919 % 5000, 4, 10, QChar(u'0')).arg(i % 13);
    const NameListPtr list = listOf(names);
    const FuzzyMatcher matcher(u"p12"_s);
    std::vector<Hit> whole, cut;
    searchChunk(matcher, *list, 0, 0, list->size(), 50, whole);
    for (int at = 0; at < list->size();)
        at = searchChunk(matcher, *list, 0, at, 17, 50, cut);
    QCOMPARE(whole.size(), 50U);
    QVERIFY(whole == cut);
    QVERIFY(std::ranges::is_sorted(whole, isBetter));
}

void TestSearch::searchTellsAllAndInOrder()
{
    NameSearch search;
    QSignalSpy found(&search, &NameSearch::found);
    search.setSources({[] {
                           return listOf({u"Overview"_s, u"Cluster"_s});
                       },
                       [] {
                           return listOf({u"cluster-dns"_s, u"overlay"_s});
                       }});
    search.search(u"clu"_s);
    QTRY_VERIFY(!found.isEmpty() && found.last().at(2).toBool());
    const auto hits = found.last().at(1).value<QList<Hit>>();
    QCOMPARE(hits.size(), 2);
    QCOMPARE(hits.at(0).list, 0);
    QCOMPARE(hits.at(0).index, 1);
    QCOMPARE(hits.at(1).list, 1);
    search.search(u"zz"_s); // nothing is an answer, too
    QTRY_COMPARE(found.last().at(0).toString(), u"zz"_s);
    QVERIFY(found.last().at(1).value<QList<Hit>>().isEmpty());
}

void TestSearch::onlyTheLastQueryIsAnswered()
{
    NameSearch search;
    QSignalSpy found(&search, &NameSearch::found);
    QStringList names;
    for (int i = 0; i < 20'000; ++i)
        names << u"name-%1"_s.arg(i);
    const NameListPtr list = listOf(names);
    search.setSources({[list] { return list; }});
    for (const QString& query : {u"n"_s, u"na"_s, u"nam"_s, u"name-199"_s})
        search.search(query);
    QTRY_VERIFY(!found.isEmpty() && found.last().at(2).toBool());
    for (const auto& one : found)
        QCOMPARE(one.at(0).toString(), u"name-199"_s);
    QCOMPARE(found.last().at(1).value<QList<Hit>>().first().index, 199);
    found.clear();
    search.search(u"n"_s);
    search.cancel();
    search.search(u"name-3"_s);
    QTRY_VERIFY(!found.isEmpty());
    QCOMPARE(found.first().at(0).toString(), u"name-3"_s);
}

void TestSearch::listsAreMadeWhenNeeded()
{
    NameSearch search;
    QSignalSpy found(&search, &NameSearch::found);
    auto made = std::make_shared<std::atomic<int>>(0);
    QThread* own = QThread::currentThread();
    search.setSources({[made, own]() -> NameListPtr {
        ++*made;
        return QThread::currentThread() == own ? nullptr : listOf({u"there"_s});
    }});
    for (const QString& query : {u"t"_s, u"th"_s}) {
        search.search(query);
        QTRY_VERIFY(!found.isEmpty() && found.last().at(0).toString() == query);
        QCOMPARE(found.last().at(1).value<QList<Hit>>().size(), 1);
    }
    QCOMPARE(made->load(), 1); // once, and not on the calling thread
}

void TestSearch::emptyQueryGivesTheFirst()
{
    NameSearch search;
    QSignalSpy found(&search, &NameSearch::found);
    QStringList many;
    for (int i = 0; i < 1000; ++i)
        many << QString::number(i);
    const NameListPtr list = listOf(many);
    search.setSources({[] { return listOf({u"first"_s}); }, [list] { return list; }});
    search.search({});
    QTRY_VERIFY(!found.isEmpty() && found.last().at(2).toBool());
    const auto hits = found.last().at(1).value<QList<Hit>>();
    QCOMPARE(hits.size(), NameSearch::limit);
    QCOMPARE(hits.at(0).list, 0);
    QCOMPARE(hits.at(1), (Hit{1, 0, hits.at(1).score}));
    QCOMPARE(hits.at(2), (Hit{1, 1, hits.at(2).score}));
}

void TestSearch::goesInTheMiddle()
{
    QStringList names;
    for (int i = 0; i < 50'000; ++i)
        names << u"some-long-name-of-a-pod-%1"_s.arg(i);
    const NameListPtr list = listOf(names);
    for (int i = 0; i < 20; ++i) {
        NameSearch search;
        search.setSources({[list] { return list; }});
        search.search(u"somepod"_s);
    }
    QCoreApplication::processEvents(); // nothing arrives at those that are gone
    QVERIFY(list->size() == 50'000);
}

QTEST_GUILESS_MAIN(TestSearch)
#include "test_search.moc"
