// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/plan/ActionDialog.h"

#include "changes/plan/ManifestText.h"
#include "cluster/Decoder.h"
#include "core/Future.h"
#include "widgets/changes/ChangeMeans.h"
#include "widgets/changes/ConfirmDialog.h"
#include "widgets/changes/plan/ActionForm.h"
#include "widgets/changes/plan/PlanView.h"
#include "widgets/common/Theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

QString className(platform::ClusterClass klass)
{
    switch (klass) {
    case platform::ClusterClass::Development: return ActionDialog::tr("development");
    case platform::ClusterClass::Test: return ActionDialog::tr("test");
    case platform::ClusterClass::Staging: return ActionDialog::tr("staging");
    case platform::ClusterClass::Recovery: return ActionDialog::tr("recovery");
    case platform::ClusterClass::Production: break;
    }
    return ActionDialog::tr("production");
}

} // namespace

ActionDialog::ActionDialog(ChangeMeans& means, const ActionAsk& ask, QWidget* parent)
    : QDialog(parent), m_means(means), m_ask(ask), m_delay(new QTimer(this)), m_form(new ActionForm(this)),
      m_view(new PlanView(this)), m_reason(new QLabel(this)), m_now(new QPushButton(tr("Do it now"), this)),
      m_propose(new QPushButton(tr("Propose it"), this))
{
    setObjectName(u"actionDialog"_s);
    build();
    m_delay->setSingleShot(true);
    m_delay->setInterval(previewDelayMs);
    connect(m_delay, &QTimer::timeout, this, &ActionDialog::askCluster);
    connect(m_form, &ActionForm::edited, this, &ActionDialog::judge);
    connect(m_form, &ActionForm::decided, this, &ActionDialog::showFields);
    connect(m_view, &PlanView::moreWanted, this, [this] {
        m_view->setUnasked(0);
        preview(mostPreviews, int(m_plan->steps().size()));
    });
    connect(&m_means, &ChangeMeans::judgementChanged, this, &ActionDialog::refreshButtons);
    connect(m_now, &QPushButton::clicked, this, &ActionDialog::askOnceMore);
    connect(m_propose, &QPushButton::clicked, this, [this] {
        emit proposed(*m_plan, request());
        accept();
    });
    look();
}

void ActionDialog::build()
{
    setWindowTitle(m_ask.kind()->title());
    const Theme& theme = Theme::of(this);
    auto* title = new QLabel(m_ask.title(), this);
    title->setFont(theme.font(Theme::Role::TitleStrong));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    const QString cluster = m_ask.targets.first().cluster;
    auto* where =
        new QLabel(tr("Cluster %1 of %2, %3").arg(cluster, m_ask.platform, className(classOf(cluster))), this);
    where->setTextFormat(Qt::PlainText);
    where->setForegroundRole(QPalette::PlaceholderText);
    m_reason->setObjectName(u"actionReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setForegroundRole(QPalette::PlaceholderText);
    m_now->setObjectName(u"actionNow"_s);
    m_propose->setObjectName(u"actionPropose"_s);
    auto* cancel = new QPushButton(tr("Back"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    buttons->addWidget(m_now);
    buttons->addWidget(m_propose);
    auto* titles = new QVBoxLayout;
    titles->setSpacing(2);
    titles->addWidget(title);
    titles->addWidget(where);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addLayout(titles);
    layout->addWidget(m_form);
    layout->addWidget(m_view, 4);
    layout->addWidget(m_reason);
    layout->addLayout(buttons);
    m_form->hide();
    // Its size before it is shown: a window manager places it by that.
    const auto fields = m_ask.kind()->fields(m_ask.example(), {});
    const bool large = std::ranges::any_of(fields, [](const changes::ActionField& field) {
        return field.kind == changes::ActionField::Kind::Manifest || field.kind == changes::ActionField::Kind::Pairs;
    });
    if (large)
        layout->setStretchFactor(m_form, 5);
    const QSize room = parentWidget() ? parentWidget()->window()->size() : QSize(1024, 700);
    resize(QSize(large ? 820 : 640, large ? 720 : 520).boundedTo(room - QSize(48, 48)));
}

/// What stands in the cluster now. A form without it is less help, and no less a form.
void ActionDialog::look()
{
    const changes::Step example = m_ask.example();
    if (m_ask.targets.size() > 1 || m_ask.kind()->formReads(example, {}).isEmpty() ||
        m_ask.kind()->fields(example, {}).isEmpty()) {
        m_looked = true;
        showFields();
        return;
    }
    m_view->setNoPlan(tr("What it would change"), tr("Reading %1 as it is now").arg(targetsWords(m_ask.targets)));
    refreshButtons();
    whenDone(m_means.look(m_ask.platform, example), this, [this](const Result<changes::Answers>& answers) {
        m_looked = true;
        if (answers)
            m_answers = *answers;
        else
            m_lookError = answers.error().text();
        showFields();
    });
}

void ActionDialog::showFields()
{
    changes::Step step = m_ask.example();
    const QJsonObject given = m_form->parameters();
    for (auto it = given.begin(); it != given.end(); ++it)
        step.parameters.insert(it.key(), it.value());
    const bool first = m_form->fields().isEmpty();
    m_form->setFields(m_ask.kind()->fields(step, m_answers));
    if (first)
        m_form->focusFirst();
    judge();
}

Result<ActionAsk> ActionDialog::askOf(QJsonObject& parameters) const
{
    ActionAsk ask = m_ask;
    if (ask.action != "createObject"_L1)
        return ask;
    QJsonObject manifest = parameters.value("manifest"_L1).toObject();
    const changes::Target& origin = m_ask.targets.first();
    const auto target = changes::targetOfManifest(manifest, origin.cluster, origin.space,
                                                  ask.kinds.isEmpty() ? cluster::builtInKinds() : ask.kinds);
    if (!target)
        return fail(target.error());
    parameters.insert(u"manifest"_s, manifest);
    ask.targets = {*target};
    return ask;
}

void ActionDialog::judge()
{
    m_plan.reset();
    m_asked = false;
    m_missing = m_form->whyNotReady();
    QStringList wrong;
    m_form->setMistakes({});
    if (m_missing.isEmpty()) {
        QJsonObject parameters = m_form->parameters();
        const auto ask = askOf(parameters);
        if (!ask) {
            m_missing = ask.error().sentence;
        } else if (const auto made = actionPlan(*ask, parameters)) {
            m_plan = *made;
        } else {
            wrong = m_form->setMistakes(made.error().list());
            m_missing = wrong.isEmpty() ? tr("Something is not right yet.") : tr("It %1.").arg(wrong.first());
        }
    }
    m_seen.clear();
    if (m_plan) {
        m_view->setPlan(*m_plan);
        m_delay->start();
    } else {
        m_delay->stop();
        m_view->setNoPlan(tr("What it would change"), m_missing);
    }
    refreshButtons();
}

void ActionDialog::preview(int from, int to)
{
    const auto steps = m_plan->steps();
    const auto isStill = [this, sha256 = m_plan->sha256()] { return m_plan && m_plan->sha256() == sha256; };
    for (int i = from; i < std::min(to, int(steps.size())); ++i) {
        if (!steps.at(i).isAction())
            continue;
        m_view->setAsking(i + 1);
        ++m_waiting;
        whenDone(m_means.preview(m_ask.platform, steps.at(i)), this,
                 [this, isStill, number = i + 1](const Result<changes::Preview>& preview) {
                     --m_waiting;
                     if (isStill()) {
                         if (preview)
                             m_seen[number] = preview->precondition;
                         m_view->setPreview(number, preview);
                     }
                     refreshButtons();
                 });
    }
}

void ActionDialog::askCluster()
{
    preview(0, mostPreviews);
    const auto steps = m_plan->steps();
    m_view->setUnasked(steps.size() > mostPreviews ? mostPreviews + 1 : 0);
    const auto isStill = [this, sha256 = m_plan->sha256()] { return m_plan && m_plan->sha256() == sha256; };
    m_forbidden.clear();
    auto left = std::make_shared<qsizetype>(
        std::ranges::count_if(steps, [](const changes::Step& step) { return step.isAction(); }));
    for (const changes::Step& step : steps) {
        if (!step.isAction())
            continue;
        ++m_waiting;
        whenDone(m_means.whyNotAllowed(m_ask.platform, step), this,
                 [this, isStill, left](const Result<QString>& answer) {
                     --m_waiting;
                     if (!isStill())
                         return;
                     if (m_forbidden.isEmpty())
                         m_forbidden = answer ? *answer : answer.error().text();
                     m_asked = --*left == 0;
                     refreshButtons();
                 });
    }
}

void ActionDialog::refreshButtons()
{
    const QString now = !m_looked                ? tr("The cluster is asked what is there now.")
                        : !m_plan                ? m_missing
                        : !m_asked               ? tr("The cluster is asked whether you may do this.")
                        : !m_forbidden.isEmpty() ? m_forbidden
                        : m_waiting > 0          ? tr("The cluster is asked what this would change.")
                                                 : m_means.whyNotAtOnce(*m_plan);
    m_now->setEnabled(now.isEmpty());
    m_now->setToolTip(now);
    m_now->setAccessibleDescription(now);
    m_propose->setEnabled(m_plan.has_value());
    m_propose->setToolTip(m_plan ? QString() : now);
    m_propose->setDefault(!now.isEmpty());
    m_now->setDefault(now.isEmpty() && !isDangerous(m_ask.action));
    m_reason->setText(m_plan && m_asked ? now : m_plan ? QString() : m_lookError);
    m_reason->setVisible(!m_reason->text().isEmpty());
}

platform::ClusterClass ActionDialog::classOf(const QString& cluster) const
{
    for (const auto& platform : m_means.platforms())
        if (const auto* found = platform->name == m_ask.platform ? platform->cluster(cluster) : nullptr)
            return found->klass;
    return platform::ClusterClass::Production;
}

changes::RequestFields ActionDialog::request() const
{
    return actionRequest(*m_plan, [this](const QString& cluster) { return classOf(cluster); });
}

/// What a person may do at once is still asked about: a key too many must not change a cluster.
void ActionDialog::askOnceMore()
{
    QList<changes::Target> targets;
    QStringList what, names;
    for (const changes::Step& step : m_plan->steps()) {
        if (!step.isAction())
            continue;
        targets << step.target;
        what << step.words();
        names << (step.target.name.isEmpty() ? step.target.space : step.target.name);
    }
    const QString cluster = targets.first().cluster;
    const platform::ClusterClass klass = classOf(cluster);
    const int objects = m_ask.targets.size() > 1 ? int(m_ask.targets.size()) : int(targets.size());
    ConfirmDialog::Question question;
    question.title = tr("%1 now?").arg(m_ask.kind()->title());
    question.what =
        what.size() > 8 ? (what.mid(0, 8) << tr("… and %1 more").arg(what.size() - 8)).join(u'\n') : what.join(u'\n');
    question.where = tr("Cluster %1 (%2) of %3").arg(cluster, className(klass), m_ask.platform);
    question.objects = targets.first().name.isEmpty() && m_ask.targets.size() == 1
                           ? tr("all pods that match, as shown")
                           : tr("%n object(s): %1", nullptr, objects).arg(names.join(u", "_s));
    if (objects == 1 && !targets.first().name.isEmpty())
        question.objects = tr("one object: %1").arg(names.first());
    question.confirm = tr("%1 now").arg(m_ask.kind()->title());
    question.danger = isDangerous(m_ask.action);
    if (klass != platform::ClusterClass::Development)
        question.typed = cluster;
    m_question = new ConfirmDialog(question, this);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QDialog::accepted, this, &ActionDialog::doNow);
    connect(m_question, &QDialog::finished, this, [this] { m_question = nullptr; });
    m_question->open();
}

Result<changes::Plan> ActionDialog::seen() const
{
    QList<changes::Step> steps = m_plan->steps();
    QSet<QString> touched;
    for (int i = 0; i < steps.size(); ++i) {
        changes::Step& step = steps[i];
        const bool follows = touched.contains(step.target.key());
        touched.insert(step.target.key());
        if (!follows && step.precondition.isEmpty())
            step.precondition = m_seen.value(i + 1);
    }
    const auto made = changes::Plan::make(m_plan->platform(), m_plan->title(), steps);
    return made ? Result<changes::Plan>(*made) : fail(made.error().error());
}

void ActionDialog::doNow()
{
    const QString words = m_plan->title();
    const auto plan = seen();
    const auto started = plan ? m_means.runAtOnce(request(), *plan) : Result<void>(fail(plan.error()));
    if (!started) {
        m_reason->setText(started.error().text());
        m_reason->show();
        return;
    }
    emit begun(words);
    accept();
}

} // namespace wk::widgets
