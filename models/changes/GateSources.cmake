# SPDX-License-Identifier: GPL-3.0-or-later
# Requests, the gate and the executor.
set(changes_gate_sources
    AuditHeads.cpp AuditHeads.h ChangeDesk.cpp ChangeDesk.h ChangeMarks.cpp ChangeMarks.h ClaimJob.cpp ClaimJob.h DeskReader.cpp DeskReader.h DeskRound.cpp DeskRound.h
    ExecutionLedger.cpp ExecutionLedger.h Executor.cpp Executor.h ExecutorPrivate.h ExecutorSteps.cpp Gate.cpp Gate.h
    Heartbeat.cpp Heartbeat.h Recorder.cpp Recorder.h RollbackPlan.cpp RollbackPlan.h StoreLedger.cpp StoreLedger.h RecordReader.cpp RecordReader.h Request.cpp Request.h RequestReader.cpp
    RequestReader.h Requests.cpp Requests.h RequestsPrivate.h RequestsWrites.cpp StepRunner.h StoreWrite.cpp StoreWrite.h
    WaitingForMe.cpp WaitingForMe.h WayBack.cpp WayBack.h)
