// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/actions/ActionField.h"

#include <QtWidgets/QWidget>

class QComboBox;
class QVBoxLayout;

namespace wk::widgets {

class PairRow;

/// Names with texts, as variables, labels and the data of a config map are: what is there, each to be changed or taken
/// away, and new ones.
///
/// objectNames inside: "pairsPreset", "pairsAdd", and of each row "pairName", "pairSource", "pairValue", "pairRemove".
class PairEditor : public QWidget
{
    Q_OBJECT
public:
    /// A field of kind Pairs.
    explicit PairEditor(const changes::ActionField& field, QWidget* parent = nullptr);

    struct Changes
    {
        QJsonObject set;     ///< new ones, and those that are different now
        QStringList removed; ///< names
        [[nodiscard]] bool isEmpty() const { return set.isEmpty() && removed.isEmpty(); }
    };
    [[nodiscard]] Changes changes() const;

signals:
    void edited();

private:
    PairRow* addRow(const QString& name, const QJsonValue& now);
    void take(const QJsonObject& whole);

    changes::ActionField m_field;
    QVBoxLayout* m_column;
    QComboBox* m_presets = nullptr;
    QList<PairRow*> m_rows;
};

} // namespace wk::widgets
