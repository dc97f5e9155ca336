// SPDX-License-Identifier: GPL-3.0-or-later
#include "ChartBench.h"

#include "series/MarkBoard.h"
#include "widgets/charts/ChartExport.h"
#include "widgets/charts/ChartMarks.h"
#include "widgets/common/Theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMenu>

using namespace wk;
using namespace wk::widgets;
using namespace wk::test;
using namespace Qt::StringLiterals;
using Bench = ChartBench;

namespace {

/// Marks as a test tells them.
class Told final : public series::MarkSource
{
public:
    explicit Told(series::Mark::Kind kind) : m_kind(kind) {}
    series::Mark::Kind kind() const override { return m_kind; }
    Standing standing() const override { return said; }
    std::vector<series::Mark> marks(qint64, qint64) const override { return all; }
    void want(qint64 from, qint64 to) override { wanted = {from, to}; }
    void onWatched() override { watched += isWatched() ? 1 : -1; }

    std::vector<series::Mark> all;
    Standing said{Standing::State::Known, {}};
    std::pair<qint64, qint64> wanted;
    int watched = 0;

private:
    series::Mark::Kind m_kind;
};

} // namespace

/// What happened beside the values, on a chart.
class TestChartMarks : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }

    void clickOnAMarkLeadsThere()
    {
        Bench b(errorRates());
        QSignalSpy activated(&b.chart, &Chart::markActivated);
        const QPoint mark(int(b.plot().frame().x(double(exampleNowMs - 90 * 60'000))),
                          int(b.plot().frame().plot.bottom()) - 9);
        QTest::mouseClick(b.plot().viewport(), Qt::LeftButton, {}, mark);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].value<series::Mark>().target, u"7"_s);
        // How long it lasted is a bar at the foot, which leads there, too.
        const QPoint bar(b.at(exampleNowMs - 100 * 60'000).x(), int(b.plot().frame().plot.bottom()) - 1);
        QTest::mouseClick(b.plot().viewport(), Qt::LeftButton, {}, bar);
        QCOMPARE(activated.count(), 2);
        QCOMPARE(activated[1][0].value<series::Mark>().id, u"alert-1"_s);
        QTest::mouseClick(b.plot().viewport(), Qt::LeftButton, {}, b.at(exampleNowMs - 3 * hour));
        QCOMPARE(activated.count(), 2);
    }

    void marksByKeyboard()
    {
        Bench b(errorRates());
        QSignalSpy activated(&b.chart, &Chart::markActivated);
        b.plot().setFocus();
        QTest::keyClick(&b.plot(), Qt::Key_M);
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs - 2 * hour)); // the rollout
        QVERIFY(b.plot().accessibleDescription().contains(u"Rollout of api-gateway"_s));
        QTest::keyClick(&b.plot(), Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].value<series::Mark>().kind, series::Mark::Kind::Rollout);
        QTest::keyClick(&b.plot(), Qt::Key_M);
        QTest::keyClick(&b.plot(), Qt::Key_M);
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs - 90 * 60'000));
        QTest::keyClick(&b.plot(), Qt::Key_M); // there is no other
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs - 90 * 60'000));
        QTest::keyClick(&b.plot(), Qt::Key_M, Qt::ShiftModifier);
        QCOMPARE(b.plot().crosshair(), std::optional(exampleNowMs - 114 * 60'000));
    }

    /// Signs that would lie on each other are one, with their number, and the person chooses.
    void manyMarksAtOnce()
    {
        ChartContent content = errorRates();
        content.marks.clear();
        for (int i = 0; i < 30; ++i)
            content.marks.push_back({.id = QString::number(i),
                                     .kind = series::Mark::Kind::Alert,
                                     .atMs = exampleNowMs - hour + i * 1'000,
                                     .goesOn = true,
                                     .text = u"Alert %1"_s.arg(i),
                                     .tone = i == 7 ? series::Mark::Tone::Bad : series::Mark::Tone::Warning});
        Bench b(content);
        QCOMPARE(b.plot().marks().groups().size(), size_t(1));
        QCOMPARE(b.plot().marks().groups()[0].marks.size(), size_t(30));
        b.plot().setCrosshair(exampleNowMs - hour / 2);
        QCOMPARE(b.plot().readout().marks.size(), ChartReadout::mostMarks);
        QCOMPARE(b.plot().readout().moreMarks, 30 - ChartReadout::mostMarks);
        QCOMPARE(b.plot().readout().marks[0].text, u"Alert 7"_s); // the worst first
        QSignalSpy activated(&b.chart, &Chart::markActivated);
        b.plot().setFocus();
        b.plot().setCrosshair(std::nullopt);
        QTest::keyClick(&b.plot(), Qt::Key_M);
        QTest::keyClick(&b.plot(), Qt::Key_Return);
        auto* menu = b.plot().findChild<QMenu*>(u"chartMarks"_s);
        QVERIFY(menu && menu->actions().size() == 30);
        QVERIFY(menu->actions()[3]->text().startsWith(u"Alert 3, since "_s));
        menu->actions()[3]->trigger();
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].value<series::Mark>().text, u"Alert 3"_s);
        menu->close();
    }

    /// What people did at the foot, what came of it at the top: a rollout does not vanish among the alerts it caused.
    void neitherHidesTheOther()
    {
        ChartContent content = errorRates();
        content.marks.clear();
        using Kind = series::Mark::Kind;
        for (const Kind kind : {Kind::Rollout, Kind::Change, Kind::Alert, Kind::Alert, Kind::Incident})
            content.marks.push_back({.id = series::markKindName(kind),
                                     .kind = kind,
                                     .atMs = exampleNowMs - hour,
                                     .text = series::markKindName(kind)});
        Bench b(content);
        const auto& groups = b.plot().marks().groups();
        QCOMPARE(groups.size(), size_t(2));
        QCOMPARE(groups[0].marks.size(), size_t(2));
        QCOMPARE(groups[1].marks.size(), size_t(3));
        QVERIFY(groups[0].at.y() > groups[1].at.y() + 20);
        QCOMPARE(b.plot().marks().at(exampleNowMs - hour, b.plot().frame()).size(), size_t(5)); // by keyboard
    }

    /// What began before the range has no sign in it, but is there.
    void whatBeganBeforeIsABar()
    {
        ChartContent content = errorRates();
        content.marks = {{.id = u"a"_s,
                          .kind = series::Mark::Kind::Alert,
                          .atMs = exampleNowMs - 20 * hour,
                          .goesOn = true,
                          .text = u"DiskFull"_s,
                          .tone = series::Mark::Tone::Bad}};
        Bench b(content);
        QVERIFY(b.plot().marks().groups().empty());
        const QImage image = b.plot().grab().toImage();
        const QRectF& plot = b.plot().frame().plot;
        QVERIFY(hasColor(image, QRectF(plot.left() + 2, plot.bottom() - 3, plot.width() - 4, 2).toRect(),
                         m_theme.color(Theme::Token::Bad)));
        b.plot().setCrosshair(exampleNowMs - 3 * hour);
        QCOMPARE(b.plot().readout().marks.size(), size_t(1));
        QVERIFY(markWords(content.marks[0], exampleNowMs).startsWith(u"DiskFull, since 19 Nov "_s));
    }

    void kindsAreSwitchedOnAndOff()
    {
        auto switches = std::make_shared<series::MarkSwitches>();
        auto board = std::make_shared<series::MarkBoard>(switches);
        const auto alerts = std::make_shared<Told>(series::Mark::Kind::Alert);
        const auto changes = std::make_shared<Told>(series::Mark::Kind::Change);
        alerts->all = {errorRates().marks[1]};
        changes->said = {series::MarkSource::Standing::State::Unknown, u"No store is open."_s};
        board->add(changes);
        board->add(alerts);
        Bench b(errorRates());
        b.chart.setMarks(board, true);
        QCOMPARE(b.chart.content().marks.size(), size_t(1)); // those of the board
        QCOMPARE(alerts->watched, 1);
        const auto button = [&](const QString& kind) { return b.chart.findChild<QToolButton*>(u"markKind-"_s + kind); };
        QTRY_COMPARE(button(u"alert"_s)->text(), u"Alerts  1"_s);
        QCOMPARE(button(u"change"_s)->text(), u"Changes: not known"_s);
        QVERIFY(button(u"change"_s)->toolTip().contains(u"No store is open."_s));
        QTest::keyClick(button(u"change"_s), Qt::Key_Right);
        QTest::keyClick(button(u"alert"_s), Qt::Key_Space);
        QVERIFY(!switches->isOn(series::Mark::Kind::Alert));
        QTRY_VERIFY(b.chart.content().marks.empty());
        QCOMPARE(alerts->watched, 0); // and nobody asks
        QTest::mouseClick(button(u"alert"_s), Qt::LeftButton);
        QTRY_COMPARE(b.chart.content().marks.size(), size_t(1));
        QSignalSpy activated(board.get(), &series::MarkBoard::activated);
        const QPoint mark(b.at(exampleNowMs - 114 * 60'000).x(), int(b.plot().frame().plot.top()));
        QTest::mouseClick(b.plot().viewport(), Qt::LeftButton, {}, mark);
        QCOMPARE(activated.count(), 1);
        b.chart.hide();
        QCOMPARE(alerts->watched, 0);
        b.chart.show();
        QCOMPARE(alerts->watched, 1);
        QCOMPARE(alerts->wanted, (std::pair(exampleNowMs - 6 * hour, exampleNowMs)));
    }

    void marksInCsv()
    {
        ChartContent content;
        auto a = std::make_shared<series::Columns>();
        *a = {{1000, 3000}, {1, 2}};
        content.series = {{u"a"_s, u"a"_s, a, false}};
        using Kind = series::Mark::Kind;
        content.marks = {{.id = u"x"_s, .kind = Kind::Alert, .atMs = 500, .goesOn = true, .text = u"A, \"b\""_s},
                         {.id = u"y"_s, .kind = Kind::Rollout, .atMs = 1000, .text = u"R"_s},
                         {.id = u"z"_s, .kind = Kind::Change, .atMs = 2000, .untilMs = 2500, .text = u"C"_s},
                         {.id = u"w"_s, .kind = Kind::Change, .atMs = 9000, .text = u"later"_s}};
        QCOMPARE(chartCsv(content, 0, 4000),
                 QByteArray("time,a,mark,what,until\r\n"
                            "1970-01-01T00:00:00.500Z,,alert,\"A, \"\"b\"\"\",now\r\n"
                            "1970-01-01T00:00:01.000Z,,rollout,R,\r\n"
                            "1970-01-01T00:00:01.000Z,1,,,\r\n"
                            "1970-01-01T00:00:02.000Z,,change,C,1970-01-01T00:00:02.500Z\r\n"
                            "1970-01-01T00:00:03.000Z,2,,,\r\n"));
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestChartMarks)
#include "test_chart_marks.moc"
