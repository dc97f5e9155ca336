// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/WindowDialog.h"

#include <QtCore/QLocale>
#include <QtCore/QTimeZone>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDateTimeEdit>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLineEdit>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::TimeWindow;

namespace {

/// Every name once that something open is about, "*" first.
QStringList platformsOf(const changes::ChangeDesk& desk)
{
    QStringList out;
    for (const auto& request : desk.rows())
        out << request.platform;
    for (const auto& policy : desk.policies())
        out << policy.platform;
    for (const auto& window : desk.windows())
        out << window.platform;
    out.removeAll(u"*"_s);
    out.sort();
    out.removeDuplicates();
    out.prepend(u"*"_s);
    return out;
}

TimeWindow firstWindow(const QDate& day)
{
    TimeWindow out;
    out.freeze = true;
    out.starts = QDateTime(day, QTime(18, 0)).toUTC();
    out.ends = QDateTime(day.addDays(1), QTime(6, 0)).toUTC();
    out.zone = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    out.from = u"22:00"_s;
    out.to = u"02:00"_s;
    return out;
}

/// A name, or every one where nothing is written.
QString orAll(const QString& text) { return text.trimmed().isEmpty() ? u"*"_s : text.trimmed(); }

} // namespace

WindowDialog::WindowDialog(changes::ChangeDesk& desk, const std::optional<TimeWindow>& before, const QDate& day,
                           QWidget* parent)
    : RuleDialog(before ? tr("Change window %1").arg(before->id) : tr("New window"),
                 before ? tr("The window ends and the one below takes its place; the record keeps both.")
                        : tr("During a freeze nothing it covers is changed. What a maintenance window covers is "
                             "changed inside one only."),
                 before ? tr("Change the window") : tr("Set the window"), parent),
      m_desk(desk), m_replaces(before ? before->id : 0)
{
    setObjectName(u"windowDialog"_s);
    buildScope();
    buildTimes();
    addReason(before ? 3 : 0);
    fill(before.value_or(firstWindow(day)));
}

void WindowDialog::buildScope()
{
    m_kind = new QComboBox(this);
    m_kind->addItem(tr("Freeze"), true);
    m_kind->addItem(tr("Maintenance"), false);
    m_name = new QLineEdit(this);
    m_name->setMaxLength(200);
    m_name->setPlaceholderText(tr("what people know it as"));
    m_platform = new QComboBox(this);
    m_platform->setEditable(true);
    m_platform->addItems(platformsOf(m_desk));
    m_cluster = new QLineEdit(this);
    m_space = new QLineEdit(this);
    for (QLineEdit* edit : {m_cluster, m_space})
        edit->setPlaceholderText(tr("every one"));
    addRow(tr("Kind"), m_kind, u"windowKind"_s);
    addRow(tr("Name"), m_name, u"windowName"_s);
    addRow(tr("Platform"), m_platform, u"windowPlatform"_s);
    addRow(tr("Cluster"), m_cluster, u"windowCluster"_s);
    addRow(tr("Namespace"), m_space, u"windowNamespace"_s);
    for (QLineEdit* edit : {m_name, m_cluster, m_space})
        connect(edit, &QLineEdit::textChanged, this, &WindowDialog::judge);
}

void WindowDialog::buildTimes()
{
    m_repeat = new QComboBox(this);
    m_repeat->addItem(tr("Once"), false);
    m_repeat->addItem(tr("Every week"), true);
    addRow(tr("When"), m_repeat, u"windowRepeat"_s);
    m_from = new QDateTimeEdit(this);
    m_until = new QDateTimeEdit(this);
    for (QDateTimeEdit* edit : {m_from, m_until}) {
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &WindowDialog::judge);
    }
    addRow(tr("From"), m_from, u"windowFrom"_s);
    addRow(tr("Until"), m_until, u"windowUntil"_s);
    m_days = new QWidget(this);
    auto* row = new QHBoxLayout(m_days);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    for (int day = 1; day <= 7; ++day) {
        auto* box = new QCheckBox(QLocale().dayName(day, QLocale::ShortFormat), m_days);
        box->setObjectName(u"windowDay%1"_s.arg(day));
        connect(box, &QCheckBox::toggled, this, &WindowDialog::judge);
        row->addWidget(box);
        m_day << box;
    }
    row->addStretch(1);
    addRow(tr("Days"), m_days, u"windowDays"_s);
    m_begin = new QTimeEdit(this);
    m_end = new QTimeEdit(this);
    for (QTimeEdit* edit : {m_begin, m_end}) {
        edit->setDisplayFormat(u"HH:mm"_s);
        edit->setButtonSymbols(QAbstractSpinBox::NoButtons);
    }
    addRow(tr("Begins"), m_begin, u"windowBegin"_s);
    addRow(tr("Ends"), m_end, u"windowEnd"_s);
    m_zone = new QComboBox(this);
    m_zone->setEditable(true);
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds())
        m_zone->addItem(QString::fromLatin1(id));
    addRow(tr("Time zone"), m_zone, u"windowZone"_s);
    connect(m_repeat, &QComboBox::currentIndexChanged, this, &WindowDialog::showRepeat);
}

void WindowDialog::fill(const TimeWindow& window)
{
    m_kind->setCurrentIndex(m_kind->findData(window.freeze));
    m_name->setText(window.name);
    m_platform->setCurrentText(window.platform);
    m_cluster->setText(window.cluster == u"*" ? QString() : window.cluster);
    m_space->setText(window.space == u"*" ? QString() : window.space);
    m_repeat->setCurrentIndex(m_repeat->findData(!window.days.isEmpty()));
    const TimeWindow first = firstWindow(QDate::currentDate());
    m_from->setDateTime(window.starts.value_or(*first.starts).toLocalTime());
    m_until->setDateTime(window.ends.value_or(*first.ends).toLocalTime());
    for (int day = 1; day <= 7; ++day)
        m_day[day - 1]->setChecked(window.days.contains(day));
    m_begin->setTime(QTime::fromString(window.from.isEmpty() ? first.from : window.from, u"HH:mm"_s));
    m_end->setTime(QTime::fromString(window.to.isEmpty() ? first.to : window.to, u"HH:mm"_s));
    m_zone->setCurrentText(window.zone);
    showRepeat();
}

bool WindowDialog::isWeekly() const { return m_repeat->currentData().toBool(); }

void WindowDialog::showRepeat()
{
    const bool weekly = isWeekly();
    const auto shown = [this](QWidget* field, bool visible) {
        field->setVisible(visible);
        form()->labelForField(field)->setVisible(visible);
    };
    for (QWidget* field : {static_cast<QWidget*>(m_from), static_cast<QWidget*>(m_until)})
        shown(field, !weekly);
    for (QWidget* field :
         {m_days, static_cast<QWidget*>(m_begin), static_cast<QWidget*>(m_end), static_cast<QWidget*>(m_zone)})
        shown(field, weekly);
    adjustSize();
    judge();
}

TimeWindow WindowDialog::window() const
{
    TimeWindow out;
    out.freeze = m_kind->currentData().toBool();
    out.name = m_name->text().trimmed();
    out.platform = orAll(m_platform->currentText());
    out.cluster = orAll(m_cluster->text());
    out.space = orAll(m_space->text());
    out.zone = m_zone->currentText().trimmed();
    if (!isWeekly()) {
        out.starts = m_from->dateTime().toUTC();
        out.ends = m_until->dateTime().toUTC();
        return out;
    }
    for (int day = 1; day <= 7; ++day)
        if (m_day[day - 1]->isChecked())
            out.days << day;
    out.from = m_begin->time().toString(u"HH:mm"_s);
    out.to = m_end->time().toString(u"HH:mm"_s);
    return out;
}

QString WindowDialog::missing() const
{
    const TimeWindow wanted = window();
    if (wanted.name.isEmpty())
        return tr("Give it a name.");
    if (isWeekly() && wanted.days.isEmpty())
        return tr("Choose at least one day.");
    if (!isWeekly() && *wanted.starts >= *wanted.ends)
        return tr("The end has to be later than the beginning.");
    return {};
}

changes::ChangeDesk::Written WindowDialog::write(const QString& reason)
{
    return m_desk.setWindow(window(), reason, m_replaces);
}

EndWindowDialog::EndWindowDialog(changes::ChangeDesk& desk, const TimeWindow& window, QWidget* parent)
    : RuleDialog(tr("End window %1").arg(window.id),
                 window.freeze
                     ? tr("The freeze \"%1\" ends now: what it kept from running may run again.").arg(window.name)
                     : tr("The maintenance window \"%1\" ends now. What no other one covers may then be "
                          "changed at any time.")
                           .arg(window.name),
                 tr("End the window"), parent),
      m_desk(desk), m_id(window.id)
{
    setObjectName(u"endWindowDialog"_s);
    addReason(3);
    judge();
}

changes::ChangeDesk::Written EndWindowDialog::write(const QString& reason) { return m_desk.endWindow(m_id, reason); }

} // namespace wk::widgets
