// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeInput.h"
#include "change/ChangeSession.h"
#include "changes/execution/Gate.h"
#include "changes/execution/StoreLedger.h"
#include "changes/runners/CommandRunner.h"
#include "changes/runners/PlanRunner.h"
#include "changes/runners/Prometheus.h"
#include "changes/runners/SilenceRunner.h"
#include "changes/runners/SqlRunner.h"
#include "changes/runners/WebClient.h"
#include "secrets/KeychainStore.h"

namespace wk::ctl {

/// One carrying out at a terminal or in a pipeline: tells every step, asks where a person has to decide, and ends the
/// program with ExitCode::Done, Unfinished or Undone.
///
/// Answers are lines of standard input. Where that has ended, nobody decides: the program leaves the execution as it
/// stands. Ctrl+C stops after the step that runs; a second one at once.
class ChangeExecution : public QObject
{
    Q_OBJECT
public:
    /// What was decided before it began.
    struct Decided
    {
        bool stopAfterStep = false, proceed = false, rollBack = false;
        int resolveStep = 0; ///< 0: none
        changes::Resolution resolution = changes::Resolution::Done;
        QString reason;
    };

    ChangeExecution(ChangeSession& session, const changes::RequestDetail& detail, Decided decided);
    ~ChangeExecution() override;

    void claim();
    void takeOver();
    /// Files, approves by rule and carries out in one go.
    void actNow(const changes::RequestFields& fields, const changes::Plan& plan);

private:
    [[nodiscard]] changes::PlanRunner::Means means();
    [[nodiscard]] QFuture<Result<store::Address>> addressOf(const changes::Target& database);
    void run(changes::Gate::Opened opened);
    void onChanged();
    void onStep(const changes::StepRecord& record);
    void onFinished();
    void onInterrupt();
    [[nodiscard]] bool decideByItself();
    void answer(const QString& line);
    void leave();
    void tell(const QString& event, int step, const QString& text);

    ChangeSession& m_session;
    const changes::RequestDetail m_detail;
    Decided m_decided;
    changes::Gate m_gate;
    changes::StoreLedger m_ledger;
    secrets::KeychainStore m_secrets;
    changes::WebClient m_web;
    changes::Prometheus m_prometheus;
    changes::SqlRunner m_databases;
    changes::CommandRunner m_commands;
    changes::SilenceRunner m_silences;
    changes::PlanRunner m_runner;
    std::unique_ptr<changes::Executor> m_executor;
    ChangeInput m_input;
    QStringList m_lines; ///< said, and not yet taken for an answer
    QString m_said;      ///< last question or reason to wait, so that it is said once
    int m_interrupts = 0;
    bool m_over = false;
};

} // namespace wk::ctl
