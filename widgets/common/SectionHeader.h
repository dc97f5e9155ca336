// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QWidget>

class QHBoxLayout;
class QLabel;

namespace wk::widgets {

/// A title with a quiet line of detail beside it and room for buttons at the right.
class SectionHeader : public QWidget
{
    Q_OBJECT
public:
    explicit SectionHeader(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    [[nodiscard]] QString title() const;
    void setDetail(const QString& detail);
    void addWidget(QWidget* widget);

private:
    QLabel* m_title;
    QLabel* m_detail;
    QHBoxLayout* m_layout;
};

} // namespace wk::widgets
