// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "logs/LogSession.h"
#include "table/Row.h"
#include "widgets/common/FileDialogs.h"

#include <QtCore/QFuture>
#include <QtWidgets/QWidget>

class QComboBox;
class QToolButton;

namespace wk::widgets {

class LogPanel;
class StaleBanner;

/// Whose log somebody wants to read, and how it is reached.
struct LogAsk
{
    QString id;            ///< the same for the same object: a log that is open is shown again
    QString title;         ///< "api-gateway"
    QString where;         ///< "deployment in streamgate, cluster StreamGate"
    bool previous = false; ///< the run before the present one
    /// Whose pods; asked each time that the log is read anew.
    std::function<QFuture<Result<logs::LogTarget>>()> find;
    /// Takes the feed in; fails where there is no way to the cluster any more. Asked each time, too.
    std::function<Result<logs::LogSession::Host>()> host;
    logs::LogSession::Options options = {};
};

/// One log that is open: which containers, since when, which run; the lines; and a warning while what is shown may not
/// be all there is.
///
/// objectNames inside: "logContainer", "logSince", "logPrevious", "logAnew", "staleBanner".
class LogPage : public QWidget
{
    Q_OBJECT
public:
    static constexpr qint64 staleAfterMs = 3'000; ///< trouble that lasts; shorter than that nobody needs to know
    /// How much of a log is read at first: a number of lines of each container, or since when.
    struct Beginning
    {
        QString title;
        std::optional<qint64> lines, ms; ///< neither: all there is
    };

    /// `files` outlives the page.
    LogPage(LogAsk ask, std::shared_ptr<Clock> clock, FileDialogs& files, QWidget* parent = nullptr);
    ~LogPage() override;

    /// Reads it, anew where it was read before: the lines of before are gone.
    void begin();
    void setPrevious(bool previous);
    [[nodiscard]] const LogAsk& ask() const { return m_ask; }
    [[nodiscard]] LogPanel* panel() const { return m_panel; }
    /// As the choosers stand.
    [[nodiscard]] logs::LogWish wish() const;
    [[nodiscard]] static QList<Beginning> beginnings();
    /// Whether all that can be read is shown, and since when and why not.
    [[nodiscard]] table::Freshness freshness() const;

signals:
    /// Back to where the person came from.
    void leaveRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    void onFound(const Result<logs::LogTarget>& target);
    void refresh();
    void refreshContainers();
    /// Why not everything that is written comes; nothing where it does.
    [[nodiscard]] std::optional<Error> trouble() const;

    LogAsk m_ask;
    std::shared_ptr<Clock> m_clock;
    quint64 m_round = 0; ///< of reading: answers to an earlier one are dropped
    qint64 m_troubleMs = 0;
    std::shared_ptr<void> m_timer;
    LogPanel* m_panel;
    StaleBanner* m_banner;
    QComboBox* m_container;
    QComboBox* m_since;
    QToolButton* m_previous;
    QToolButton* m_anew;
};

} // namespace wk::widgets
