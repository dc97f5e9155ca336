// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QDialog>

class QLineEdit;

namespace wk::widgets {

/// Who has seen an alert, and what they say to it.
///
/// objectNames inside: "acknowledgeName", "acknowledgeNote", "acknowledgeDone".
class AcknowledgeDialog final : public QDialog
{
    Q_OBJECT
public:
    AcknowledgeDialog(const QString& alert, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] QString name() const;
    [[nodiscard]] QString note() const;

private:
    QLineEdit *m_name, *m_note;
};

} // namespace wk::widgets
