// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/PairRow.h"

#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QToolButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

constexpr int lineHeight = 28, mostLines = 8, nameWidth = 200;

/// {"secretKeyRef": {"name", "key"}} and the like.
QJsonObject reference(const QString& member, const QString& text)
{
    return {{member, QJsonObject{{u"name"_s, text.section(u'/', 0, 0)}, {u"key"_s, text.section(u'/', 1)}}}};
}

QString referenceText(const QJsonObject& from, const QString& member)
{
    const QJsonObject to = from.value(member).toObject();
    return to.value("name"_L1).toString() + u'/' + to.value("key"_L1).toString();
}

} // namespace

PairRow::PairRow(const QString& name, const QJsonValue& now, bool references, QWidget* parent)
    : QWidget(parent), m_now(now)
{
    build(name, references);
    showNow();
    connect(m_name, &QLineEdit::textChanged, this, &PairRow::edited);
    connect(m_value, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        emit edited();
    });
    if (m_source)
        connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
            m_value->setPlaceholderText(source() == Source::Text ? QString() : tr("its name/the key"));
            emit edited();
        });
    connect(m_remove, &QToolButton::clicked, this, [this] {
        if (isNew())
            emit dropped();
        else
            setRemoved(!m_removed);
    });
}

void PairRow::build(const QString& name, bool references)
{
    m_name = new QLineEdit(name, this);
    m_name->setObjectName(u"pairName"_s);
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("name"));
    m_name->setReadOnly(!isNew());
    m_name->setToolTip(isNew() ? QString() : name);
    m_name->setCursorPosition(0);
    m_name->setFixedWidth(nameWidth);
    m_value = new QPlainTextEdit(this);
    m_value->setObjectName(u"pairValue"_s);
    m_value->setAccessibleName(tr("Value of %1").arg(name));
    m_value->setTabChangesFocus(true);
    m_value->setProperty("field", true);
    m_value->setFont(Theme::of(this).font(Theme::Role::Mono));
    m_value->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_value->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_remove = new QToolButton(this);
    m_remove->setObjectName(u"pairRemove"_s);
    m_remove->setAutoRaise(true);
    m_remove->setIcon(icon(u"close"));
    m_remove->setToolTip(tr("Take %1 away").arg(name));
    m_remove->setAccessibleName(m_remove->toolTip());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_name, 0, Qt::AlignTop);
    if (references) {
        m_source = new QComboBox(this);
        m_source->setObjectName(u"pairSource"_s);
        m_source->setAccessibleName(tr("Where the value comes from"));
        m_source->addItem(tr("text"), int(Source::Text));
        m_source->addItem(tr("secret"), int(Source::Secret));
        m_source->addItem(tr("config map"), int(Source::ConfigMap));
        row->addWidget(m_source, 0, Qt::AlignTop);
    }
    row->addWidget(m_value, 1);
    row->addWidget(m_remove, 0, Qt::AlignTop);
}

void PairRow::showNow()
{
    if (m_now.isObject() && m_source) {
        const QJsonObject from = m_now.toObject();
        if (from.contains("secretKeyRef"_L1) || from.contains("configMapKeyRef"_L1)) {
            const bool secret = from.contains("secretKeyRef"_L1);
            m_source->setCurrentIndex(secret ? 1 : 2);
            m_value->setPlainText(referenceText(from, secret ? u"secretKeyRef"_s : u"configMapKeyRef"_s));
        } else {
            m_source->addItem(tr("the pod"), int(Source::Other));
            m_source->setCurrentIndex(3);
            m_source->setEnabled(false);
            m_value->setPlainText(QString::fromUtf8(QJsonDocument(from).toJson(QJsonDocument::Compact)));
            m_value->setReadOnly(true);
        }
    } else {
        m_value->setPlainText(m_now.toString());
    }
    fitHeight();
}

void PairRow::fitHeight()
{
    const int lines = std::clamp(m_value->blockCount(), 1, mostLines);
    m_value->setVerticalScrollBarPolicy(m_value->blockCount() > mostLines ? Qt::ScrollBarAsNeeded
                                                                          : Qt::ScrollBarAlwaysOff);
    m_value->setFixedHeight(lineHeight + (lines - 1) * m_value->fontMetrics().lineSpacing());
}

PairRow::Source PairRow::source() const { return m_source ? Source(m_source->currentData().toInt()) : Source::Text; }

QString PairRow::name() const { return m_name->text().trimmed(); }

QJsonValue PairRow::value() const
{
    const QString text = m_value->toPlainText();
    switch (source()) {
    case Source::Text: return text;
    case Source::Other: return m_now;
    case Source::Secret:
    case Source::ConfigMap: break;
    }
    const bool secret = source() == Source::Secret;
    const QJsonObject made = reference(secret ? u"secretKeyRef"_s : u"configMapKeyRef"_s, text.trimmed());
    // What else a reference says ("optional") stays while it names the same.
    if (m_now.isObject() && referenceText(m_now.toObject(), made.begin().key()) == text.trimmed())
        return m_now;
    return made;
}

void PairRow::setText(const QString& text) { m_value->setPlainText(text); }
void PairRow::focusName() { m_name->setFocus(); }

void PairRow::setRemoved(bool removed)
{
    if (m_removed == removed)
        return;
    m_removed = removed;
    QFont font = m_name->font();
    font.setStrikeOut(removed);
    m_name->setFont(font);
    m_value->setEnabled(!removed);
    if (m_source)
        m_source->setEnabled(!removed && source() != Source::Other);
    m_remove->setIcon(removed ? icon(u"refresh") : icon(u"close"));
    m_remove->setToolTip(removed ? tr("Keep %1").arg(name()) : tr("Take %1 away").arg(name()));
    m_remove->setAccessibleName(m_remove->toolTip());
    emit edited();
}

} // namespace wk::widgets
