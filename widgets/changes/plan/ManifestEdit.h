// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"

#include <QtCore/QJsonObject>
#include <QtWidgets/QWidget>

class QLabel;

namespace wk::widgets {

class CodeEdit;
class CodeHighlighter;

/// An object as YAML, to be written by a person: what is wrong with it stands below while they type.
///
/// objectNames inside: "manifestText", "manifestMistake".
class ManifestEdit : public QWidget
{
    Q_OBJECT
public:
    explicit ManifestEdit(QWidget* parent = nullptr);

    /// An empty one shows what a manifest begins with.
    void setManifest(const QJsonObject& manifest);
    /// BadInput with the line, while it is none.
    [[nodiscard]] Result<QJsonObject> manifest() const;
    [[nodiscard]] CodeEdit* editor() const { return m_edit; }

signals:
    void edited();

private:
    void judge();
    void restyle();

    CodeEdit* m_edit;
    CodeHighlighter* m_highlighter;
    QLabel* m_mistake;
};

} // namespace wk::widgets
