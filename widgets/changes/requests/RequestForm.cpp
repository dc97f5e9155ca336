// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/requests/RequestForm.h"

#include "changes/desk/ChangeDesk.h"
#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/plan/FormRows.h"
#include "widgets/changes/plan/ParameterForm.h"
#include "widgets/common/SectionHeader.h"
#include "widgets/common/Theme.h"

#include <QtGui/QPainter>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::PlanTemplate;
using changes::RequestFields;

namespace {

constexpr int readableWidth = 860;
constexpr int planTextHeight = 160;

/// What a plan that is written by hand begins with.
QString emptyPlan(const QString& platform)
{
    return uR"({
  "format": "watchkeeper/plan/v1",
  "platform": "%1",
  "title": "",
  "steps": []
})"_s.arg(platform);
}

} // namespace

RequestForm::RequestForm(changes::ChangeDesk& desk, ChangeMeans& means, std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_means(means), m_clock(std::move(clock))
{
    setObjectName(u"requestFormPage"_s);
    build();
}

QWidget* RequestForm::buildPlan()
{
    auto* box = new QWidget(this);
    const auto combo = [box](const QString& name, const QString& label) {
        auto* made = new QComboBox(box);
        made->setObjectName(name);
        made->setAccessibleName(label);
        made->setMaximumWidth(420);
        return made;
    };
    m_platform = combo(u"formPlatform"_s, tr("Platform"));
    m_template = combo(u"formTemplate"_s, tr("Procedure"));
    const auto label = [box](const QString& name) {
        auto* made = new QLabel(box);
        made->setObjectName(name);
        made->setWordWrap(true);
        made->setTextFormat(Qt::PlainText);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return made;
    };
    m_summary = label(u"formSummary"_s);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_parameters = new ParameterForm(box);
    m_text = new QPlainTextEdit(box);
    m_text->setObjectName(u"formPlan"_s);
    m_text->setAccessibleName(tr("Plan as JSON"));
    m_text->setFont(Theme::of(this).font(Theme::Role::Mono));
    m_text->setFixedHeight(planTextHeight);
    m_text->setProperty("field", true);
    m_words = label(u"formPlanWords"_s);
    m_mistakes = label(u"formMistakes"_s);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("Platform"), m_platform);
    form->addRow(tr("Procedure"), m_template);
    for (QComboBox* made : {m_platform, m_template})
        levelLabel(form, made, pageLabelWidth);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(new SectionHeader(tr("Plan"), box));
    column->addLayout(form);
    column->addWidget(m_summary);
    column->addWidget(m_parameters);
    column->addWidget(m_text);
    column->addWidget(m_words);
    column->addWidget(m_mistakes);
    connect(m_platform, &QComboBox::activated, this, [this] {
        fillTemplates(m_template->currentData().toString());
        m_dirty = true;
        makePlan();
    });
    connect(m_template, &QComboBox::activated, this, [this] {
        m_parameters->clear();
        m_dirty = true;
        makePlan();
    });
    connect(m_parameters, &ParameterForm::edited, this, [this] {
        m_dirty = true;
        makePlan();
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        if (!chosenTemplate())
            makePlan();
    });
    return box;
}

QWidget* RequestForm::buildFoot()
{
    auto* foot = new QFrame(this);
    foot->setObjectName(u"formFoot"_s);
    const auto button = [foot](const QString& name, const QString& text) {
        auto* made = new QPushButton(text, foot);
        made->setObjectName(name);
        return made;
    };
    m_back = button(u"formBack"_s, tr("Back"));
    m_discard = button(u"formDiscard"_s, tr("Discard"));
    m_save = button(u"formSave"_s, tr("Save the draft"));
    m_submit = button(u"formSubmit"_s, tr("Submit"));
    m_submit->setDefault(true);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(16, 8, 16, 8);
    row->setSpacing(8);
    row->addWidget(m_back);
    row->addWidget(m_discard);
    row->addStretch(1);
    row->addWidget(m_save);
    row->addWidget(m_submit);
    connect(m_back, &QPushButton::clicked, this, &RequestForm::left);
    connect(m_discard, &QPushButton::clicked, this, &RequestForm::discard);
    connect(m_save, &QPushButton::clicked, this, [this] { save(false); });
    connect(m_submit, &QPushButton::clicked, this, [this] { save(true); });
    return foot;
}

void RequestForm::build()
{
    m_title = new QLabel(this);
    m_title->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    auto* content = new QWidget(this);
    content->setMaximumWidth(readableWidth);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 12, 16, 24);
    column->setSpacing(16);
    column->addWidget(m_title);
    m_planBox = buildPlan();
    column->addWidget(m_planBox);
    column->addWidget(new SectionHeader(tr("Request"), content));
    m_fields = new FormFields(content);
    column->addWidget(m_fields);
    column->addStretch(1);
    auto* holder = new QWidget(this);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(content, 1);
    row->addStretch(0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(holder);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    layout->addWidget(buildFoot());
    connect(m_fields, &FormFields::edited, this, [this] {
        m_dirty = true;
        judge();
    });
}

void RequestForm::reset()
{
    m_number = 0;
    m_revision = 0;
    m_plan.reset();
    m_live = {};
    m_liveOf.clear();
    m_liveError.clear();
    m_kept = {};
    m_dirty = m_isRecord = false;
    m_planBox->show();
    m_parameters->clear();
    m_fields->setFields({});
    setBusy(false);
}

void RequestForm::begin(const QString& platform)
{
    reset();
    m_title->setText(tr("New change request"));
    fillPlatforms(platform);
    fillTemplates({});
    m_text->setPlainText(emptyPlan(m_platform->currentData().toString()));
    if (m_template->count() > 1)
        m_template->setCurrentIndex(1); // a procedure says more than an empty sheet
    makePlan();
    m_platform->setFocus();
}

void RequestForm::beginTemplate(const QString& platform, const QString& name, const QJsonObject& given)
{
    reset();
    m_title->setText(tr("New change request"));
    fillPlatforms(platform);
    fillTemplates(name);
    m_parameters->setGiven(given);
    makePlan();
    m_template->setFocus();
}

void RequestForm::beginPlan(const changes::Plan& plan, const RequestFields& fields)
{
    reset();
    m_title->setText(tr("New change request"));
    m_kept = fields;
    fillPlatforms(plan.platform());
    fillTemplates({});
    m_fields->setFields(fields);
    m_text->setPlainText(QString::fromUtf8(QJsonDocument::fromJson(plan.canonical()).toJson()));
    makePlan();
    m_fields->focusFirst();
}

void RequestForm::beginRecord(const QString& platform, const RequestFields& fields)
{
    reset();
    m_title->setText(tr("Record of what was already done"));
    m_isRecord = true;
    m_planBox->hide();
    m_kept = fields;
    fillPlatforms(platform);
    m_fields->setFields(fields);
    m_planMistakes.clear();
    judge();
    m_fields->focusFirst();
}

void RequestForm::edit(const changes::RequestDetail& detail)
{
    reset();
    m_number = detail.summary.number;
    m_revision = detail.summary.revision;
    m_kept = detail.fields;
    m_title->setText(
        tr("Edit request %1: makes revision %2, every approval is void").arg(m_number).arg(m_revision + 1));
    fillPlatforms(detail.summary.platform);
    m_platform->setEnabled(false); // a request stays with its platform
    fillTemplates(detail.fields.templateName);
    m_parameters->setGiven(detail.fields.templateParameters);
    m_fields->setFields(detail.fields);
    m_text->setPlainText(QString::fromUtf8(QJsonDocument::fromJson(detail.planText).toJson()));
    makePlan();
    m_fields->focusFirst();
}

void RequestForm::fillPlatforms(const QString& wanted)
{
    m_platform->clear();
    m_platform->setEnabled(true);
    for (const auto& platform : m_means.platforms())
        m_platform->addItem(platform->title, platform->name);
    if (!wanted.isEmpty() && m_platform->findData(wanted) < 0)
        m_platform->addItem(wanted, wanted);
    m_platform->setCurrentIndex(std::max(0, m_platform->findData(wanted)));
}

void RequestForm::fillTemplates(const QString& wanted)
{
    m_template->clear();
    m_template->addItem(tr("Written by hand"), QString());
    if (const auto chosen = platform())
        for (const auto& one : templates())
            if (one->fits(*chosen))
                m_template->addItem(one->spec().stored ? tr("%1 (pre-approved)").arg(one->title()) : one->title(),
                                    one->name());
    m_template->setCurrentIndex(std::max(0, m_template->findData(wanted)));
}

/// Those of the files, and those that the store keeps and that stand in for people.
std::vector<std::shared_ptr<const PlanTemplate>> RequestForm::templates() const
{
    auto out = m_means.templates();
    for (const changes::StoredTemplate& kept : m_desk.templates()) {
        const changes::StoredTemplate* standing = m_desk.standingTemplate(kept.name, kept.platform);
        if (!standing || *standing != kept)
            continue;
        if (const auto made = PlanTemplate::fromStore(kept.name, kept.body))
            out.push_back(std::make_shared<PlanTemplate>(*made));
    }
    return out;
}

std::shared_ptr<const platform::Platform> RequestForm::platform() const
{
    for (const auto& platform : m_means.platforms())
        if (platform->name == m_platform->currentData().toString())
            return platform;
    return nullptr;
}

std::shared_ptr<const PlanTemplate> RequestForm::chosenTemplate() const
{
    const QString name = m_template->currentData().toString();
    for (const auto& one : templates())
        if (!name.isEmpty() && one->name() == name)
            return one;
    return nullptr;
}

} // namespace wk::widgets
