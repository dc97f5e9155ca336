// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/common/PaletteProvider.h"

#include <QtCore/QPointer>
#include <QtWidgets/QFrame>

class QLabel;
class QLineEdit;
class QListView;

namespace wk::widgets {

class PaletteModel;

/// Everything that can be done or opened, by a few of its letters. Lies over its parent, near the top, and goes when it
/// loses the focus. Arrows, Page, Ctrl+Home and Ctrl+End move, Enter does it, Esc leaves; what is typed is searched on
/// another thread. An entry that is not available is shown with the reason, and Enter says it.
///
/// objectNames inside: "paletteEdit", "paletteList", "paletteFoot".
class CommandPalette : public QFrame
{
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* parent);
    ~CommandPalette() override;

    /// Providers in the order in which equals are shown. They outlive the next call.
    void open(const QList<PaletteProvider*>& providers);
    void leave();
    [[nodiscard]] PaletteModel* model() const { return m_model; }
    [[nodiscard]] QString query() const;
    /// All that fits what is typed is shown.
    [[nodiscard]] bool isComplete() const { return m_complete; }

signals:
    /// It is gone; before the chosen entry is triggered.
    void left();
    void resultsChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    void place();
    void show(const QString& query, const QList<search::Hit>& hits, bool complete);
    void refreshFoot();
    bool takeKey(int key, Qt::KeyboardModifiers modifiers);
    void move(int by);
    void choose();

    QLineEdit* m_edit = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_foot = nullptr;
    PaletteModel* m_model;
    search::NameSearch m_search;
    QPointer<QWidget> m_focusBefore;
    bool m_complete = false;
};

} // namespace wk::widgets
