// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/FormFields.h"

#include "widgets/changes/plan/FormRows.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/common/Theme.h"

#include <QtCore/QRegularExpression>
#include <QtGui/QIntValidator>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDateTimeEdit>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::RequestFields;

namespace {

constexpr int textHeight = 68; ///< three lines
constexpr int maxTitle = 200, minTitle = 3;

QString testTitle(const QString& test)
{
    return test == u"unit"          ? FormFields::tr("Unit tests passed")
           : test == u"integration" ? FormFields::tr("Integration tests passed")
           : test == u"load"        ? FormFields::tr("Load tests passed")
                                    : FormFields::tr("Security tests passed");
}

} // namespace

FormFields::FormFields(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(16);
    m_form->setVerticalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    build();
}

void FormFields::build()
{
    m_title = addLine(u"Title"_s, tr("Title"), tr("[service] - what is changed"));
    m_type = addChoice(u"Type"_s, tr("Type"),
                       {{u"deployment"_s, typeWords(u"deployment"_s)},
                        {u"configuration"_s, typeWords(u"configuration"_s)},
                        {u"infrastructure"_s, typeWords(u"infrastructure"_s)},
                        {u"security"_s, typeWords(u"security"_s)}});
    m_risk =
        addChoice(u"Risk"_s, tr("Risk"), {{u"low"_s, tr("Low")}, {u"medium"_s, tr("Medium")}, {u"high"_s, tr("High")}});
    m_what = addText(u"What"_s, tr("What is changing"), {});
    m_why = addText(u"Why"_s, tr("Why"), tr("what was measured, who asked for it"));
    m_impact = addText(u"Impact"_s, tr("Business impact"), tr("who notices, and what they notice"));
    addTests();
    m_tests = addText(u"Tests"_s, tr("About the tests"), tr("where their results are"));
    m_rollback = addText(u"Rollback"_s, tr("How to roll back"), {});
    m_minutes = addLine(u"Minutes"_s, tr("Rollback takes, min"), {});
    m_minutes->setValidator(new QIntValidator(0, 100'000, m_minutes));
    m_minutes->setMaximumWidth(160);
    m_recovery = addText(u"Recovery"_s, tr("Data recovery"), tr("what has to be restored, and from where"));
    addTimes();
    m_incident = addLine(u"Incident"_s, tr("Incident or ticket"), {});
    m_incident->setMaximumWidth(320);
}

void FormFields::addRow(const QString& id, const QString& label, QWidget* editor)
{
    if (editor->objectName().isEmpty())
        editor->setObjectName(u"field"_s + id);
    editor->setAccessibleName(label);
    auto* cell = new QWidget(this);
    auto* column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(editor);
    auto* problem = new QLabel(cell);
    problem->setObjectName(u"problem-"_s + id);
    problem->setTextFormat(Qt::PlainText);
    problem->setWordWrap(true);
    problem->hide();
    column->addWidget(problem);
    m_problems.insert(id, problem);
    m_form->addRow(label, cell);
    levelLabel(m_form, cell, pageLabelWidth);
}

QLineEdit* FormFields::addLine(const QString& id, const QString& label, const QString& hint)
{
    auto* edit = new QLineEdit(this);
    edit->setPlaceholderText(hint);
    connect(edit, &QLineEdit::textChanged, this, [this, id] { touched(id); });
    addRow(id, label, edit);
    return edit;
}

QPlainTextEdit* FormFields::addText(const QString& id, const QString& label, const QString& hint)
{
    auto* edit = new QPlainTextEdit(this);
    edit->setPlaceholderText(hint);
    edit->setFixedHeight(textHeight);
    edit->setTabChangesFocus(true);
    edit->setProperty("field", true);
    connect(edit, &QPlainTextEdit::textChanged, this, [this, id] { touched(id); });
    addRow(id, label, edit);
    return edit;
}

QComboBox* FormFields::addChoice(const QString& id, const QString& label,
                                 const QList<std::pair<QString, QString>>& choices)
{
    auto* combo = new QComboBox(this);
    for (const auto& [value, title] : choices)
        combo->addItem(title, value);
    combo->setMaximumWidth(320);
    connect(combo, &QComboBox::currentIndexChanged, this, [this, id] { touched(id); });
    addRow(id, label, combo);
    return combo;
}

void FormFields::addTests()
{
    auto* box = new QWidget(this);
    auto* row = new QGridLayout(box);
    row->setContentsMargins(0, 2, 0, 2);
    row->setHorizontalSpacing(24);
    int i = 0;
    for (const QString& test : RequestFields::knownTests()) {
        auto* check = new QCheckBox(testTitle(test), box);
        check->setObjectName(u"test-"_s + test);
        connect(check, &QCheckBox::toggled, this, [this] { touched(u"Passed"_s); });
        m_passed.insert(test, check);
        row->addWidget(check, i / 2, i % 2);
        ++i;
    }
    row->setColumnStretch(2, 1);
    addRow(u"Passed"_s, tr("Testing"), box);
}

void FormFields::addTimes()
{
    auto* box = new QWidget(this);
    m_timed = new QCheckBox(tr("only between"), box);
    m_timed->setObjectName(u"fieldTimed"_s);
    m_from = new QDateTimeEdit(box);
    m_until = new QDateTimeEdit(box);
    m_from->setObjectName(u"fieldFrom"_s);
    m_until->setObjectName(u"fieldUntil"_s);
    m_from->setAccessibleName(tr("Not before"));
    m_until->setAccessibleName(tr("Not after"));
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_timed);
    row->addWidget(m_from);
    row->addWidget(new QLabel(tr("and"), box));
    row->addWidget(m_until);
    row->addStretch(1);
    for (QDateTimeEdit* edit : {m_from, m_until}) {
        edit->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
        edit->setCalendarPopup(true);
        edit->setEnabled(false);
        connect(m_timed, &QCheckBox::toggled, edit, &QWidget::setEnabled);
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, [this] { touched(u"Times"_s); });
    }
    connect(m_timed, &QCheckBox::toggled, this, [this] { touched(u"Times"_s); });
    addRow(u"Times"_s, tr("Carry out"), box);
}

void FormFields::touched(const QString& id)
{
    if (m_applying)
        return;
    m_touched.insert(id);
    emit edited();
}

void FormFields::setFields(const RequestFields& fields)
{
    m_touched.clear();
    apply(fields, false);
}

void FormFields::prefill(const RequestFields& fields) { apply(fields, true); }

void FormFields::apply(const RequestFields& f, bool onlyUntouched)
{
    m_applying = true;
    const auto free = [&](const QString& id) { return !onlyUntouched || !m_touched.contains(id); };
    const auto line = [&](const QString& id, QLineEdit* edit, const QString& text) {
        if (free(id) && edit->text() != text)
            edit->setText(text);
    };
    const auto text = [&](const QString& id, QPlainTextEdit* edit, const QString& value) {
        if (free(id) && edit->toPlainText() != value)
            edit->setPlainText(value);
    };
    line(u"Title"_s, m_title, f.title);
    line(u"Minutes"_s, m_minutes, f.rollbackMinutes < 0 ? QString() : QString::number(f.rollbackMinutes));
    line(u"Incident"_s, m_incident, f.incident);
    text(u"What"_s, m_what, f.what);
    text(u"Why"_s, m_why, f.why);
    text(u"Impact"_s, m_impact, f.impact);
    text(u"Tests"_s, m_tests, f.tests);
    text(u"Rollback"_s, m_rollback, f.rollbackPlan);
    text(u"Recovery"_s, m_recovery, f.dataRecovery);
    if (free(u"Type"_s))
        m_type->setCurrentIndex(std::max(0, m_type->findData(f.type)));
    if (free(u"Risk"_s))
        m_risk->setCurrentIndex(m_risk->findData(changes::riskName(f.risk)));
    if (free(u"Passed"_s))
        for (auto it = m_passed.cbegin(); it != m_passed.cend(); ++it)
            it.value()->setChecked(f.testsPassed.contains(it.key()));
    if (free(u"Times"_s)) {
        m_timed->setChecked(f.notBefore || f.notAfter);
        const QDateTime next = QDateTime::currentDateTime().addSecs(3600);
        m_from->setDateTime(f.notBefore ? f.notBefore->toLocalTime() : next);
        m_until->setDateTime(f.notAfter ? f.notAfter->toLocalTime() : next.addSecs(7200));
    }
    m_applying = false;
}

RequestFields FormFields::fields(RequestFields base) const
{
    base.title = m_title->text().trimmed();
    base.type = m_type->currentData().toString();
    base.risk = *changes::riskOf(m_risk->currentData().toString());
    base.what = m_what->toPlainText().trimmed();
    base.why = m_why->toPlainText().trimmed();
    base.impact = m_impact->toPlainText().trimmed();
    base.tests = m_tests->toPlainText().trimmed();
    base.testsPassed.clear();
    for (const QString& test : RequestFields::knownTests())
        if (m_passed.value(test)->isChecked())
            base.testsPassed << test;
    base.rollbackPlan = m_rollback->toPlainText().trimmed();
    base.rollbackMinutes = m_minutes->text().isEmpty() ? -1 : m_minutes->text().toInt();
    base.dataRecovery = m_recovery->toPlainText().trimmed();
    base.incident = m_incident->text().trimmed();
    base.notBefore = m_timed->isChecked() ? changes::Moment(m_from->dateTime().toUTC()) : std::nullopt;
    base.notAfter = m_timed->isChecked() ? changes::Moment(m_until->dateTime().toUTC()) : std::nullopt;
    return base;
}

void FormFields::setProblem(const QString& id, const QString& sentence, bool isError)
{
    QLabel* label = m_problems.value(id);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(this).color(isError ? Theme::Token::Bad : Theme::Token::Warning));
    label->setPalette(colours);
    label->setText(sentence);
    label->setVisible(!sentence.isEmpty());
}

bool FormFields::judge(bool complete)
{
    const RequestFields f = fields({});
    const auto missing = [&](const QString& text) {
        return complete && text.isEmpty() ? tr("Those who approve it will ask for this.") : QString();
    };
    QString title;
    const bool badTitle = f.title.size() < minTitle || f.title.size() > maxTitle;
    static const QRegularExpression usual(u"^\\[[^\\]]+\\] - \\S"_s);
    if (badTitle)
        title = tr("A title has %1 to %2 characters.").arg(minTitle).arg(maxTitle);
    else if (complete && !usual.match(f.title).hasMatch())
        title = tr("Titles are written as \"[service] - what is changed\".");
    setProblem(u"Title"_s, complete || !f.title.isEmpty() ? title : QString(), badTitle);
    setProblem(u"What"_s, missing(f.what), false);
    setProblem(u"Why"_s, missing(f.why), false);
    setProblem(u"Impact"_s, missing(f.impact), false);
    setProblem(u"Rollback"_s, missing(f.rollbackPlan), false);
    setProblem(u"Minutes"_s, complete && f.rollbackMinutes < 0 ? missing({}) : QString(), false);
    setProblem(u"Recovery"_s, missing(f.dataRecovery), false);
    const bool badTimes = f.notBefore && *f.notBefore >= *f.notAfter;
    setProblem(u"Times"_s, badTimes ? tr("The end has to be later than the beginning.") : QString(), true);
    return !badTitle && !badTimes;
}

void FormFields::focusFirst() { m_title->setFocus(); }

} // namespace wk::widgets
