// SPDX-License-Identifier: GPL-3.0-or-later
#include "change/ChangeExecution.h"

#include "change/ChangePrinter.h"

#include <QtCore/QJsonDocument>

#include <cstdio>

namespace wk::ctl {

using namespace Qt::StringLiterals;
using changes::Executor;
using changes::RequestState;
using changes::Resolution;

namespace {

/// What a person may type where the executor stands still.
struct Answer
{
    QLatin1StringView word;
    Executor::Choice choice;
    void (*give)(Executor& executor, const QString& rest);
    const char* meaning;
};

constexpr Answer answers[] = {
    {"yes"_L1, Executor::Confirm, [](Executor& e, const QString& rest) { e.confirm(true, rest); },
     QT_TR_NOOP("yes [COMMENT]")},
    {"no"_L1, Executor::Confirm, [](Executor& e, const QString& rest) { e.confirm(false, rest); },
     QT_TR_NOOP("no [COMMENT]")},
    {"done"_L1, Executor::Resolve, [](Executor& e, const QString& rest) { e.resolve(Resolution::Done, rest); },
     QT_TR_NOOP("done REASON (it was carried out)")},
    {"failed"_L1, Executor::Resolve, [](Executor& e, const QString& rest) { e.resolve(Resolution::Failed, rest); },
     QT_TR_NOOP("failed REASON")},
    {"repeat"_L1, Executor::Resolve, [](Executor& e, const QString& rest) { e.resolve(Resolution::Repeat, rest); },
     QT_TR_NOOP("repeat REASON (nothing was done)")},
    {"proceed"_L1, Executor::Proceed, [](Executor& e, const QString&) { e.proceed(); }, QT_TR_NOOP("proceed")},
    {"rollback"_L1, Executor::RollBack, [](Executor& e, const QString&) { e.rollBack(); }, QT_TR_NOOP("rollback")},
    {"verify"_L1, Executor::EndVerified,
     [](Executor& e, const QString& rest) { e.finish(RequestState::Verified, rest); }, QT_TR_NOOP("verify [NOTE]")},
    {"fail"_L1, Executor::EndFailed, [](Executor& e, const QString& rest) { e.finish(RequestState::Failed, rest); },
     QT_TR_NOOP("fail [NOTE]")},
};

} // namespace

ChangeExecution::ChangeExecution(ChangeSession& session, const changes::RequestDetail& detail, Decided decided)
    : QObject(&session), m_session(session), m_detail(detail), m_decided(std::move(decided)),
      m_gate(session.desk(), session.clock()), m_ledger(session.store()),
      m_secrets(session.clock(), secrets::KeychainStore::service()), m_web(session.clock()),
      m_prometheus({[this](const QString& cluster) { return m_session.clusters().access(cluster); },
                    [this] { return m_session.clusters().platform(); }, &m_secrets},
                   session.clock()),
      m_databases([this](const changes::Target& database) { return addressOf(database); }, m_secrets, session.clock()),
      m_commands(session.clock()),
      m_silences({[this](const QString& cluster) { return m_session.clusters().access(cluster); },
                  [this] { return m_session.clusters().platform(); }, &m_secrets},
                 session.clock()),
      m_runner(means(), session.clock())
{
    if (detail.plan)
        session.clusters().use(detail.plan->platform());
    connect(&m_input, &ChangeInput::interrupted, this, &ChangeExecution::onInterrupt);
    connect(&m_input, &ChangeInput::line, this, [this](const QString& line) {
        m_lines << line; // a script says everything at once: each question takes the next line
        onChanged();
    });
    connect(&m_input, &ChangeInput::ended, this, &ChangeExecution::onChanged);
}

ChangeExecution::~ChangeExecution() = default;

changes::PlanRunner::Means ChangeExecution::means()
{
    changes::PlanRunner::Means means;
    means.world.cluster = [this](const QString& cluster) { return m_session.clusters().access(cluster); };
    means.world.metrics = &m_prometheus;
    means.world.web = &m_web;
    means.world.databases = &m_databases;
    means.databases = &m_databases;
    means.commands = &m_commands;
    means.silences = &m_silences;
    return means;
}

QFuture<Result<store::Address>> ChangeExecution::addressOf(const changes::Target& database)
{
    if (const platform::Platform* platform = m_session.clusters().platform())
        return changes::databaseAddress(*platform, m_secrets, database);
    return QtFuture::makeReadyFuture(Result<store::Address>(
        wk::fail(Error::Kind::NotFound, tr("No platform file here says where the %1 is").arg(database.words()))));
}

void ChangeExecution::claim() { run(m_gate.open(m_detail, {m_ledger, m_runner, m_session.clock()})); }

void ChangeExecution::takeOver()
{
    run(m_gate.takeOver(m_detail, m_decided.reason, {m_ledger, m_runner, m_session.clock()}));
}

void ChangeExecution::actNow(const changes::RequestFields& fields, const changes::Plan& plan)
{
    m_session.clusters().use(plan.platform());
    run(m_gate.atOnce(fields, plan, [this](const QString& cluster) { return m_session.clusters().classOf(cluster); },
                      {m_ledger, m_runner, m_session.clock()}));
}

void ChangeExecution::run(changes::Gate::Opened opened)
{
    if (!opened) {
        m_session.fail(opened.error());
        return;
    }
    m_executor = std::move(*opened);
    connect(m_executor.get(), &Executor::changed, this, &ChangeExecution::onChanged);
    connect(m_executor.get(), &Executor::stepChanged, this, &ChangeExecution::onStep);
    connect(m_executor.get(), &Executor::finished, this, &ChangeExecution::onFinished);
    connect(m_executor.get(), &Executor::progress, this,
            [this](int step, const QString& sentence) { tell(u"progress"_s, step, sentence); });
    if (m_decided.stopAfterStep)
        m_executor->stopAfterThisStep(); // who takes over stands still in any case
    m_executor->start();
}

void ChangeExecution::tell(const QString& event, int step, const QString& text)
{
    if (m_session.wantsJson()) {
        QJsonObject json{{u"event"_s, event}, {u"text"_s, text}};
        if (step)
            json.insert(u"step"_s, step);
        printLine(QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)));
    } else {
        printLine(
            step ? tr("%1 %2: %3").arg(step > 0 ? tr("step") : tr("rollback of step")).arg(std::abs(step)).arg(text)
                 : text);
    }
    std::fflush(stdout);
}

void ChangeExecution::onStep(const changes::StepRecord& record)
{
    const auto& steps = m_executor->plan().steps();
    const qsizetype place = std::abs(record.step) - 1;
    const QString words =
        record.sentence().isEmpty() && place < steps.size() ? steps[place].words() : record.sentence();
    tell(u"step"_s, record.step, u"%1  %2"_s.arg(changes::stepStateWords(record.state), words));
}

void ChangeExecution::onChanged()
{
    if (m_over || !m_executor)
        return;
    if (const QString waits = m_executor->waitingFor(); !waits.isEmpty()) {
        if (std::exchange(m_said, waits) != waits)
            printNote(waits);
        return;
    }
    if (m_executor->phase() != Executor::Phase::Deciding) {
        m_said.clear();
        return;
    }
    if (decideByItself())
        return;
    if (m_decided.stopAfterStep || m_interrupts > 0 || (m_input.hasEnded() && m_lines.isEmpty())) {
        tell(u"stands"_s, m_executor->step(), m_executor->sentence());
        leave();
        return;
    }
    const auto seen = m_executor->observation();
    if ((m_executor->choices() & Executor::Resolve) && !seen)
        return; // it is being looked at; what is found helps to decide
    QStringList words;
    for (const Answer& possible : answers) {
        if (m_executor->choices() & possible.choice)
            words << tr(possible.meaning);
    }
    const QString question = u"%1%2\n%3 | leave"_s.arg(m_executor->sentence(), seen ? u' ' + seen->sentence : QString(),
                                                       words.join(u" | "_s));
    if (std::exchange(m_said, question) != question)
        tell(u"question"_s, m_executor->step(), question);
    m_input.read();
    if (!m_lines.isEmpty())
        answer(m_lines.takeFirst());
}

bool ChangeExecution::decideByItself()
{
    const Executor::Choices choices = m_executor->choices();
    if (m_decided.resolveStep && m_decided.resolveStep == m_executor->step() && (choices & Executor::Resolve)) {
        m_decided.resolveStep = 0;
        m_executor->resolve(m_decided.resolution, m_decided.reason);
        return true;
    }
    if (m_decided.rollBack && (choices & Executor::RollBack)) {
        m_decided.rollBack = false;
        m_executor->rollBack();
        return true;
    }
    if (m_decided.proceed && !m_decided.stopAfterStep && m_interrupts == 0 && (choices & Executor::Proceed)) {
        m_executor->proceed();
        return true;
    }
    return false;
}

void ChangeExecution::answer(const QString& line)
{
    const QString word = line.section(u' ', 0, 0), rest = line.section(u' ', 1).trimmed();
    if (word == u"leave") {
        leave();
        return;
    }
    const auto given = std::ranges::find_if(answers, [&](const Answer& possible) {
        return word == possible.word && (m_executor->choices() & possible.choice);
    });
    if (given != std::end(answers) && (given->choice != Executor::Resolve || rest.size() >= 3)) {
        given->give(*m_executor, rest);
        return;
    }
    printNote(given == std::end(answers) ? tr("\"%1\" is not one of the answers").arg(word)
                                         : tr("Say why, after the word: it is kept in the record"));
    onChanged(); // the next line, if there is one
}

void ChangeExecution::onInterrupt()
{
    if (m_over || !m_executor)
        return;
    if (++m_interrupts > 1 || m_executor->phase() == Executor::Phase::Deciding) {
        leave();
        return;
    }
    printNote(tr("Stops after this step. Ctrl+C again: at once, and what becomes of the step is not on record."));
    m_executor->stopAfterThisStep();
}

void ChangeExecution::leave()
{
    m_over = true;
    const qint64 number = m_executor->number();
    m_executor.release()->deleteLater(); // its own signal may be on the stack; it sends nothing after this
    printNote(tr("Left as it stands. The lease of this session ends within 30 s; then somebody goes on with:\n"
                 "  watchkeeperctl change takeover %1 --reason …")
                  .arg(number));
    m_session.finish(Unfinished);
}

void ChangeExecution::onFinished()
{
    if (std::exchange(m_over, true))
        return;
    if (m_executor->phase() != Executor::Phase::Ended) {
        const bool refused = m_executor->phase() == Executor::Phase::Refused;
        const Error error = m_executor->error().value_or(Error{Error::Kind::Protocol, m_executor->sentence(), {}, {}});
        if (refused) {
            m_session.fail(error);
            return;
        }
        printError(error);
        m_session.finish(Unfinished);
        return;
    }
    const RequestState outcome = m_executor->outcome().value_or(RequestState::Failed);
    tell(u"ended"_s, 0, tr("Request %1 is %2.").arg(m_executor->number()).arg(changes::requestStateWords(outcome)));
    m_session.finish(outcome == RequestState::Verified ? Done : Undone);
}

} // namespace wk::ctl
