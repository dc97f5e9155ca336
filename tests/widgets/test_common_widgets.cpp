// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CodeView.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Health.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Sparkline.h"
#include "widgets/common/StateView.h"
#include "widgets/common/SummaryView.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollBar>

using namespace wk;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using table::Freshness;
using table::Health;

class TestCommonWidgets : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void contrast_data();
    void contrast();
    void schemeSwitches();
    void digitsAlign();
    void fontSizes();
    void everyIconDraws();
    void iconsFollowThePalette();
    void healthHasWordAndIcon();
    void freshnessInWords_data();
    void freshnessInWords();
    void stateView();
    void codeView();
    void codeFind();
    void summary();
    void sparklineSpeaks();

private:
    Theme m_theme;
};

void TestCommonWidgets::initTestCase() { m_theme.apply(*qApp); }

void TestCommonWidgets::contrast_data()
{
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << int(Theme::Scheme::Light);
    QTest::newRow("dark") << int(Theme::Scheme::Dark);
}

void TestCommonWidgets::contrast()
{
    using T = Theme::Token;
    QFETCH(int, scheme);
    m_theme.setScheme(Theme::Scheme(scheme));
    for (const T text : {T::Text, T::Muted, T::Good, T::Warning, T::Bad, T::Info, T::Unknown}) {
        for (const T behind : {T::Window, T::Surface, T::Hover, T::Selection, T::Glow}) {
            const double ratio = Theme::contrast(m_theme.color(text), m_theme.color(behind));
            QVERIFY2(ratio >= 4.5,
                     qPrintable(u"%1 on %2: %3"_s
                                    .arg(QVariant::fromValue(text).toString(), QVariant::fromValue(behind).toString())
                                    .arg(ratio)));
        }
    }
    QVERIFY(Theme::contrast(m_theme.color(T::OnAccent), m_theme.color(T::Accent)) >= 4.5);
    for (int i = 0; i < 8; ++i)
        QVERIFY2(Theme::contrast(m_theme.series(i), m_theme.color(T::Surface)) >= 3, qPrintable(QString::number(i)));
    QCOMPARE(Theme::contrast(Qt::black, Qt::white), 21.0);
}

void TestCommonWidgets::schemeSwitches()
{
    QSignalSpy changed(&m_theme, &Theme::changed);
    m_theme.setScheme(Theme::Scheme::Dark);
    QVERIFY(m_theme.isDark());
    QCOMPARE(qApp->palette().color(QPalette::Window), m_theme.color(Theme::Token::Window));
    m_theme.setScheme(Theme::Scheme::Light);
    QVERIFY(!m_theme.isDark());
    QCOMPARE(qApp->palette().color(QPalette::Window), QColor(0xF6, 0xF7, 0xF9));
    QCOMPARE(changed.size(), 2);
    QCOMPARE(&Theme::of(nullptr), &m_theme);
    m_theme.setCompact(true);
    QCOMPARE(m_theme.rowHeight(), 22);
    m_theme.setCompact(false);
    QCOMPARE(m_theme.rowHeight(), 26);
}

void TestCommonWidgets::digitsAlign()
{
    const QFontMetricsF metrics(m_theme.font(Theme::Role::Digits));
    for (const QChar digit : u"123456789"_s)
        QCOMPARE(metrics.horizontalAdvance(digit), metrics.horizontalAdvance(u'0'));
    QVERIFY(QFontInfo(m_theme.font(Theme::Role::Mono)).fixedPitch());
}

void TestCommonWidgets::fontSizes()
{
    const double base = m_theme.font(Theme::Role::Base).pointSizeF();
    QVERIFY(m_theme.font(Theme::Role::Small).pointSizeF() < base);
    QVERIFY(m_theme.font(Theme::Role::Title).pointSizeF() > base);
    QCOMPARE(m_theme.font(Theme::Role::BaseStrong).weight(), QFont::DemiBold);
}

void TestCommonWidgets::everyIconDraws()
{
    const QStringList names = iconNames();
    QVERIFY2(names.size() >= 60, qPrintable(QString::number(names.size())));
    for (const QString& name : names) {
        const QImage image = icon(name).pixmap(24, 24).toImage();
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                inked += qAlpha(image.pixel(x, y)) > 60;
        }
        QVERIFY2(inked > 8, qPrintable(name)); // three dots are the least
    }
    QVERIFY(icon(u"no-such-icon").isNull());
    QVERIFY(!applicationIcon().pixmap(48, 48).isNull());
    QCOMPARE(icon(u"pod").pixmap(QSize(16, 16), 2.0).size(), QSize(32, 32));
}

void TestCommonWidgets::iconsFollowThePalette()
{
    const auto darkest = [](const QIcon& drawn) {
        const QImage image = drawn.pixmap(24, 24).toImage();
        int best = 0;
        QColor color;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y).alpha() > best) {
                    best = image.pixelColor(x, y).alpha();
                    color = image.pixelColor(x, y);
                }
            }
        }
        return color;
    };
    const QIcon plain = icon(u"pod");
    const QIcon bad = icon(u"bad", Theme::Token::Bad);
    m_theme.setScheme(Theme::Scheme::Light);
    const QColor light = darkest(plain);
    const QColor lightBad = darkest(bad);
    m_theme.setScheme(Theme::Scheme::Dark);
    const QColor dark = darkest(plain);
    QVERIFY(light.lightness() < 80);
    QVERIFY(dark.lightness() > 180);
    QVERIFY(darkest(bad) != lightBad);
    m_theme.setScheme(Theme::Scheme::Light);
    QCOMPARE(darkest(plain), light);
}

void TestCommonWidgets::healthHasWordAndIcon()
{
    QSet<QString> words, icons;
    for (int i = 1; i <= int(Health::Unknown); ++i) {
        words.insert(healthWord(Health(i)));
        icons.insert(healthIconName(Health(i)));
        QVERIFY(!healthIcon(Health(i)).isNull());
    }
    QCOMPARE(words.size(), 5);
    QCOMPARE(icons.size(), 5);
    HealthBadge badge;
    badge.setHealth(Health::Bad, u"0 of 3 ready"_s);
    QCOMPARE(badge.accessibleName(), u"Bad: 0 of 3 ready"_s);
    badge.setHealth(Health::Good);
    QCOMPARE(badge.text(), u"Good"_s);
}

void TestCommonWidgets::freshnessInWords_data()
{
    using S = Freshness::State;
    QTest::addColumn<int>("state");
    QTest::addColumn<qint64>("ago");
    QTest::addColumn<QString>("words");
    QTest::newRow("live") << int(S::Live) << qint64(2'000) << u"Live"_s;
    QTest::newRow("quiet") << int(S::Live) << qint64(34'000) << u"Live · 30 s ago"_s;
    QTest::newRow("long") << int(S::Live) << qint64(240'000) << u"Live · 4 m ago"_s;
    QTest::newRow("stale") << int(S::Stale) << qint64(120'000) << u"Stale since 22:11:20 (2 m)"_s;
    QTest::newRow("again") << int(S::Reconnecting) << qint64(5'000) << u"Reconnecting · as of 22:13:15"_s;
    QTest::newRow("failed") << int(S::Failed) << qint64(0) << u"Failed"_s;
    QTest::newRow("unavailable") << int(S::Unavailable) << qint64(0) << u"Not available"_s;
    QTest::newRow("loading") << int(S::Loading) << qint64(0) << u"Loading"_s;
}

void TestCommonWidgets::freshnessInWords()
{
    QFETCH(int, state);
    QFETCH(qint64, ago);
    const qint64 now = 1'700'000'000'000;
    FreshnessLabel label;
    label.setFreshness({Freshness::State(state), ago > 0 ? now - ago : 0, now, std::nullopt}, now);
    QTEST(label.text(), "words");
    QVERIFY(label.accessibleName().contains(label.text()));
    QVERIFY(label.sizeHint().width() > label.fontMetrics().horizontalAdvance(label.text()));
}

void TestCommonWidgets::stateView()
{
    StateView view;
    view.resize(600, 400);
    view.show();
    QSignalSpy action(&view, &StateView::actionTriggered);
    const Error error{Error::Kind::Tls, u"The certificate has expired"_s, u"depth 0"_s, u"Renew it"_s};
    view.showFailed(u"Pods could not be loaded"_s, error, u"Try again"_s);
    QCOMPARE(view.title(), u"Pods could not be loaded"_s);
    auto* detail = view.findChild<QLabel*>(u"stateDetail"_s);
    QVERIFY(!detail->isVisible());
    QTest::mouseClick(view.findChild<QPushButton*>(u"stateDetailButton"_s), Qt::LeftButton);
    QVERIFY(detail->isVisible());
    QCOMPARE(detail->text(), u"depth 0"_s);
    view.showFailed(u"Pods could not be loaded"_s, error, u"Try again"_s); // the same again leaves it open
    QVERIFY(detail->isVisible());
    QTest::mouseClick(view.findChild<QPushButton*>(u"stateAction"_s), Qt::LeftButton);
    QCOMPARE(action.size(), 1);
    view.showLoading(u"Listing pods"_s);
    QCOMPARE(view.title(), u"Listing pods"_s);
    QVERIFY(!view.findChild<QPushButton*>(u"stateAction"_s)->isVisible());
    QVERIFY(!view.findChild<QPushButton*>(u"stateDetailButton"_s)->isVisible());
}

void TestCommonWidgets::codeView()
{
    CodeView view;
    view.resize(400, 200);
    view.show();
    QString text;
    for (int i = 0; i < 300; ++i)
        text += u"key%1: value # %1\n"_s.arg(i);
    view.setText(text, CodeView::Language::Yaml);
    QCOMPARE(view.text(), text);
    QVERIFY(view.editor()->isReadOnly());
    view.editor()->verticalScrollBar()->setValue(100);
    view.setText(text + u"more: 1\n"_s, CodeView::Language::Yaml);
    QCOMPARE(view.editor()->verticalScrollBar()->value(), 100);
    // Key, value and comment look different.
    const auto formats = view.editor()->document()->firstBlock().layout()->formats();
    QVERIFY2(formats.size() >= 3, qPrintable(QString::number(formats.size())));
    view.setText(u"{\"a\": [1, true, \"x\\\"y\"]}"_s, CodeView::Language::Json);
    QCOMPARE(view.editor()->document()->firstBlock().layout()->formats().size(), 4);
}

void TestCommonWidgets::codeFind()
{
    CodeView view;
    view.resize(400, 200);
    view.show();
    QVERIFY(QTest::qWaitForWindowActive(&view));
    view.setText(u"alpha\nbeta\nalpha\ngamma alpha\n"_s, CodeView::Language::Plain);
    view.editor()->setFocus();
    QTest::keyClick(view.editor(), Qt::Key_F, Qt::ControlModifier);
    auto* edit = view.findChild<QLineEdit*>(u"findEdit"_s);
    QTRY_VERIFY(edit->hasFocus());
    QTest::keyClicks(edit, u"alpha"_s);
    auto* result = view.findChild<QLabel*>(u"findResult"_s);
    QCOMPARE(result->text(), u"1 of 3"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(result->text(), u"2 of 3"_s);
    QCOMPARE(view.editor()->textCursor().blockNumber(), 2);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(result->text(), u"1 of 3"_s);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(result->text(), u"3 of 3"_s); // round
    edit->setText(u"delta"_s);
    QCOMPARE(result->text(), u"Not found"_s);
    QTest::keyClick(edit, Qt::Key_Escape);
    QVERIFY(!edit->isVisible());
    QTRY_VERIFY(view.editor()->hasFocus());
}

void TestCommonWidgets::summary()
{
    SummaryView view;
    view.resize(400, 160);
    view.show();
    QList<SummarySection> sections;
    for (int i = 0; i < 10; ++i)
        sections.append({u"Section %1"_s.arg(i),
                         {{u"Key"_s, u"Value <b>%1</b>"_s.arg(i)}, {u"State"_s, u"broken"_s, Health::Bad}}});
    sections.first().items.append({u"Node"_s, u"node-1"_s, Health::None, {}, false, u"node:node-1"_s});
    view.setSections(sections);
    QTRY_VERIFY(view.verticalScrollBar()->maximum() > 0);
    view.verticalScrollBar()->setValue(120);
    const QWidget* body = view.widget();
    view.setSections(sections);
    QCOMPARE(view.widget(), body); // the same again changes nothing
    sections[3].items[0].value = u"other"_s;
    view.setSections(sections);
    QCOMPARE(view.widget(), body); // words alone are written anew: a selection elsewhere stays
    QCOMPARE(view.verticalScrollBar()->value(), 120);
    sections[3].items[1].health = Health::Good;
    view.setSections(sections);
    QVERIFY(view.widget() != body);
    QTRY_COMPARE(view.verticalScrollBar()->value(), 120);
    QStringList texts;
    QLabel* link = nullptr;
    for (QLabel* label : view.findChildren<QLabel*>()) {
        texts.append(label->text());
        if (label->text().contains(u"node:node-1"_s))
            link = label;
    }
    QVERIFY(texts.contains(u"other"_s));
    QVERIFY(texts.contains(u"Value <b>2</b>"_s)); // what a cluster says is text, never markup
    QVERIFY(link);
    QSignalSpy followed(&view, &SummaryView::linkActivated);
    emit link->linkActivated(u"node:node-1"_s);
    QCOMPARE(followed.size(), 1);
}

void TestCommonWidgets::sparklineSpeaks()
{
    Sparkline line;
    line.setValues({1, 4, qQNaN(), 2}, u"Requests a second"_s);
    QCOMPARE(line.accessibleName(), u"Requests a second: now 2, from 1 to 4"_s);
    line.setValues({}, u"Requests a second"_s);
    QCOMPARE(line.accessibleName(), u"Requests a second: no values"_s);
    line.resize(100, 30);
    line.setValues({5, 5, 5}, u"Same"_s);
    QVERIFY(!line.grab().isNull());
}

QTEST_MAIN(TestCommonWidgets)
#include "test_common_widgets.moc"
