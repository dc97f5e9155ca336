// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/PairEditor.h"

#include "widgets/changes/plan/PairRow.h"

#include <QtCore/QJsonObject>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int tallest = 230, rowHeight = 32;

} // namespace

PairEditor::PairEditor(const changes::ActionField& field, QWidget* parent) : QWidget(parent), m_field(field)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    if (!field.choices.isEmpty()) {
        m_presets = new QComboBox(this);
        m_presets->setObjectName(u"pairsPreset"_s);
        m_presets->setAccessibleName(tr("%1, as a whole").arg(field.label));
        m_presets->setPlaceholderText(tr("choose a version"));
        m_presets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        for (const auto& choice : field.choices)
            m_presets->addItem(choice.title, choice.value.toObject().toVariantMap());
        const auto now = std::ranges::find(field.choices, field.now, &changes::ActionField::Choice::value);
        m_presets->setCurrentIndex(now == field.choices.end() ? -1 : int(now - field.choices.begin()));
        connect(m_presets, &QComboBox::activated, this,
                [this](int row) { take(m_field.choices.at(row).value.toObject()); });
        layout->addWidget(m_presets);
    }
    auto* content = new QWidget(this);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(4);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    const QJsonObject now = field.now.toObject();
    for (auto it = now.begin(); it != now.end(); ++it)
        addRow(it.key(), it.value());
    m_column->addStretch(1);
    scroll->setMinimumHeight(std::min<int>(tallest, int(std::max<qsizetype>(now.size(), 2)) * rowHeight));
    layout->addWidget(scroll, 1);
    auto* add = new QPushButton(tr("Add one"), this);
    add->setObjectName(u"pairsAdd"_s);
    connect(add, &QPushButton::clicked, this, [this, scroll] {
        PairRow* row = addRow({}, QJsonValue::Undefined);
        row->focusName();
        QMetaObject::invokeMethod(
            scroll, [scroll, row] { scroll->ensureWidgetVisible(row); }, Qt::QueuedConnection);
    });
    layout->addWidget(add, 0, Qt::AlignLeft);
}

PairRow* PairEditor::addRow(const QString& name, const QJsonValue& now)
{
    auto* row = new PairRow(name, now, m_field.references, this);
    m_column->insertWidget(int(m_rows.size()), row);
    m_rows << row;
    connect(row, &PairRow::edited, this, &PairEditor::edited);
    connect(row, &PairRow::dropped, this, [this, row] {
        m_rows.removeOne(row);
        row->hide();
        row->deleteLater();
        emit edited();
    });
    return row;
}

/// These and no others.
void PairEditor::take(const QJsonObject& whole)
{
    QStringList there;
    for (PairRow* row : std::as_const(m_rows)) {
        there << row->name();
        row->setRemoved(!row->isNew() && !whole.contains(row->name()));
        if (whole.contains(row->name()))
            row->setText(whole.value(row->name()).toString());
    }
    for (auto it = whole.begin(); it != whole.end(); ++it)
        if (!there.contains(it.key()))
            addRow(it.key(), QJsonValue::Undefined)->setText(it.value().toString());
    emit edited();
}

PairEditor::Changes PairEditor::changes() const
{
    Changes out;
    for (const PairRow* row : m_rows) {
        if (row->isRemoved())
            out.removed << row->name();
        else if (!row->name().isEmpty() && row->isChanged())
            out.set.insert(row->name(), row->value());
    }
    return out;
}

} // namespace wk::widgets
