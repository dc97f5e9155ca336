// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/ActionForm.h"

#include "widgets/changes/plan/FormRows.h"
#include "widgets/changes/plan/ManifestEdit.h"
#include "widgets/changes/plan/PairEditor.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonArray>
#include <QtGui/QIntValidator>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::ActionField;
using Kind = ActionField::Kind;

namespace {

constexpr int labelWidth = 168;

QString textOf(const QJsonValue& value)
{
    return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
}

/// What stands in a line, or in a box that can be written into.
QString textIn(const QWidget* editor)
{
    if (const auto* combo = qobject_cast<const QComboBox*>(editor))
        return combo->currentText().trimmed();
    return static_cast<const QLineEdit*>(editor)->text().trimmed();
}

/// "requests/cpu" goes into the object "requests".
void put(QJsonObject& parameters, const QString& name, const QJsonValue& value)
{
    if (!name.contains(u'/')) {
        parameters.insert(name, value);
        return;
    }
    QJsonObject inner = parameters.value(name.section(u'/', 0, 0)).toObject();
    inner.insert(name.section(u'/', 1), value);
    parameters.insert(name.section(u'/', 0, 0), inner);
}

QJsonValue chosen(const ActionField& field, const QWidget* editor)
{
    return field.choices.value(static_cast<const QComboBox*>(editor)->currentIndex()).value;
}

QComboBox* suggestions(const ActionField& field, QWidget* parent)
{
    auto* combo = new QComboBox(parent);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const auto& choice : field.choices)
        combo->addItem(choice.title, choice.value.toString());
    combo->setCurrentIndex(-1);
    combo->lineEdit()->setPlaceholderText(field.hint);
    combo->setEditText(textOf(field.now));
    QObject::connect(combo, &QComboBox::activated, combo,
                     [combo] { combo->setEditText(combo->currentData().toString()); });
    return combo;
}

} // namespace

ActionForm::ActionForm(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

QWidget* ActionForm::makeEditor(const ActionField& field)
{
    const auto edited = [this, name = field.name] { onEdited(name); };
    switch (field.kind) {
    case Kind::Flag: {
        auto* box = new QCheckBox(field.label, this);
        connect(box, &QCheckBox::toggled, this, edited);
        return box;
    }
    case Kind::Choice: {
        auto* combo = new QComboBox(this);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        for (const auto& choice : field.choices)
            combo->addItem(choice.title);
        const auto now = std::ranges::find(field.choices, field.now, &ActionField::Choice::value);
        combo->setCurrentIndex(now == field.choices.end() ? 0 : int(now - field.choices.begin()));
        connect(combo, &QComboBox::currentIndexChanged, this, edited);
        return combo;
    }
    case Kind::Pairs: {
        auto* pairs = new PairEditor(field, this);
        connect(pairs, &PairEditor::edited, this, edited);
        return pairs;
    }
    case Kind::Manifest: {
        auto* manifest = new ManifestEdit(this);
        manifest->setManifest(field.now.toObject());
        connect(manifest, &ManifestEdit::edited, this, edited);
        return manifest;
    }
    case Kind::Text:
        if (!field.choices.isEmpty()) {
            auto* combo = suggestions(field, this);
            connect(combo, &QComboBox::editTextChanged, this, edited);
            return combo;
        }
        break;
    case Kind::Number: break;
    }
    auto* edit = new QLineEdit(textOf(field.now), this);
    edit->setPlaceholderText(field.hint);
    if (field.kind == Kind::Number) {
        edit->setValidator(new QIntValidator(0, std::numeric_limits<int>::max(), edit));
        edit->setMaximumWidth(180);
    }
    connect(edit, &QLineEdit::textChanged, this, edited);
    return edit;
}

void ActionForm::addRow(const ActionField& field)
{
    Row row;
    row.field = field;
    auto* cell = new QWidget(this);
    auto* column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    row.editor = makeEditor(field);
    row.editor->setObjectName(u"action-"_s + field.name);
    row.editor->setAccessibleName(field.label);
    row.mistake = new QLabel(cell);
    row.mistake->setObjectName(u"mistake-"_s + field.name);
    row.mistake->setTextFormat(Qt::PlainText);
    row.mistake->setWordWrap(true);
    row.mistake->hide();
    column->addWidget(row.editor, 1);
    column->addWidget(row.mistake);
    // Below a manifest, which fills the width, nothing has a label.
    const bool wide = field.kind == Kind::Manifest ||
                      (field.kind == Kind::Flag && !m_rows.isEmpty() && m_rows.first().field.kind == Kind::Manifest);
    if (wide) {
        m_form->addRow(cell);
    } else {
        m_form->addRow(field.kind == Kind::Flag ? QString() : field.label, cell);
        levelLabel(m_form, cell, labelWidth);
    }
    m_rows << row;
}

void ActionForm::setFields(const QList<ActionField>& fields)
{
    if (fields == m_fields)
        return;
    m_filling = true;
    // What depends on nothing that changed stays as the person left it: only what follows is made anew.
    qsizetype same = 0;
    while (same < m_fields.size() && same < fields.size() &&
           (m_fields.at(same) == fields.at(same) ||
            (fields.at(same).decides && m_fields.at(same).name == fields.at(same).name)))
        ++same;
    while (m_rows.size() > same) {
        m_form->removeRow(m_form->rowCount() - 1);
        m_rows.removeLast();
    }
    for (qsizetype i = same; i < fields.size(); ++i)
        addRow(fields.at(i));
    m_fields = fields;
    m_filling = false;
    setVisible(!fields.isEmpty());
}

void ActionForm::onEdited(const QString& name)
{
    if (m_filling)
        return;
    const auto row = std::ranges::find(m_rows, name, [](const Row& r) { return r.field.name; });
    if (row == m_rows.end())
        return;
    row->touched = true;
    if (row->field.decides)
        emit decided();
    emit edited();
}

void ActionForm::write(const Row& row, QJsonObject& parameters) const
{
    const ActionField& field = row.field;
    switch (field.kind) {
    case Kind::Flag:
        if (static_cast<const QCheckBox*>(row.editor)->isChecked())
            put(parameters, field.name, true);
        break;
    case Kind::Choice:
        if (const QJsonValue value = chosen(field, row.editor); !value.isUndefined())
            put(parameters, field.name, value);
        break;
    case Kind::Pairs: {
        const PairEditor::Changes changes = static_cast<const PairEditor*>(row.editor)->changes();
        QJsonObject set = changes.set;
        if (field.removed.isEmpty())
            for (const QString& name : changes.removed)
                set.insert(name, QJsonValue::Null);
        else if (!changes.removed.isEmpty())
            put(parameters, field.removed, QJsonArray::fromStringList(changes.removed));
        if (!set.isEmpty())
            put(parameters, field.name, set);
        break;
    }
    case Kind::Manifest:
        if (const auto manifest = static_cast<const ManifestEdit*>(row.editor)->manifest())
            put(parameters, field.name, *manifest);
        break;
    case Kind::Number:
        if (const QString text = textIn(row.editor); !text.isEmpty())
            put(parameters, field.name, text.toLongLong());
        break;
    case Kind::Text:
        const QString text = textIn(row.editor);
        if (field.onlyChanges && text == textOf(field.now))
            break;
        if (!text.isEmpty())
            put(parameters, field.name, text);
        else if (field.onlyChanges)
            put(parameters, field.name, QJsonValue::Null);
        break;
    }
}

QJsonObject ActionForm::parameters() const
{
    QJsonObject out;
    for (const Row& row : m_rows)
        write(row, out);
    return out;
}

bool ActionForm::isMissing(const Row& row) const
{
    if (row.field.optional || row.field.onlyChanges || row.field.kind == Kind::Choice)
        return false;
    QJsonObject written;
    write(row, written);
    return written.isEmpty();
}

bool ActionForm::isDifferent(const Row& row) const
{
    QJsonObject written;
    write(row, written);
    if (row.field.onlyChanges)
        return !written.isEmpty();
    return row.field.now.isUndefined() ? !written.isEmpty() : written.value(row.field.name) != row.field.now;
}

QString ActionForm::whyNotReady() const
{
    for (const Row& row : m_rows)
        if (isMissing(row))
            return row.field.kind == Kind::Manifest ? tr("The manifest cannot be read yet.")
                                                    : tr("%1 is missing.").arg(row.field.label);
    bool compared = false;
    for (const Row& row : m_rows) {
        if (row.field.kind == Kind::Flag || row.field.decides)
            continue;
        if (isDifferent(row))
            return {};
        compared |= row.field.onlyChanges || !row.field.now.isUndefined();
    }
    return compared ? tr("Nothing is different yet.") : QString();
}

QStringList ActionForm::setMistakes(const QList<changes::Mistake>& mistakes)
{
    QStringList others;
    QPalette red = palette();
    red.setColor(QPalette::WindowText, Theme::of(this).color(Theme::Token::Bad));
    for (const Row& row : std::as_const(m_rows)) {
        row.mistake->setPalette(red);
        row.mistake->clear();
    }
    for (const changes::Mistake& mistake : mistakes) {
        const QString place = mistake.place.section(u'.', 1);
        const auto row = std::ranges::find_if(m_rows, [&](const Row& r) {
            const QString own = QString(r.field.name).replace(u'/', u'.');
            return place == own || place.startsWith(own + u'.') ||
                   (!r.field.removed.isEmpty() && place == r.field.removed);
        });
        if (row == m_rows.end() || place.isEmpty()) {
            others << mistake.message;
            continue;
        }
        // Within pairs: which of them.
        const QString inner = place.mid(row->field.name.size() + 1);
        const QString text = inner.isEmpty() ? mistake.message : inner + u": "_s + mistake.message;
        row->mistake->setText(row->mistake->text().isEmpty() ? text : row->mistake->text() + u'\n' + text);
    }
    for (const Row& row : std::as_const(m_rows))
        row.mistake->setVisible(!row.mistake->text().isEmpty());
    return others;
}

void ActionForm::focusFirst()
{
    if (m_rows.isEmpty())
        return;
    const Row& first = m_rows.size() > 1 && m_rows.first().field.decides ? m_rows.at(1) : m_rows.first();
    first.editor->setFocus();
    if (auto* edit = qobject_cast<QLineEdit*>(first.editor))
        edit->selectAll();
}

} // namespace wk::widgets
