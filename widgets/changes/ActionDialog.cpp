// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/ActionDialog.h"

#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/FormRows.h"
#include "widgets/changes/PlanView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QTimer>
#include <QtGui/QIntValidator>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>

namespace wk::widgets {

using namespace Qt::StringLiterals;

ActionDialog::ActionDialog(ChangeMeans& means, const QString& platform, const QString& action,
                           const changes::Target& target, QWidget* parent)
    : QDialog(parent), m_means(means), m_platform(platform), m_action(action), m_target(target),
      m_delay(new QTimer(this)), m_view(new PlanView(this)), m_reason(new QLabel(this)),
      m_now(new QPushButton(tr("Do it now"), this)), m_propose(new QPushButton(tr("Propose it"), this))
{
    setObjectName(u"actionDialog"_s);
    setWindowTitle(actionTitle(action));
    resize(640, 520);
    auto* title = new QLabel(u"%1: %2"_s.arg(actionTitle(action), target.words()), this);
    title->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    m_reason->setObjectName(u"actionReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setForegroundRole(QPalette::PlaceholderText);
    m_now->setObjectName(u"actionNow"_s);
    m_propose->setObjectName(u"actionPropose"_s);
    auto* cancel = new QPushButton(tr("Back"), this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    buttons->addWidget(m_now);
    buttons->addWidget(m_propose);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addWidget(buildFields());
    layout->addWidget(m_view, 1);
    layout->addWidget(m_reason);
    layout->addLayout(buttons);
    m_delay->setSingleShot(true);
    m_delay->setInterval(previewDelayMs);
    connect(m_delay, &QTimer::timeout, this, &ActionDialog::askCluster);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_now, &QPushButton::clicked, this, &ActionDialog::doNow);
    connect(m_propose, &QPushButton::clicked, this, [this] {
        emit proposed(*m_plan, actionRequest(*m_plan));
        accept();
    });
    judge();
}

QWidget* ActionDialog::buildFields()
{
    auto* box = new QWidget(this);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(16);
    const auto fields = actionFields(m_action);
    for (const ActionField& field : fields) {
        const auto take = [this, name = field.name](const QString& value) {
            m_values.insert(name, value);
            judge();
        };
        if (field.kind == ActionField::Kind::Flag) {
            auto* check = new QCheckBox(field.label, box);
            check->setObjectName(u"action-"_s + field.name);
            connect(check, &QCheckBox::toggled, this, [take](bool on) { take(on ? u"true"_s : QString()); });
            form->addRow(check);
            continue;
        }
        auto* edit = new QLineEdit(box);
        edit->setObjectName(u"action-"_s + field.name);
        edit->setAccessibleName(field.label);
        edit->setPlaceholderText(field.hint);
        if (field.kind == ActionField::Kind::Number)
            edit->setValidator(new QIntValidator(0, 1'000'000, edit));
        connect(edit, &QLineEdit::textChanged, this, [take](const QString& text) { take(text.trimmed()); });
        form->addRow(field.label, edit);
        levelLabel(form, edit);
    }
    box->setVisible(!fields.isEmpty());
    return box;
}

void ActionDialog::judge()
{
    const auto fields = actionFields(m_action);
    const bool complete = std::ranges::all_of(
        fields, [this](const ActionField& field) { return field.optional || !m_values.value(field.name).isEmpty(); });
    m_plan.reset();
    m_asked = false;
    QString why = tr("It is shown here once all is filled in.");
    if (complete) {
        const auto made = actionPlan(m_platform, actionStep(m_action, m_target, m_values));
        if (made)
            m_plan = *made;
        else
            why = made.error().error().sentence;
    }
    if (m_plan) {
        m_view->setPlan(*m_plan);
        m_delay->start();
    } else {
        m_delay->stop();
        m_view->setNoPlan(tr("What it would change"), why);
    }
    refreshButtons();
}

void ActionDialog::askCluster()
{
    const changes::Step step = m_plan->steps().first();
    const auto isStill = [this, sha256 = m_plan->sha256()] { return m_plan && m_plan->sha256() == sha256; };
    m_view->setAsking(1);
    whenDone(m_means.preview(m_platform, step), this, [this, isStill](const Result<changes::Preview>& preview) {
        if (isStill())
            m_view->setPreview(1, preview);
    });
    whenDone(m_means.whyNotAllowed(m_platform, step), this, [this, isStill](const Result<QString>& answer) {
        if (!isStill())
            return;
        m_asked = true;
        m_forbidden = answer ? *answer : answer.error().text();
        refreshButtons();
    });
}

void ActionDialog::refreshButtons()
{
    const QString now = !m_plan                  ? tr("Something is missing yet.")
                        : !m_asked               ? tr("The cluster is asked whether you may do this.")
                        : !m_forbidden.isEmpty() ? m_forbidden
                                                 : m_means.whyNotAtOnce(*m_plan);
    m_now->setEnabled(now.isEmpty());
    m_now->setToolTip(now);
    m_propose->setEnabled(m_plan.has_value());
    m_propose->setDefault(!now.isEmpty());
    m_now->setDefault(now.isEmpty() && !isDangerous(m_action));
    m_reason->setText(m_plan && m_asked ? now : QString());
}

void ActionDialog::doNow()
{
    const QString words = m_plan->steps().first().words();
    if (const auto started = m_means.runAtOnce(actionRequest(*m_plan), *m_plan); !started) {
        m_reason->setText(started.error().text());
        return;
    }
    emit begun(words);
    accept();
}

} // namespace wk::widgets
