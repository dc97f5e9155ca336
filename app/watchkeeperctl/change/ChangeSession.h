// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Commands.h"
#include "StoreAccess.h"
#include "change/ChangeClusters.h"
#include "changes/desk/Requests.h"
#include "core/Future.h"

#include <span>

namespace wk::ctl {

/// One run of `change`, `action` or `audit`: the store's desk, the platforms and the clusters, each opened when it is
/// asked for. Ends the program by finish() or fail(); nothing in it waits.
class ChangeSession : public QObject
{
    Q_OBJECT
public:
    explicit ChangeSession(const Arguments& arguments);
    ~ChangeSession() override;

    [[nodiscard]] const Arguments& arguments() const { return m_arguments; }
    /// The words after the sub-command.
    [[nodiscard]] QString word(qsizetype place) const { return m_arguments.words.value(place + 1); }
    [[nodiscard]] bool wantsJson() const { return m_arguments.output == QStringLiteral("json"); }

    /// Connects to the store and reads; then goes on with `then`, or ends the program where that fails.
    void openDesk(std::function<void()> then);
    [[nodiscard]] bool hasDesk() const { return m_desk != nullptr; }
    [[nodiscard]] changes::Requests& desk() { return *m_desk; }
    [[nodiscard]] store::Store& store() { return m_access->store(); }
    [[nodiscard]] ChangeClusters& clusters() { return m_clusters; }
    [[nodiscard]] Clock& clock() { return m_clock; }

    /// Goes on with the value; an error ends the program.
    template <typename T, typename F>
    void with(const QFuture<Result<T>>& future, F f)
    {
        whenDone(future, this, [this, f = std::move(f)](const Result<T>& result) mutable {
            if (result)
                f(*result);
            else
                fail(result.error());
        });
    }
    /// Reads a request and goes on with it.
    void withDetail(qint64 number, std::function<void(const changes::RequestDetail&)> then);
    /// The request whose number is the first word; ends the program where it is none.
    void withRequest(std::function<void(const changes::RequestDetail&)> then);

    void finish(int code);
    void fail(const Error& error);
    /// Ends the program with ExitCode::Usage.
    void misuse(const QString& sentence);

private:
    void onDesk();

    Arguments m_arguments;
    SystemClock m_clock;
    ChangeClusters m_clusters;
    std::unique_ptr<StoreAccess> m_access;
    std::unique_ptr<changes::Requests> m_desk;
    std::function<void()> m_then;
    bool m_finished = false;
};

/// One sub-command, such as `change approve`.
struct SubCommand
{
    QString name;
    qsizetype least, most;               ///< how many words follow it
    bool needsStore;                     ///< run() is called once the desk can be used
    QList<QLatin1StringView> options;    ///< beside --kubeconfig, --context, -n, -o, --store and the like
    void (*run)(ChangeSession& session); ///< ends the program, now or later
};

/// Starts the one that the first word after the verb names; returns an exit code, or -1 and sets `running`.
[[nodiscard]] int runSubCommand(std::span<const SubCommand> commands, const Arguments& arguments, Running& running);

/// "2026-11-21T18:00Z", "2026-11-21T19:00+01:00", or from now on: "+2h", "-30d".
[[nodiscard]] Result<QDateTime> momentOf(const QString& text, const Clock& clock);

} // namespace wk::ctl
