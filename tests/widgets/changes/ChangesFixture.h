// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ChangeStories.h"
#include "UnapprovedStories.h"

#include "table/TableModel.h"
#include "widgets/changes/ChangesPanel.h"
#include "widgets/changes/requests/RequestView.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/FileDialogs.h"

#include <QtTest/QTest>
#include <QtWidgets/QPushButton>

namespace wk::test {

class MemoryStates final : public widgets::TableStates
{
public:
    [[nodiscard]] QJsonObject load(const QString& id) const override { return kept.value(id); }
    void save(const QString& id, const QJsonObject& state) override { kept.insert(id, state); }
    QHash<QString, QJsonObject> kept;
};

/// Answers in a person's place with a path of the test's.
class FixedDialogs final : public widgets::FileDialogs
{
public:
    void saveFile(QWidget*, const QString&, const QString&, const QString&,
                  std::function<void(const QString&)> done) override
    {
        done(path);
    }
    void openFile(QWidget*, const QString&, const QString&, std::function<void(const QString&)> done) override
    {
        done(path);
    }
    QString path;
};

/// The panel on the night shift of stories::nightShift(), shown.
class ChangesFixture
{
protected:
    void openPanel()
    {
        clock = std::make_shared<ManualClock>(stories::nightMs);
        desk = std::make_unique<MemoryDesk>(*clock);
        means = std::make_unique<StoryMeans>(*desk, *clock);
        states = std::make_shared<MemoryStates>();
        dialogs = std::make_shared<FixedDialogs>();
        unapproved = std::make_unique<MemoryUnapproved>();
        stories::nightShift(*desk, *clock);
        panel = std::make_unique<widgets::ChangesPanel>(
            widgets::ChangesPanel::Parts{*desk, *means, clock, states, dialogs, unapproved.get()});
        panel->resize(1356, 870);
        panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(panel.get()));
    }
    void closePanel()
    {
        panel.reset();
        unapproved.reset();
        means.reset();
        desk.reset();
    }
    template <typename T>
    T* part(const QString& name)
    {
        return panel->findChild<T*>(name);
    }
    void open(qint64 number)
    {
        panel->openRequest(number);
        QTRY_COMPARE(panel->requestView()->detail() ? panel->requestView()->detail()->summary.number : 0, number);
        QTRY_VERIFY(panel->requestView()->isCalm());
    }
    QWidget* question() { return part<QWidget>(QStringLiteral("decisionBar")); }
    /// A field of the question, not of the one that an execution asks.
    template <typename T>
    T* asked(const QString& name)
    {
        return question()->findChild<T*>(name);
    }
    QPushButton* confirmButton() { return asked<QPushButton>(QStringLiteral("decisionConfirm")); }
    QStringList numbers()
    {
        QStringList out;
        for (const auto& row : panel->dataTable()->model()->visibleRows())
            out << row->id;
        return out;
    }

    std::shared_ptr<ManualClock> clock;
    std::unique_ptr<MemoryDesk> desk;
    std::unique_ptr<StoryMeans> means;
    std::unique_ptr<MemoryUnapproved> unapproved;
    std::shared_ptr<MemoryStates> states;
    std::shared_ptr<FixedDialogs> dialogs;
    std::unique_ptr<widgets::ChangesPanel> panel;
};

} // namespace wk::test
