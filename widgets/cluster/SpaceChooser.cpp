// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/SpaceChooser.h"

#include <QtWidgets/QLineEdit>

namespace wk::widgets {

using namespace Qt::StringLiterals;

SpaceChooser::SpaceChooser(QWidget* parent) : QComboBox(parent)
{
    setObjectName(u"spaceChooser"_s);
    setAccessibleName(tr("Namespace"));
    setToolTip(tr("Show one namespace, or all of them"));
    setInsertPolicy(QComboBox::NoInsert);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(16);
    setMinimumWidth(120); // gives way where the detail leaves the table little room
    setMaxVisibleItems(24);
    refill();
    connect(this, &QComboBox::activated, this, [this](int index) { choose(itemData(index).toString()); });
}

void SpaceChooser::setNamespaces(std::shared_ptr<table::TableSource> namespaces)
{
    if (m_namespaces)
        m_namespaces->disconnect(this);
    m_namespaces = std::move(namespaces);
    if (m_namespaces) {
        connect(m_namespaces.get(), &table::TableSource::changed, this, [this](const table::Batch& batch) {
            // A namespace that only changed its state needs no new list.
            const bool added = std::any_of(batch.upserts.begin(), batch.upserts.end(),
                                           [this](const table::RowPtr& row) { return findData(row->name) < 0; });
            if (batch.reset || added || !batch.removed.empty())
                refill();
        });
        connect(m_namespaces.get(), &table::TableSource::freshnessChanged, this, &SpaceChooser::refill);
    }
    refill();
}

void SpaceChooser::setSpace(const QString& space)
{
    m_space = space;
    refill();
}

void SpaceChooser::refill()
{
    const QSignalBlocker blocker(this);
    QStringList names;
    bool typed = false;
    if (m_namespaces) {
        for (const table::RowPtr& row : m_namespaces->rows())
            names.append(row->name);
        using State = table::Freshness::State;
        const State state = m_namespaces->freshness().state;
        typed = state == State::Unavailable || state == State::Failed;
    }
    if (!m_space.isEmpty() && !names.contains(m_space))
        names.append(m_space);
    names.sort(Qt::CaseInsensitive);
    if (isEditable() != typed) {
        setEditable(typed);
        if (typed) {
            lineEdit()->setPlaceholderText(tr("Type a namespace"));
            lineEdit()->setAccessibleName(tr("Namespace"));
            connect(lineEdit(), &QLineEdit::returnPressed, this, [this] {
                const QString text = lineEdit()->text().trimmed();
                choose(text == itemText(0) ? QString() : text);
            });
        }
    }
    clear();
    addItem(tr("All namespaces"), QString());
    for (const QString& name : std::as_const(names))
        addItem(name, name);
    setCurrentIndex(std::max(0, m_space.isEmpty() ? 0 : findData(m_space)));
}

void SpaceChooser::choose(const QString& space)
{
    if (space == m_space)
        return;
    setSpace(space);
    emit spaceChosen(space);
}

} // namespace wk::widgets
