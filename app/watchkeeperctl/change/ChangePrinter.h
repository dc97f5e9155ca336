// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"

#include <QtCore/QJsonArray>

/// Requests, executions and the audit as lines for people and as JSON for programs. Times are UTC.
namespace wk::ctl {

/// "2026-11-21 18:00:05 UTC"; empty where there is none.
[[nodiscard]] QString timeText(const changes::Moment& time);

/// A table with a header, a line each.
void printRequests(const QList<changes::RequestSummary>& requests);
/// All of one request: what is approved stands with its hash.
void printRequest(const changes::RequestDetail& detail);
/// "Request 12 is submitted and waits for: tech lead."
[[nodiscard]] QString stateSentence(const changes::RequestSummary& request);

[[nodiscard]] QJsonObject requestJson(const changes::RequestSummary& request);
/// With the form, the plan, approvals, conflicts and executions.
[[nodiscard]] QJsonObject requestJson(const changes::RequestDetail& detail);
/// The steps of a plan that nothing binds to a state: [{"step": 2, "why": "…"}].
[[nodiscard]] QJsonArray looseJson(const changes::Plan& plan);

void printJson(const QJsonObject& object);
void printJson(const QJsonArray& array);

} // namespace wk::ctl
