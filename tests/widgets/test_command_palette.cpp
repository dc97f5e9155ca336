// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/CommandPalette.h"
#include "widgets/common/PaletteModel.h"
#include "widgets/common/Theme.h"

#include <QtGui/QAccessible>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>

using namespace wk;
using namespace wk::widgets;
using namespace Qt::StringLiterals;

namespace {

/// Many names; says which entries were asked for in full.
class ManyNames final : public PaletteProvider
{
public:
    using PaletteProvider::PaletteProvider;
    QString section() const override { return u"Pod"_s; }
    search::NameSearch::Source names() override
    {
        return [] {
            auto out = std::make_shared<search::NameList>();
            for (int i = 0; i < count; ++i)
                out->add(u"stream-processor-%1"_s.arg(i));
            return out;
        };
    }
    PaletteEntry entry(int index) const override
    {
        asked.insert(index);
        return {u"stream-processor-%1"_s.arg(index), u"streamgate"_s, {}, {}};
    }
    void trigger(int index) override { triggered = index; }

    static constexpr int count = 100'000;
    mutable QSet<int> asked;
    int triggered = -1;
};

} // namespace

class TestCommandPalette : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme.apply(*qApp); }
    void init();
    void cleanup() { m_window.reset(); }
    void everythingIsThereAtOnce();
    void typedLettersFind();
    void keysMove();
    void enterDoesIt();
    void unavailableSaysWhy();
    void escapeGivesTheFocusBack();
    void manyNamesAreAskedForOneByOne();
    void speaks();

private:
    void type(const QString& text)
    {
        edit()->clear();
        QTest::keyClicks(edit(), text);
        QTRY_VERIFY(m_palette->isComplete());
    }
    QLineEdit* edit() { return m_palette->findChild<QLineEdit*>(u"paletteEdit"_s); }
    QListView* list() { return m_palette->findChild<QListView*>(u"paletteList"_s); }
    QString current() { return list()->currentIndex().data().toString(); }
    QStringList titles()
    {
        QStringList out;
        for (int i = 0; i < m_palette->model()->rowCount(); ++i)
            out << m_palette->model()->index(i).data().toString();
        return out;
    }

    Theme m_theme;
    std::unique_ptr<QWidget> m_window;
    CommandPalette* m_palette = nullptr;
    PaletteList *m_actions = nullptr, *m_panels = nullptr;
    QLineEdit* m_other = nullptr;
    QStringList m_done;
};

void TestCommandPalette::init()
{
    m_done.clear();
    m_window = std::make_unique<QWidget>();
    m_window->resize(1024, 700);
    m_other = new QLineEdit(m_window.get());
    m_palette = new CommandPalette(m_window.get());
    m_actions = new PaletteList(u"Action"_s, m_window.get());
    m_panels = new PaletteList(u"Panel"_s, m_window.get());
    const auto item = [this](const QString& title, const QString& keys = {}, const QString& whyNot = {}) {
        return PaletteList::Item{{title, u"deployment api in shop"_s, keys, whyNot},
                                 [this, title] { m_done << title; }};
    };
    m_actions->setItems({item(u"Scale"_s, u"S"_s), item(u"Set image"_s),
                         item(u"Restart"_s, u"R"_s, u"You may not patch deployments in shop."_s)});
    m_panels->setItems({item(u"Overview"_s, u"Ctrl+1"_s), item(u"Cluster"_s), item(u"Settings"_s)});
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_other->setFocus();
    m_palette->open({m_actions, m_panels});
    QTRY_VERIFY(m_palette->isComplete());
}

void TestCommandPalette::everythingIsThereAtOnce()
{
    QVERIFY(edit()->hasFocus());
    QCOMPARE(titles(),
             (QStringList{u"Scale"_s, u"Set image"_s, u"Restart"_s, u"Overview"_s, u"Cluster"_s, u"Settings"_s}));
    QCOMPARE(current(), u"Scale"_s);
    QVERIFY(m_window->rect().contains(m_palette->geometry()));
    m_window->resize(500, 400);
    QVERIFY(m_window->rect().contains(m_palette->geometry()));
}

void TestCommandPalette::typedLettersFind()
{
    type(u"set"_s);
    QCOMPARE(titles(), (QStringList{u"Set image"_s, u"Settings"_s}));
    const QModelIndex first = m_palette->model()->index(0);
    QCOMPARE(first.data(PaletteModel::MatchRole).value<QList<int>>(), (QList<int>{0, 1, 2}));
    QCOMPARE(first.data(PaletteModel::SectionRole).toString(), u"Action"_s);
    type(u"set im"_s);
    QCOMPARE(titles(), QStringList{u"Set image"_s});
    type(u"qqq"_s);
    QVERIFY(titles().isEmpty());
    QCOMPARE(m_palette->findChild<QLabel*>(u"paletteFoot"_s)->text(), u"Nothing is called like this here."_s);
}

void TestCommandPalette::keysMove()
{
    QTest::keyClick(edit(), Qt::Key_Down);
    QCOMPARE(current(), u"Set image"_s);
    QTest::keyClick(edit(), Qt::Key_Up);
    QTest::keyClick(edit(), Qt::Key_Up); // goes round
    QCOMPARE(current(), u"Settings"_s);
    QTest::keyClick(edit(), Qt::Key_PageDown);
    QCOMPARE(current(), u"Settings"_s); // and a page does not
    QTest::keyClick(edit(), Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(current(), u"Scale"_s);
    QTest::keyClick(edit(), Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(current(), u"Settings"_s);
    QTest::keyClick(edit(), Qt::Key_Tab);
    QCOMPARE(current(), u"Scale"_s);
    QVERIFY(edit()->hasFocus());
}

void TestCommandPalette::enterDoesIt()
{
    type(u"clu"_s);
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(m_done, QStringList{u"Cluster"_s});
    QVERIFY(m_palette->isHidden());
    m_palette->open({m_actions, m_panels});
    QTRY_VERIFY(m_palette->isComplete());
    QVERIFY(m_palette->query().isEmpty());
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {},
                      list()->visualRect(m_palette->model()->index(3)).center());
    QCOMPARE(m_done.last(), u"Overview"_s);
}

void TestCommandPalette::unavailableSaysWhy()
{
    type(u"restart"_s);
    QTest::keyClick(edit(), Qt::Key_Return);
    QVERIFY(m_done.isEmpty());
    QVERIFY(m_palette->isVisible());
    auto* foot = m_palette->findChild<QLabel*>(u"paletteFoot"_s);
    QCOMPARE(foot->text(), u"You may not patch deployments in shop."_s);
    m_actions->setWhyNot(2, {}); // the answer has come
    QVERIFY(foot->text() != u"You may not patch deployments in shop."_s);
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(m_done, QStringList{u"Restart"_s});
}

void TestCommandPalette::escapeGivesTheFocusBack()
{
    QSignalSpy left(m_palette, &CommandPalette::left);
    QTest::keyClick(edit(), Qt::Key_Escape);
    QVERIFY(m_palette->isHidden());
    QVERIFY(m_other->hasFocus());
    QCOMPARE(left.size(), 1);
    m_palette->open({m_actions});
    m_other->setFocus(Qt::MouseFocusReason); // a click beside it
    QVERIFY(m_palette->isHidden());
}

void TestCommandPalette::manyNamesAreAskedForOneByOne()
{
    ManyNames many;
    m_palette->open({m_actions, &many});
    QTRY_VERIFY(m_palette->isComplete());
    type(u"sp 99999"_s);
    QCOMPARE(current(), u"stream-processor-99999"_s);
    QVERIFY2(many.asked.size() < 1000, qPrintable(QString::number(many.asked.size())));
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(many.triggered, 99'999);
}

void TestCommandPalette::speaks()
{
    for (QWidget* widget :
         {static_cast<QWidget*>(m_palette), static_cast<QWidget*>(edit()), static_cast<QWidget*>(list())}) {
        QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(spoken && !spoken->text(QAccessible::Name).isEmpty(), qPrintable(widget->objectName()));
    }
    QCOMPARE(m_palette->model()->index(2).data(Qt::AccessibleTextRole).toString(),
             u"Action, Restart, deployment api in shop, R, You may not patch deployments in shop."_s);
}

QTEST_MAIN(TestCommandPalette)
#include "test_command_palette.moc"
