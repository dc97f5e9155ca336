// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/ManifestEdit.h"

#include "changes/plan/ManifestText.h"
#include "cluster/objects/ObjectYaml.h"
#include "widgets/common/CodeEdit.h"
#include "widgets/common/CodeHighlighter.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int leastHeight = 180;
constexpr auto start = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \ndata: {}\n"_L1;

} // namespace

ManifestEdit::ManifestEdit(QWidget* parent)
    : QWidget(parent), m_edit(new CodeEdit(this)), m_highlighter(new CodeHighlighter(m_edit->document())),
      m_mistake(new QLabel(this))
{
    m_edit->setObjectName(u"manifestText"_s);
    m_edit->setAccessibleName(tr("Manifest as YAML"));
    m_edit->setTextInteractionFlags(Qt::TextEditorInteraction);
    m_edit->setTabChangesFocus(true);
    m_edit->setFrameShape(QFrame::StyledPanel);
    m_edit->setProperty("field", true);
    m_edit->setMinimumHeight(leastHeight);
    m_highlighter->setLanguage(CodeView::Language::Yaml);
    m_mistake->setObjectName(u"manifestMistake"_s);
    m_mistake->setTextFormat(Qt::PlainText);
    m_mistake->setWordWrap(true);
    m_mistake->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_mistake);
    setFocusProxy(m_edit);
    connect(m_edit, &CodeEdit::textChanged, this, [this] {
        judge();
        emit edited();
    });
    connect(&Theme::of(this), &Theme::changed, this, &ManifestEdit::restyle);
    restyle();
}

void ManifestEdit::setManifest(const QJsonObject& manifest)
{
    const QSignalBlocker quiet(m_edit);
    m_edit->setPlainText(manifest.isEmpty() ? QString(start) : cluster::yamlFromValue(manifest));
    if (manifest.isEmpty()) {
        QTextCursor name = m_edit->document()->find(u"name: "_s);
        name.clearSelection();
        m_edit->setTextCursor(name);
    }
    judge();
}

Result<QJsonObject> ManifestEdit::manifest() const { return changes::manifestFromYaml(m_edit->toPlainText()); }

void ManifestEdit::judge()
{
    const auto read = manifest();
    m_mistake->setText(read ? QString() : read.error().sentence);
    m_mistake->setVisible(!read);
}

void ManifestEdit::restyle()
{
    const Theme& theme = Theme::of(this);
    m_edit->setFont(theme.font(Theme::Role::Mono));
    m_edit->document()->setDefaultFont(theme.font(Theme::Role::Mono));
    m_highlighter->setColors(theme);
    QPalette red = palette();
    red.setColor(QPalette::WindowText, theme.color(Theme::Token::Bad));
    m_mistake->setPalette(red);
}

} // namespace wk::widgets
