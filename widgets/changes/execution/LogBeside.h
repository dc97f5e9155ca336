// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "core/Result.h"
#include "table/TableSource.h"

#include <QtCore/QFuture>
#include <QtWidgets/QWidget>

#include <memory>

class QComboBox;
class QLabel;

namespace wk::widgets {

class CodeView;

/// The end of the log of one of a workload's pods, read again every few seconds: of the pod that fares worst, among
/// equals of the newest, unless a person chooses another.
///
/// objectNames inside: "logPod", "logNote", "logText".
class LogBeside : public QWidget
{
    Q_OBJECT
public:
    static constexpr int lines = 200;
    static constexpr qint64 pollMs = 2'000;

    struct Pod
    {
        QString cluster, space, name;
        bool operator==(const Pod&) const = default;
    };
    /// Reads the end of a pod's log.
    using ReadLog = std::function<QFuture<Result<QByteArray>>(const Pod&)>;
    struct Pods
    {
        QString cluster;
        std::shared_ptr<table::TableSource> source;
    };

    explicit LogBeside(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Pods whose names begin with one of `names` and a hyphen.
    void follow(QList<Pods> pods, const QStringList& names, ReadLog read, const QString& problem);
    [[nodiscard]] std::optional<Pod> pod() const;
    [[nodiscard]] QString text() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refreshPods();
    void readSoon(qint64 ms);
    void read();
    void take(const Pod& asked, const Result<QByteArray>& answer);

    std::shared_ptr<Clock> m_clock;
    QList<Pods> m_pods;
    QStringList m_names;
    ReadLog m_read;
    QString m_problem;
    QList<Pod> m_offered;
    bool m_chosen = false; ///< by the person
    bool m_asking = false;
    std::shared_ptr<void> m_timer;
    QComboBox* m_choice;
    QLabel* m_note;
    CodeView* m_text;
};

} // namespace wk::widgets
