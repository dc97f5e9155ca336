// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/Request.h"

namespace wk::changes {

/// Remembers on this workstation where the audit chain of each store ended when it was last seen: what finds somebody
/// who rewrote the whole chain inside the database. One small JSON file; a store that is not in it was never seen.
class AuditHeads
{
public:
    /// An empty `file` remembers in memory only. `storeName` tells the store from others.
    AuditHeads(QString file, QString storeName);

    /// Why the file cannot be read or written; what was remembered before is then not known.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// seq is -1 where this store was never seen.
    [[nodiscard]] const AuditHead& last() const { return m_last; }
    void remember(const AuditHead& head);

    /// Compares the chain's end of now with what is remembered. `there`: the hash that stands at last().seq now, empty
    /// where there is no such row. `anchor`: where the chain begins since old rows were removed; seq -1: at its
    /// beginning. The Error is loud: the record was rewritten or lost its end.
    [[nodiscard]] std::optional<Error> judge(const AuditHead& now, const QByteArray& there,
                                             const AuditHead& anchor) const;

private:
    void load();

    QString m_file, m_storeName;
    AuditHead m_last;
    std::optional<Error> m_error;
};

} // namespace wk::changes
