// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>

/// What a query of a check may do besides answering. A transaction that only reads keeps it from writing rows, and from
/// nothing else: pg_terminate_backend(), pg_promote(), dblink() and advisory locks go through.
namespace wk::changes::sqlEffects {

/// Every name that stands before "(" in a statement or in its plan, as pg_proc spells it; sorted, none twice. A few
/// that are keywords or types may be among them.
[[nodiscard]] QStringList calledIn(const QString& text);
/// Those of `names` that have to be looked up: what PostgreSQL itself calls volatile though it only tells something is
/// left out (pg_is_in_recovery, pg_database_size).
[[nodiscard]] QStringList doubtful(const QStringList& names);
/// Functions that run a text as a statement, whatever their volatility says.
[[nodiscard]] const QStringList& runsText();
/// A text[] in PostgreSQL's spelling.
[[nodiscard]] QByteArray arrayOf(const QStringList& names);

} // namespace wk::changes::sqlEffects
