// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/execution/LogBeside.h"

#include "core/Future.h"
#include "widgets/changes/requests/RequestWords.h"
#include "widgets/common/CodeView.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QScrollBar>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

/// Worse first, then newer.
struct Candidate
{
    int severity = 0;
    qint64 created = 0;
    LogBeside::Pod pod;
    QString label;
};

int severityOf(table::Health health)
{
    switch (health) {
    case table::Health::Bad: return 3;
    case table::Health::Warning: return 2;
    case table::Health::Unknown: return 1;
    default: return 0;
    }
}

} // namespace

LogBeside::LogBeside(std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_clock(std::move(clock)), m_choice(new QComboBox(this)), m_note(new QLabel(this)),
      m_text(new CodeView(this))
{
    m_choice->setObjectName(u"logPod"_s);
    m_choice->setAccessibleName(tr("Pod whose log is shown"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_note->setObjectName(u"logNote"_s);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_text->setObjectName(u"logText"_s);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 8, 12, 8);
    head->setSpacing(4);
    head->addWidget(m_choice);
    head->addWidget(m_note);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
    connect(m_choice, &QComboBox::activated, this, [this] {
        m_chosen = true;
        m_text->setText({}, CodeView::Language::Plain);
        readSoon(0);
    });
}

void LogBeside::follow(QList<Pods> pods, const QStringList& names, ReadLog read, const QString& problem)
{
    for (const Pods& each : std::as_const(m_pods))
        each.source->disconnect(this);
    m_pods = std::move(pods);
    m_names = names;
    m_read = std::move(read);
    m_problem = problem;
    m_chosen = false;
    for (const Pods& each : std::as_const(m_pods))
        connect(each.source.get(), &table::TableSource::changed, this, &LogBeside::refreshPods);
    refreshPods();
}

std::optional<LogBeside::Pod> LogBeside::pod() const
{
    const int index = m_choice->currentIndex();
    return index >= 0 && index < m_offered.size() ? std::optional(m_offered[index]) : std::nullopt;
}

QString LogBeside::text() const { return m_text->text(); }

void LogBeside::refreshPods()
{
    std::vector<Candidate> found;
    for (const Pods& each : std::as_const(m_pods)) {
        const int age = table::indexOfColumn(each.source->columns(), u"age");
        for (const table::RowPtr& row : each.source->rows()) {
            const bool belongs = std::ranges::any_of(m_names, [&row](const QString& name) {
                return row->name.size() > name.size() && row->name.startsWith(name) && row->name[name.size()] == u'-';
            });
            if (!belongs)
                continue;
            const auto* at = age >= 0 && size_t(age) < row->cells.size()
                                 ? std::get_if<table::Instant>(&row->cells[size_t(age)])
                                 : nullptr;
            const QString label = row->reason.isEmpty() ? row->name : row->name + u"  "_s + row->reason;
            found.push_back({severityOf(row->health), at ? at->ms : 0, {each.cluster, row->space, row->name}, label});
        }
    }
    std::ranges::sort(found, [](const Candidate& a, const Candidate& b) {
        return std::tie(b.severity, b.created, a.pod.name) < std::tie(a.severity, a.created, b.pod.name);
    });
    const auto before = pod();
    QList<Pod> offered;
    QStringList labels;
    for (const Candidate& each : found) {
        offered += each.pod;
        labels += each.label;
    }
    const auto keep = m_chosen && before ? offered.indexOf(*before) : offered.isEmpty() ? -1 : 0;
    if (offered != m_offered || m_choice->count() == 0) {
        m_offered = offered;
        m_choice->clear();
        m_choice->addItems(labels);
    } else {
        for (int i = 0; i < labels.size(); ++i)
            m_choice->setItemText(i, labels[i]);
    }
    m_chosen = m_chosen && keep >= 0; // the chosen one is gone
    m_choice->setCurrentIndex(int(std::max<qsizetype>(keep, m_offered.isEmpty() ? -1 : 0)));
    m_choice->setVisible(!m_offered.isEmpty());
    if (m_offered.isEmpty()) {
        m_note->setText(m_problem.isEmpty() ? tr("The plan is about no workload that has pods now.") : m_problem);
        m_text->setText({}, CodeView::Language::Plain);
    } else if (pod() != before) {
        m_text->setText({}, CodeView::Language::Plain);
        readSoon(0);
    }
}

void LogBeside::readSoon(qint64 ms)
{
    m_timer = m_clock->after(this, ms, [this] { read(); });
}

void LogBeside::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    readSoon(0);
}

void LogBeside::read()
{
    const auto asked = pod();
    if (!isVisible() || m_asking || !asked || !m_read)
        return;
    m_asking = true;
    whenDone(m_read(*asked), this, [this, asked = *asked](const Result<QByteArray>& answer) {
        m_asking = false;
        take(asked, answer);
        readSoon(pollMs);
    });
}

void LogBeside::take(const Pod& asked, const Result<QByteArray>& answer)
{
    if (pod() != asked)
        return;
    if (!answer) {
        m_note->setText(answer.error().text());
        return;
    }
    const QString text = QString::fromUtf8(*answer);
    m_note->setText(tr("The last %1 lines, as of %2")
                        .arg(lines)
                        .arg(momentWords(QDateTime::fromMSecsSinceEpoch(m_clock->nowMs(), Qt::UTC), m_clock->nowMs())));
    if (text == m_text->text())
        return;
    QScrollBar* bar = m_text->editor()->verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum() - 1;
    const int value = bar->value();
    m_text->setText(text, CodeView::Language::Plain);
    bar->setValue(atEnd ? bar->maximum() : value);
}

} // namespace wk::widgets
