// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonValue>
#include <QtWidgets/QWidget>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace wk::widgets {

/// One name with its text, or with where its value comes from.
class PairRow : public QWidget
{
    Q_OBJECT
public:
    /// An undefined `now` makes a new one. `references`: the value may come from a secret or a config map.
    PairRow(const QString& name, const QJsonValue& now, bool references, QWidget* parent);

    [[nodiscard]] QString name() const;
    /// As a parameter takes it: a text, or the content of valueFrom.
    [[nodiscard]] QJsonValue value() const;
    [[nodiscard]] bool isNew() const { return m_now.isUndefined(); }
    [[nodiscard]] bool isRemoved() const { return m_removed; }
    [[nodiscard]] bool isChanged() const { return value() != m_now; }
    void setText(const QString& text);
    void setRemoved(bool removed);
    void focusName();

signals:
    void edited();
    /// A new one is not wanted after all.
    void dropped();

private:
    enum class Source { Text, Secret, ConfigMap, Other };
    void build(const QString& name, bool references);
    void showNow();
    void fitHeight();
    [[nodiscard]] Source source() const;

    QJsonValue m_now;
    bool m_removed = false;
    QLineEdit* m_name = nullptr;
    QComboBox* m_source = nullptr;
    QPlainTextEdit* m_value = nullptr;
    QToolButton* m_remove = nullptr;
};

} // namespace wk::widgets
