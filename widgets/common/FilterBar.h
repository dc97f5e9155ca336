// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "table/FilterCompletion.h"

#include <QtWidgets/QWidget>

class QAction;
class QCompleter;
class QLabel;
class QLineEdit;
class QStandardItemModel;
class QTimer;

namespace wk::widgets {

/// The filter line: text with completion, what is wrong with it and where, and how many rows are left.
/// Typing is reported after a pause of 150 ms, Enter at once. Esc clears, and leaves when there is nothing to clear.
class FilterBar : public QWidget
{
    Q_OBJECT
public:
    /// Answers what could be written at the cursor.
    using CompletionSource = std::function<table::Completions(const QString& text, int cursor)>;
    static constexpr int debounceMs = 150;

    explicit FilterBar(QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    /// Reports at once.
    void setText(const QString& text);
    /// An empty sentence takes the mark away. `position` and `length` say which part is wrong.
    void setError(const QString& sentence, int position = 0, int length = 0);
    [[nodiscard]] QString error() const { return m_error; }
    void setCounts(int shown, int total, bool working);
    /// While nobody knows how many there are: no number, which would be a lie.
    void setNoCounts();
    [[nodiscard]] QString countText() const;
    void setCompletionSource(CompletionSource source) { m_source = std::move(source); }
    [[nodiscard]] QLineEdit* edit() const { return m_edit; }

signals:
    void filterChanged(const QString& text);
    /// Esc in an empty line, or Down: the table should take the focus.
    void left();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void report();
    void complete();
    void insertCompletion(const QModelIndex& index);
    void restyle();
    void chooseHint();
    void setCountText(const QString& text);

    QLineEdit* m_edit;
    QLabel* m_count;
    QLabel* m_errorLabel;
    QAction* m_clear;
    QTimer* m_debounce;
    QCompleter* m_completer;
    QStandardItemModel* m_items;
    CompletionSource m_source;
    table::Completions m_completions;
    QString m_error;
    QString m_reported;
};

} // namespace wk::widgets
