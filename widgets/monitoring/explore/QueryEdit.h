// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/prometheus/ServerError.h"
#include "monitoring/prometheus/ServerNames.h"

#include <QtCore/QPointer>
#include <QtWidgets/QPlainTextEdit>

class QCompleter;
class QStandardItemModel;

namespace wk::widgets {

/// A query in PromQL: proposes metrics, functions, labels and their values while one writes, and marks where a mistake
/// is. Enter asks, Shift+Enter begins a line, Ctrl+Space proposes, Ctrl+Up and Ctrl+Down go through what was asked
/// before.
class QueryEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit QueryEdit(QWidget* parent = nullptr);

    /// Null where there is no server; outlives it otherwise, or goes before.
    void setNames(monitoring::ServerNames* names);
    [[nodiscard]] QString query() const { return toPlainText(); }
    void setQuery(const QString& text);

    /// Underlines the word at that place and puts `sentence` on it, until the text changes. nullopt: nothing.
    void setProblem(std::optional<monitoring::QueryPosition> at, const QString& sentence = {});
    [[nodiscard]] std::optional<int> problemAt() const { return m_problem; }
    void goToProblem();

    /// What is proposed at present; empty while the list is closed.
    [[nodiscard]] QStringList proposed() const;
    /// Opens the list of proposals.
    void propose();

signals:
    void askRequested();
    /// -1: what was asked before, 1: after.
    void historyRequested(int direction);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    bool takesKey(QKeyEvent* event);
    void refreshProposals();
    void insertProposal(const QModelIndex& index);
    void restyle();

    QPointer<monitoring::ServerNames> m_names;
    QCompleter* m_completer;
    QStandardItemModel* m_items;
    std::vector<monitoring::PromqlOffer> m_offers;
    monitoring::PromqlSpot m_spot;
    bool m_proposing = false; ///< the list is wanted, and names may still be on their way
    std::optional<int> m_problem;
    QString m_problemText;
};

} // namespace wk::widgets
