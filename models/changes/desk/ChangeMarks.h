// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "core/Clock.h"
#include "series/MarkSource.h"

#include <QtCore/QPointer>

namespace wk::changes {

/// When change requests of a platform were carried out, for charts: from the record of the store, which is read once
/// for a range, and again when the store tells that something has changed. Targets: the request's number.
class ChangeMarks final : public series::MarkSource
{
    Q_OBJECT
public:
    /// An execution that began longer ago than this and is still within the range is only found while it runs.
    static constexpr qint64 longestMs = 86'400'000;
    static constexpr int mostEntries = 10'000;

    /// `platform`: its name in the platform file. The clock outlives it.
    ChangeMarks(QString platform, Clock& clock, QObject* parent = nullptr);
    ~ChangeMarks() override;

    /// nullptr: no store is open, which is said. The desk tells of itself by its signals; set nullptr before it goes.
    void setDesk(ChangeDesk* desk);

    [[nodiscard]] series::Mark::Kind kind() const override { return series::Mark::Kind::Change; }
    [[nodiscard]] Standing standing() const override;
    [[nodiscard]] std::vector<series::Mark> marks(qint64 fromMs, qint64 toMs) const override;
    void want(qint64 fromMs, qint64 toMs) override;

protected:
    void onWatched() override;

private:
    struct Execution
    {
        qint64 id = 0, number = 0, beganMs = 0, endedMs = 0; ///< 0: not on record in the range
        QString outcome;                                     ///< a state's name; empty: it has not ended
        QString person;
    };

    void ask();
    void take(const Result<QList<AuditEntry>>& entries);
    void askTitles();
    [[nodiscard]] const RequestSummary* summaryOf(qint64 number) const;

    QString m_platform;
    Clock& m_clock;
    QPointer<ChangeDesk> m_desk;
    qint64 m_from = 0, m_to = 0;
    qint64 m_askedFrom = 0; ///< of what is known, or being asked
    bool m_known = false;   ///< and nothing has changed since
    bool m_asking = false, m_again = false;
    bool m_cut = false, m_answered = false;
    std::vector<Execution> m_executions;
    QHash<qint64, RequestSummary> m_older; ///< requests that the desk no longer lists
    QSet<qint64> m_elsewhere;              ///< numbers that are no requests of this platform
    std::optional<Error> m_error;
    quint64 m_turn = 0; ///< answers of another desk do not count
};

} // namespace wk::changes
