// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QWidget>

class QComboBox;
class QTabBar;

namespace wk::widgets {

/// Tabs in one line where there is room for all of them, a box that names the current one where there is not. What is
/// current is asked of the tabs, and set there, in both cases.
class TabLine : public QWidget
{
    Q_OBJECT
public:
    struct Tab
    {
        QString title, data;
    };

    explicit TabLine(QWidget* parent = nullptr);

    /// Tells nobody; the one that was current stays so, by its data, where there still is one like it.
    void setTabs(const QList<Tab>& tabs);
    [[nodiscard]] QTabBar* tabs() const { return m_tabs; }
    /// Of the current one; empty where there is none.
    [[nodiscard]] QString current() const;
    /// False where there is none like it.
    bool setCurrent(const QString& data);
    /// As who cannot see it hears it.
    void setName(const QString& name);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    QTabBar* m_tabs;
    QComboBox* m_box;
};

} // namespace wk::widgets
