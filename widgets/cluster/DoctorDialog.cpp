// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cluster/DoctorDialog.h"

#include "widgets/common/Health.h"
#include "widgets/common/Icons.h"
#include "widgets/common/Theme.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using cluster::DoctorStep;
using table::Health;

namespace {

Health healthOf(DoctorStep::State state)
{
    switch (state) {
    case DoctorStep::State::Ok: return Health::Good;
    case DoctorStep::State::Warning: return Health::Warning;
    case DoctorStep::State::Failed: return Health::Bad;
    case DoctorStep::State::Skipped: return Health::Unknown;
    }
    return Health::Unknown;
}

QString wordOf(DoctorStep::State state)
{
    switch (state) {
    case DoctorStep::State::Ok: return DoctorDialog::tr("fine");
    case DoctorStep::State::Warning: return DoctorDialog::tr("remark");
    case DoctorStep::State::Failed: return DoctorDialog::tr("failed");
    case DoctorStep::State::Skipped: return DoctorDialog::tr("not reached");
    }
    return {};
}

} // namespace

DoctorDialog::DoctorDialog(const QString& subject, MakeDoctor make, QWidget* parent)
    : QDialog(parent), m_subject(subject), m_make(std::move(make))
{
    setObjectName(u"doctorDialog"_s);
    setWindowTitle(tr("Connection to %1").arg(subject));
    resize(680, 480);
    m_verdict = new QLabel(this);
    m_verdict->setObjectName(u"doctorVerdict"_s);
    m_verdict->setFont(Theme::of(this).font(Theme::Role::TitleStrong));
    m_verdict->setWordWrap(true);
    m_verdict->setTextFormat(Qt::PlainText);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(u"doctorSteps"_s);
    m_scroll->setAccessibleName(tr("Steps"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    auto* buttons = new QDialogButtonBox(this);
    auto* copy = buttons->addButton(tr("Copy the report"), QDialogButtonBox::ActionRole);
    copy->setObjectName(u"doctorCopy"_s);
    m_again = buttons->addButton(tr("Examine again"), QDialogButtonBox::ActionRole);
    m_again->setObjectName(u"doctorAgain"_s);
    auto* close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    close->setDefault(true);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(report()); });
    connect(m_again, &QPushButton::clicked, this, &DoctorDialog::examine);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(m_verdict);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(buttons);
    connect(&Theme::of(this), &Theme::changed, this, &DoctorDialog::rebuild);
    rebuild();
}

DoctorDialog::~DoctorDialog() = default;

void DoctorDialog::examine()
{
    if (!m_make)
        return;
    m_doctor = m_make();
    setSteps({}, false);
    connect(m_doctor.get(), &cluster::Doctor::stepFinished, this, [this](const DoctorStep& step) {
        m_steps.append(step);
        rebuild();
    });
    connect(m_doctor.get(), &cluster::Doctor::finished, this, [this] {
        setSteps(m_doctor->steps(), true);
        emit finishedExamining();
    });
    m_doctor->start();
}

void DoctorDialog::setSteps(const QList<DoctorStep>& steps, bool finished)
{
    m_steps = steps;
    m_finished = finished;
    rebuild();
}

QString DoctorDialog::verdict() const
{
    for (const DoctorStep& step : m_steps) {
        if (step.state == DoctorStep::State::Failed)
            return step.sentence.endsWith(u'.') ? step.sentence.chopped(1) : step.sentence; // a title
    }
    if (!m_finished)
        return tr("Examining the connection to %1 …").arg(m_subject);
    const auto warnings = std::count_if(m_steps.begin(), m_steps.end(), [](const DoctorStep& step) {
        return step.state == DoctorStep::State::Warning;
    });
    return warnings > 0 ? (warnings == 1 ? tr("The connection to %1 works, with a remark")
                                         : tr("The connection to %1 works, with remarks"))
                              .arg(m_subject)
                        : tr("The connection to %1 works").arg(m_subject);
}

void DoctorDialog::rebuild()
{
    m_verdict->setText(verdict());
    m_again->setEnabled(m_finished && m_make);
    auto* body = new QWidget;
    m_grid = new QGridLayout(body);
    m_grid->setContentsMargins(0, 0, 8, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(1, 1);
    for (qsizetype i = 0; i < m_steps.size(); ++i)
        addStep(i);
    m_grid->setRowStretch(m_grid->rowCount(), 1);
    m_scroll->setWidget(body);
    m_body = body;
}

void DoctorDialog::addStep(qsizetype index)
{
    const DoctorStep& step = m_steps[index];
    const Theme& theme = Theme::of(this);
    const int row = m_grid->rowCount();
    QWidget* body = m_grid->parentWidget();
    const auto label = [&](const QString& text, Theme::Role role, std::optional<Theme::Token> colour) {
        auto* l = new QLabel(text, body);
        l->setTextFormat(Qt::PlainText);
        l->setWordWrap(true);
        l->setFont(theme.font(role));
        l->setTextInteractionFlags(Qt::TextSelectableByMouse);
        if (colour) {
            QPalette palette = l->palette();
            palette.setColor(QPalette::WindowText, theme.color(*colour));
            l->setPalette(palette);
        }
        return l;
    };
    const Health health = healthOf(step.state);
    const bool quiet = step.state == DoctorStep::State::Skipped;
    // Before the failure a step is left out because there is nothing to do; after it, because one never gets there.
    const bool afterFailure = std::any_of(m_steps.begin(), m_steps.begin() + index,
                                          [](const DoctorStep& s) { return s.state == DoctorStep::State::Failed; });
    auto* mark = new QLabel(body);
    mark->setPixmap((quiet ? icon(u"minus", Theme::Token::Unknown) : healthIcon(health)).pixmap(16, 16));
    mark->setAccessibleName(wordOf(step.state));
    m_grid->addWidget(mark, row, 0, Qt::AlignTop);
    m_grid->addWidget(
        label(step.title, Theme::Role::BaseStrong, quiet ? std::optional(Theme::Token::Muted) : std::nullopt), row, 1);
    QString figure = quiet && !afterFailure ? tr("not needed") : wordOf(step.state);
    if (!quiet && step.durationMs > 0)
        figure += u" · "_s + tr("%1 ms").arg(QLocale().toString(step.durationMs));
    auto* word = label(figure, Theme::Role::Small, healthToken(health));
    word->setWordWrap(false);
    m_grid->addWidget(word, row, 2, Qt::AlignRight | Qt::AlignTop);
    int line = row;
    // "Not reached" says it all; the same sentence below each of five steps would hide the one that matters.
    if (!step.sentence.isEmpty() && !(quiet && afterFailure))
        m_grid->addWidget(
            label(step.sentence, Theme::Role::Base, quiet ? std::optional(Theme::Token::Muted) : std::nullopt), ++line,
            1, 1, 2);
    if (!step.remedy.isEmpty())
        m_grid->addWidget(label(step.remedy, Theme::Role::BaseStrong, std::nullopt), ++line, 1, 1, 2);
    const bool showDetail = step.state == DoctorStep::State::Failed || step.state == DoctorStep::State::Warning;
    if (showDetail && !step.detail.isEmpty())
        m_grid->addWidget(label(step.detail, Theme::Role::Mono, Theme::Token::Muted), ++line, 1, 1, 2);
    m_grid->setRowMinimumHeight(++line, 8);
}

QString DoctorDialog::report() const
{
    QStringList lines{windowTitle(), verdict(), {}};
    for (const DoctorStep& step : m_steps) {
        lines.append(u"[%1] %2 (%3 ms): %4"_s.arg(cluster::doctorStateName(step.state), step.title)
                         .arg(step.durationMs)
                         .arg(step.sentence));
        if (!step.remedy.isEmpty())
            lines.append(u"    -> "_s + step.remedy);
        for (const QString& detail : step.detail.split(u'\n', Qt::SkipEmptyParts))
            lines.append(u"    "_s + detail);
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace wk::widgets
