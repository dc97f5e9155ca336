// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/unapproved/KnownObjects.h"
#include "changes/unapproved/ObjectChange.h"
#include "changes/unapproved/ObjectWatch.h"
#include "core/Clock.h"

#include <QtCore/QSet>

namespace wk::changes {

/// Watches what a platform's people mean to decide about (workloads with their scale, config maps, autoscalers,
/// services, ingresses) and tells of every change that no plan of ours made.
///
/// Rows hold no specification. So the tables' feeds say which object has another version now; that one object is read
/// and compared with how it was last seen. What is read at the start is the state to compare with: what was changed
/// before is nobody's news. On the GUI thread; nothing waits.
class UnapprovedChanges : public QObject
{
    Q_OBJECT
public:
    struct Setup
    {
        QString cluster;    ///< as the platform file calls it
        QStringList spaces; ///< {""}: all namespaces
        std::vector<platform::Manager> managers;
        qint64 maxBytes = 64 << 20; ///< of packed objects; what does not fit is not followed, and said so
    };
    struct Status
    {
        bool complete = false;      ///< everything was read once: from now on nothing escapes
        qsizetype objects = 0;      ///< that are followed
        qsizetype notFollowed = 0;  ///< for want of room
        std::optional<Error> error; ///< why something cannot be read
    };

    /// The ids of the kinds that are watched.
    [[nodiscard]] static const QStringList& kindIds();

    /// Both references outlive it.
    UnapprovedChanges(Setup setup, ObjectWatch& watch, Clock& clock, QObject* parent = nullptr);
    ~UnapprovedChanges() override;

    void start();
    /// Targets (Target::key()) that a running plan touches, of whoever's execution. One that is taken off the list
    /// counts as ours for some seconds more, until the last of it was seen.
    void setRunning(const QSet<QString>& targets);
    /// Of an execution that was over before anybody heard of it.
    void addEnded(const QSet<QString>& targets);
    /// Whether the request's execution ended so lately that what it did may still be to be seen.
    [[nodiscard]] static bool endedJustNow(const RequestSummary& request, const Clock& clock);
    [[nodiscard]] const Status& status() const { return m_status; }

signals:
    /// Nobody asked for it.
    void found(const wk::changes::ObjectChange& change);
    /// Every change of what somebody means, whoever made it; before found().
    void changed(const wk::changes::ObjectChange& change);
    void statusChanged();

private:
    struct Subject
    {
        cluster::ResourceKind kind;
        QString space;
        bool read = false;
        std::vector<cluster::ObjectVersion> early; ///< seen before it was read
    };
    struct Look
    {
        QString kindId, space, name;
        bool underWay = false, again = false;
        qint64 notBeforeMs = 0; ///< monotonic
    };

    void begin();
    void readSubject(Subject& subject, const QString& continueToken);
    void onPage(Subject& subject, const Result<QByteArray>& body);
    void onSeen(const QString& kindId, const std::vector<cluster::ObjectVersion>& versions);
    void onMissing(const QStringList& uids);
    [[nodiscard]] Subject* subject(const QString& kindId, const QString& space);
    void look(const QString& kindId, const QString& space, const QString& name);
    void pump();
    void send(Look& look);
    void onObject(const QString& key, const Result<QByteArray>& body);
    void compare(const Look& look, const QJsonObject& after);
    void judge(const Target& target, const QJsonObject& before, const QJsonObject& after);
    void tell(const Target& target, const QJsonObject& before, const QJsonObject& after, Circumstances circumstances);
    void keep(const QString& kindId, const QJsonObject& object);
    [[nodiscard]] Target targetOf(const QString& kindId, const QJsonObject& object) const;
    [[nodiscard]] bool isOurs(const Target& target) const;
    void later(qint64 ms, std::function<void()> then);
    void setError(const Error& error);
    void publish();

    Setup m_setup;
    ObjectWatch& m_watch;
    Clock& m_clock;
    ChangeJudge m_judge;
    KnownObjects m_known;
    Status m_status;
    bool m_begun = false;
    std::vector<std::unique_ptr<Subject>> m_subjects;
    QHash<QString, Look> m_looks; ///< by kind, namespace and name
    int m_underWay = 0;
    std::shared_ptr<void> m_timer;
    QHash<quint64, std::shared_ptr<void>> m_waits;
    quint64 m_lastWait = 0;
    QSet<QString> m_notFollowed; ///< uids that did not fit
    QSet<QString> m_running;
    QHash<QString, qint64> m_justRan; ///< target to the monotonic moment until which it counts as ours
};

} // namespace wk::changes
