// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/ParameterForm.h"

#include "widgets/changes/plan/FormRows.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonArray>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::TemplateField;
using Type = changes::TemplateParameter::Type;

namespace {

constexpr int listRows = 6;

bool isChoice(Type type)
{
    return type != Type::Integer && type != Type::Text && type != Type::Quantity && type != Type::Boolean &&
           type != Type::Workloads && type != Type::Live;
}

QString shapeOf(const TemplateField& field)
{
    QString shape = QString::number(int(field.parameter.type));
    for (const auto& choice : field.choices)
        shape += u'\n' + choice.value;
    return shape;
}

QString hintOf(const TemplateField& field)
{
    if (field.low && field.high)
        return ParameterForm::tr("%1 to %2").arg(*field.low).arg(*field.high);
    return field.parameter.example.isEmpty() ? QString() : ParameterForm::tr("such as %1").arg(field.parameter.example);
}

} // namespace

ParameterForm::ParameterForm(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

void ParameterForm::clear()
{
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    m_rows.clear();
    m_ids.clear();
    m_given = {};
}

void ParameterForm::give(const QString& id, const QJsonValue& value)
{
    if (m_showing)
        return;
    if (value.isUndefined())
        m_given.remove(id);
    else
        m_given.insert(id, value);
    emit edited();
}

QWidget* ParameterForm::makeEditor(const TemplateField& field)
{
    const QString id = field.parameter.id;
    QWidget* made = nullptr;
    if (isChoice(field.parameter.type)) {
        auto* combo = new QComboBox(this);
        for (const auto& choice : field.choices)
            combo->addItem(choice.title, choice.value);
        combo->setPlaceholderText(field.choices.isEmpty() ? tr("nothing to choose from") : tr("choose"));
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        connect(combo, &QComboBox::activated, this,
                [this, id, combo] { give(id, combo->currentData().toJsonValue()); });
        made = combo;
    } else if (field.parameter.type == Type::Boolean) {
        auto* box = new QCheckBox(field.parameter.use, this);
        connect(box, &QCheckBox::toggled, this, [this, id](bool on) { give(id, on); });
        made = box;
    } else if (field.parameter.type == Type::Workloads) {
        auto* list = new QListWidget(this);
        for (const auto& choice : field.choices) {
            auto* item = new QListWidgetItem(choice.title, list);
            item->setData(Qt::UserRole, choice.value);
            item->setCheckState(Qt::Unchecked);
        }
        list->setFixedHeight(std::clamp(int(field.choices.size()), 2, listRows) * 24 + 8);
        connect(list, &QListWidget::itemChanged, this, [this, id, list] {
            QJsonArray chosen;
            for (int i = 0; i < list->count(); ++i)
                if (list->item(i)->checkState() == Qt::Checked)
                    chosen.append(list->item(i)->data(Qt::UserRole).toString());
            give(id, chosen);
        });
        made = list;
    } else {
        auto* edit = new QLineEdit(this);
        const bool number = field.parameter.type == Type::Integer;
        edit->setMaximumWidth(number ? 160 : QWIDGETSIZE_MAX);
        connect(edit, &QLineEdit::textEdited, this, [this, id](const QString& text) {
            give(id, text.trimmed().isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(text.trimmed()));
        });
        made = edit;
    }
    made->setObjectName(u"parameter-"_s + id);
    made->setAccessibleName(field.parameter.title);
    made->setToolTip(field.parameter.use);
    return made;
}

void ParameterForm::showValue(QWidget* editor, const TemplateField& field)
{
    // What the person typed stays as it is, also while it is wrong.
    const QString& id = field.parameter.id;
    const QJsonValue value = m_given.contains(id) ? m_given.value(id) : field.value;
    if (auto* combo = qobject_cast<QComboBox*>(editor)) {
        combo->setCurrentIndex(combo->findData(value.toVariant()));
    } else if (auto* box = qobject_cast<QCheckBox*>(editor)) {
        box->setChecked(value.toBool());
    } else if (auto* list = qobject_cast<QListWidget*>(editor)) {
        const QJsonArray chosen = value.toArray();
        for (int i = 0; i < list->count(); ++i)
            list->item(i)->setCheckState(chosen.contains(list->item(i)->data(Qt::UserRole).toString()) ? Qt::Checked
                                                                                                       : Qt::Unchecked);
    } else if (auto* edit = qobject_cast<QLineEdit*>(editor)) {
        const QString text = value.isDouble() ? QString::number(value.toInteger()) : value.toString();
        if (edit->text().trimmed() != text)
            edit->setText(text);
        edit->setPlaceholderText(hintOf(field));
    }
}

void ParameterForm::setFields(const QList<TemplateField>& fields)
{
    QStringList ids;
    m_hidden.clear();
    for (const TemplateField& field : fields)
        (field.parameter.type == Type::Live ? m_hidden : ids) << field.parameter.id;
    if (ids != m_ids) {
        const QJsonObject given = m_given;
        clear();
        m_given = given;
        m_ids = ids;
    }
    m_showing = true;
    for (const TemplateField& field : fields) {
        if (field.parameter.type == Type::Live)
            continue;
        Row& row = m_rows[field.parameter.id];
        if (row.editor && row.shape != shapeOf(field)) {
            QWidget* made = makeEditor(field);
            row.editor->parentWidget()->layout()->replaceWidget(row.editor, made);
            row.editor->deleteLater();
            row.editor = made;
        } else if (!row.editor) {
            auto* cell = new QWidget(this);
            auto* column = new QVBoxLayout(cell);
            column->setContentsMargins(0, 0, 0, 0);
            column->setSpacing(2);
            row.editor = makeEditor(field);
            row.mistake = new QLabel(cell);
            row.mistake->setObjectName(u"mistake-"_s + field.parameter.id);
            row.mistake->setWordWrap(true);
            row.mistake->setTextFormat(Qt::PlainText);
            row.mistake->hide();
            column->addWidget(row.editor);
            column->addWidget(row.mistake);
            const QString unit = field.parameter.unit.isEmpty() ? QString() : u", "_s + field.parameter.unit;
            m_form->addRow(field.parameter.title + unit, cell);
            levelLabel(m_form, cell, pageLabelWidth);
        }
        row.shape = shapeOf(field);
        showValue(row.editor, field);
    }
    m_showing = false;
}

QStringList ParameterForm::setMistakes(const QList<changes::Mistake>& mistakes)
{
    QHash<QString, QStringList> mine;
    QStringList others;
    for (const changes::Mistake& mistake : mistakes) {
        const QString id = mistake.place.section(u'.', 1);
        const bool parameter = mistake.step < 0 && mistake.place.startsWith(u"parameters."_s);
        if (parameter && m_rows.contains(id))
            mine[id] << mistake.message;
        else if (!parameter || !m_hidden.contains(id))
            others << mistake.text();
    }
    for (auto it = m_rows.begin(); it != m_rows.end(); ++it) {
        // What was not reached yet is no mistake of the person's.
        QPalette colours = palette();
        colours.setColor(QPalette::WindowText,
                         Theme::of(this).color(m_given.contains(it.key()) ? Theme::Token::Bad : Theme::Token::Muted));
        it->mistake->setPalette(colours);
        it->mistake->setText(mine.value(it.key()).join(u"; "_s));
        it->mistake->setVisible(mine.contains(it.key()));
    }
    return others;
}

} // namespace wk::widgets
