// SPDX-License-Identifier: GPL-3.0-or-later
// The plan of a request form, and where it goes.
#include "changes/desk/ChangeDesk.h"
#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/plan/ParameterForm.h"
#include "widgets/changes/requests/RequestForm.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::PlanTemplate;
using changes::TemplateField;
using Type = changes::TemplateParameter::Type;

void RequestForm::makePlan()
{
    const auto chosen = chosenTemplate();
    m_parameters->setVisible(chosen != nullptr);
    m_summary->setVisible(chosen != nullptr);
    m_text->setVisible(chosen == nullptr);
    m_planMistakes.clear();
    if (chosen)
        makeFromTemplate(*chosen);
    else
        makeFromText();
    m_words->setText(m_plan ? m_plan->words().join(u'\n') : QString());
    m_words->setVisible(m_plan.has_value());
    judge();
}

void RequestForm::makeFromTemplate(const PlanTemplate& chosen)
{
    m_plan.reset();
    m_summary->setText(chosen.spec().summary);
    const auto where = platform();
    if (!where)
        return;
    QJsonObject given = m_parameters->given();
    const auto fields = chosen.form(*where, given);
    m_parameters->setFields(fields);
    wantLive(chosen, fields);
    for (auto it = m_live.begin(); it != m_live.end(); ++it)
        given.insert(it.key(), it.value());
    const auto form = chosen.fields(*where, given);
    if (form) {
        changes::RequestFields prefilled = *form;
        if (prefilled.incident.isEmpty())
            prefilled.incident = m_kept.incident;
        m_fields->prefill(prefilled);
        m_kept.templateName = form->templateName;
        m_kept.templateParameters = form->templateParameters;
    }
    const auto made = chosen.make(*where, given);
    m_parameters->setMistakes({});
    if (made)
        m_plan = *made;
    else
        m_planMistakes = m_parameters->setMistakes(made.error().list());
    if (!m_liveError.isEmpty())
        m_planMistakes << m_liveError;
}

void RequestForm::makeFromText()
{
    m_kept.templateName.clear();
    m_kept.templateParameters = {};
    const auto made = changes::Plan::parse(m_text->toPlainText().toUtf8());
    if (made) {
        m_plan = *made;
        return;
    }
    m_plan.reset();
    for (const changes::Mistake& mistake : made.error().list())
        m_planMistakes << mistake.text();
}

/// Where a template copies a workload as it runs now, that is read from its cluster.
void RequestForm::wantLive(const PlanTemplate& chosen, const QList<TemplateField>& fields)
{
    for (const TemplateField& field : fields) {
        if (field.parameter.type != Type::Live)
            continue;
        const auto of =
            std::ranges::find(fields, field.parameter.of, [](const TemplateField& f) { return f.parameter.id; });
        const QString workload = of == fields.end() ? QString() : of->value.toString();
        const QString key = chosen.name() + u' ' + m_platform->currentData().toString() + u' ' + workload;
        if (workload.isEmpty() || m_liveOf == key)
            continue;
        m_liveOf = key;
        m_live = {};
        m_liveError = tr("Reading %1 as it runs now").arg(workload.section(u'/', -1));
        whenDone(m_means.liveWorkload(*platform(), workload), this,
                 [this, key, id = field.parameter.id](const Result<QJsonObject>& answer) {
                     if (m_liveOf != key)
                         return;
                     m_liveError = answer ? QString() : answer.error().text();
                     if (answer)
                         m_live.insert(id, *answer);
                     makePlan();
                 });
    }
}

void RequestForm::judge()
{
    const bool fine = m_fields->judge(m_dirty);
    QPalette red = palette();
    red.setColor(QPalette::WindowText, Theme::of(this).color(Theme::Token::Bad));
    m_mistakes->setPalette(red);
    m_mistakes->setText(m_planMistakes.join(u'\n'));
    m_mistakes->setVisible(!m_planMistakes.isEmpty());
    m_discard->setVisible(m_dirty);
    const QString why = !m_plan && !m_isRecord ? tr("The plan is not complete yet.")
                        : !fine                ? tr("Something in the form is not right yet.")
                                               : QString();
    for (QPushButton* button : {m_save, m_submit}) {
        button->setEnabled(why.isEmpty() && !m_busy);
        button->setToolTip(why);
    }
}

void RequestForm::discard()
{
    reset();
    emit left();
}

void RequestForm::setBusy(bool busy)
{
    m_busy = busy;
    m_back->setEnabled(!busy);
    judge();
}

void RequestForm::save(bool submit)
{
    if (m_busy || (!m_plan && !m_isRecord))
        return;
    setBusy(true);
    if (m_isRecord)
        return write(submit);
    const QByteArray asked = m_plan->sha256();
    whenDone(m_means.bound(*m_plan), this, [this, submit, asked](const Result<changes::BoundPlan>& bound) {
        const bool isStill = m_plan && m_plan->sha256() == asked;
        const auto unbound = bound ? bound->error() : bound.error();
        if (isStill && (!unbound || m_unbound == asked)) {
            if (bound)
                m_plan = bound->plan;
            return write(submit);
        }
        setBusy(false);
        if (!isStill)
            return;
        m_unbound = asked; // said once: who presses again means it
        m_planMistakes = {unbound->text(),
                          tr("Press again to file it unbound: it then runs whatever has become of its objects.")};
        judge();
    });
}

void RequestForm::write(bool submit)
{
    const changes::RequestFields fields = m_fields->fields(m_kept);
    const auto written = m_isRecord      ? m_desk.createRecord(fields, m_platform->currentData().toString())
                         : m_number == 0 ? m_desk.create(fields, *m_plan)
                                         : m_desk.edit(m_number, m_revision, fields, *m_plan);
    whenDone(written, this, [this, submit](const Result<qint64>& answer) {
        setBusy(false);
        if (answer) {
            finish(*answer, submit);
            return;
        }
        m_planMistakes = {answer.error().text()};
        judge();
    });
}

void RequestForm::finish(qint64 number, bool submit)
{
    m_dirty = false;
    const int revision = m_number == 0 ? 1 : m_revision + 1;
    m_number = number;
    m_revision = revision;
    if (!submit) {
        emit notice(tr("Request %1 is saved as a draft").arg(number));
        emit saved(number);
        return;
    }
    if (m_plan)
        return sendIn(number, revision, m_plan->sha256());
    // The store wrote down a plan without steps: what is submitted is that.
    whenDone(m_desk.detail(number), this, [this, number, revision](const Result<changes::RequestDetail>& detail) {
        if (detail)
            sendIn(number, revision, detail->summary.sha256);
        else
            tellSubmitted(number, fail(detail.error()));
    });
}

void RequestForm::sendIn(qint64 number, int revision, const QByteArray& sha256)
{
    whenDone(m_desk.submit(number, revision, sha256), this,
             [this, number](const Result<qint64>& answer) { tellSubmitted(number, answer); });
}

/// The draft is there either way; why it was not submitted is said beside it.
void RequestForm::tellSubmitted(qint64 number, const Result<qint64>& answer)
{
    emit notice(answer ? tr("Request %1 is submitted").arg(number)
                       : tr("Request %1 is saved, not submitted: %2").arg(number).arg(answer.error().text()));
    emit saved(number);
}

} // namespace wk::widgets
