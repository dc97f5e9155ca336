// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds the platform files against the documents that they were written from. data/facts-<document>.tsv lists every
// figure of a document: its line, the figure as written there, the path in the platform file and the value there.
// data/exempt-<document>.tsv lists the digits that are no figures, each with its reason. The values are always checked;
// where the documents themselves are at hand (../shared/seeds beside the repository), so are the lines, and that no
// digit of a document is in neither list.
#include "platform/PlatformLoader.h"
#include "platform/YamlTree.h"

#include <QtTest/QtTest>

using namespace wk::platform;
using namespace Qt::StringLiterals;

namespace {

struct Fact
{
    int line = 0;
    QString figure, path, value;
};

struct Exempt
{
    int line = 0;
    QString text, reason;
};

const QList<QPair<QString, QString>> documents{{u"streamgate-operational-excellence"_s, u"streamgate"_s},
                                               {u"streamgate-operations-guide"_s, u"streamgate"_s},
                                               {u"social-live-runbook"_s, u"social-live"_s},
                                               {u"stratmaster-operations-guide"_s, u"stratmaster"_s},
                                               {u"tchat-runbook"_s, u"tchat"_s}};

QList<QStringList> readTable(const QString& path, int columns)
{
    QList<QStringList> rows;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return rows;
    for (const QString& line : QString::fromUtf8(file.readAll()).split(u'\n')) {
        if (line.isEmpty() || line.startsWith(u"# "))
            continue;
        const QStringList cells = line.split(u'\t');
        if (cells.size() != columns)
            qFatal("%s: a row with %d cells: %s", qPrintable(path), int(cells.size()), qPrintable(line));
        rows << cells;
    }
    return rows;
}

QList<Fact> facts(const QString& document)
{
    QList<Fact> result;
    for (const QStringList& row : readTable(QStringLiteral(TEST_DATA "/facts-%1.tsv").arg(document), 4))
        result << Fact{row[0].toInt(), row[1], row[2], row[3]};
    return result;
}

QList<Exempt> exempt(const QString& document)
{
    QList<Exempt> result;
    for (const QStringList& row : readTable(QStringLiteral(TEST_DATA "/exempt-%1.tsv").arg(document), 3))
        result << Exempt{row[0].toInt(), row[1], row[2]};
    return result;
}

// "services[auth].ports[0]": keys with dots between, entries of a list by their name or else their number.
const YamlNode* at(const YamlNode* node, const QString& path)
{
    static const QRegularExpression part(u"\\.?([A-Za-z]+)|\\[([^\\]]+)\\]"_s);
    auto parts = part.globalMatch(path);
    while (node && parts.hasNext()) {
        const QRegularExpressionMatch match = parts.next();
        if (!match.captured(1).isEmpty()) {
            node = node->find(match.captured(1));
            continue;
        }
        const QString entry = match.captured(2);
        const YamlNode* found = nullptr;
        for (const auto& item : node->items) {
            const YamlNode* name = item->find(u"name");
            if (name && name->text == entry)
                found = item.get();
        }
        bool number = false;
        const int index = entry.toInt(&number);
        if (!found && number && index >= 0 && index < int(node->items.size()))
            found = node->items[size_t(index)].get();
        node = found;
    }
    return node;
}

QStringList documentLines(const QString& document)
{
    QFile file(QStringLiteral(SOURCE_ROOT "/../shared/seeds/%1.md").arg(document));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split(u'\n') : QStringList();
}

// Marks every occurrence of the text in the line.
void cover(const QString& line, const QString& text, QBitArray& covered)
{
    for (qsizetype i = line.indexOf(text); i >= 0; i = line.indexOf(text, i + 1))
        covered.fill(true, i, i + text.size());
}

void addDocuments()
{
    QTest::addColumn<QString>("document");
    QTest::addColumn<QString>("platform");
    for (const auto& [document, platform] : documents)
        QTest::addRow("%s", qPrintable(document)) << document << platform;
}

} // namespace

class TestPlatformFacts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QCOMPARE(loadPlatforms({QString::fromUtf16(builtinPlatforms)}).platforms.size(), size_t(4)); }

    void valuesStandInThePlatformFile_data() { addDocuments(); }
    void valuesStandInThePlatformFile()
    {
        QFETCH(QString, document);
        QFETCH(QString, platform);
        QFile file(u":/platforms/%1.yaml"_s.arg(platform));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto root = parseYaml(file.readAll());
        QVERIFY(root);
        const QList<Fact> list = facts(document);
        QVERIFY2(list.size() > 60, "the list of facts is missing or cut");
        QStringList wrong;
        for (const Fact& fact : list) {
            const YamlNode* node = at(root->get(), fact.path);
            if (!node || node->kind != YamlNode::Kind::Scalar || node->text != fact.value)
                wrong << u"%1:%2 \"%3\": %4 is %5, not \"%6\""_s.arg(document).arg(fact.line).arg(
                    fact.figure, fact.path, node ? u'"' + node->text + u'"' : u"absent"_s, fact.value);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    // A figure's own digits must be found again in the value, unless the value is the same in another notation.
    void figuresStandInTheDocument_data() { addDocuments(); }
    void figuresStandInTheDocument()
    {
        QFETCH(QString, document);
        const QStringList lines = documentLines(document);
        if (lines.isEmpty())
            QSKIP("The documents are not at hand (../shared/seeds beside the repository).");
        QStringList wrong;
        for (const Fact& fact : facts(document)) {
            if (fact.line < 1 || fact.line > lines.size() || !lines[fact.line - 1].contains(fact.figure))
                wrong << u"%1:%2 does not say \"%3\""_s.arg(document).arg(fact.line).arg(fact.figure);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void everyDigitIsAccountedFor_data() { addDocuments(); }
    void everyDigitIsAccountedFor()
    {
        QFETCH(QString, document);
        const QStringList lines = documentLines(document);
        if (lines.isEmpty())
            QSKIP("The documents are not at hand (../shared/seeds beside the repository).");
        QHash<int, QStringList> known;
        for (const Fact& fact : facts(document))
            known[fact.line] << fact.figure;
        for (const Exempt& one : exempt(document)) {
            QVERIFY2(!one.reason.isEmpty(), qPrintable(one.text));
            known[one.line] << one.text;
        }
        QStringList missing;
        for (int i = 0; i < lines.size(); ++i) {
            QBitArray covered(std::max<qsizetype>(lines[i].size(), 1));
            for (const QString& text : known.value(i + 1))
                cover(lines[i], text, covered);
            for (qsizetype c = 0; c < lines[i].size(); ++c) {
                if (lines[i][c] >= u'0' && lines[i][c] <= u'9' && !covered[c]) {
                    missing << u"%1:%2: %3"_s.arg(document).arg(i + 1).arg(lines[i].trimmed());
                    break;
                }
            }
        }
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    }

    // Digits of the figure and of the value agree, or the pair is one of the known changes of notation.
    void figuresAndValuesAgree_data() { addDocuments(); }
    void figuresAndValuesAgree()
    {
        QFETCH(QString, document);
        static const QRegularExpression digits(u"\\d+"_s);
        QStringList wrong;
        for (const Fact& fact : facts(document)) {
            QSet<QString> ofFigure;
            for (auto it = digits.globalMatch(fact.figure); it.hasNext();)
                ofFigure << QString::number(it.next().captured().toLongLong());
            QSet<QString> ofValue;
            for (auto it = digits.globalMatch(fact.value); it.hasNext();)
                ofValue << QString::number(it.next().captured().toLongLong());
            const bool words = ofFigure.isEmpty() || ofValue.isEmpty(); // "Daily", "1 day" against "daily", ...
            if (!words && !ofFigure.intersects(ofValue) && !otherNotation(fact))
                wrong << u"%1:%2 \"%3\" against \"%4\""_s.arg(document).arg(fact.line).arg(fact.figure, fact.value);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

private:
    static bool otherNotation(const Fact& fact)
    {
        static const QList<QPair<QString, QString>> notations{
            {u"6:00 PM"_s, u"18:00"_s}, {u"sleep 600"_s, u"10m"_s}, {u"500 * 1024 * 1024"_s, u"> 500 MB"_s}};
        return notations.contains(QPair(fact.figure, fact.value));
    }
};

QTEST_GUILESS_MAIN(TestPlatformFacts)
#include "test_platform_facts.moc"
