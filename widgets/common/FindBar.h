// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QWidget>

class QLabel;
class QLineEdit;

namespace wk::widgets {

/// A line that looks for text: Enter or F3 forwards, with Shift backwards, Esc closes.
class FindBar : public QWidget
{
    Q_OBJECT
public:
    explicit FindBar(QWidget* parent = nullptr);

    void open(const QString& selected);
    [[nodiscard]] QString needle() const;
    /// "3 of 12"; zero matches are said as such.
    void setResult(int current, int count);

signals:
    void needleChanged(const QString& needle);
    void next();
    void previous();
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLineEdit* m_edit;
    QLabel* m_result;
};

} // namespace wk::widgets
