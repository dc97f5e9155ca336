// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/changes/rules/RuleDialog.h"

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QTimeEdit;

namespace wk::widgets {

/// Sets a maintenance window or a freeze, or puts another one in the place of `before`. Times that happen once are of
/// this machine's zone; every week's are of the zone that is chosen.
///
/// objectNames inside: "windowKind", "windowName", "windowPlatform", "windowCluster", "windowNamespace",
/// "windowRepeat", "windowFrom", "windowUntil", "windowDay1" … "windowDay7", "windowBegin", "windowEnd", "windowZone".
class WindowDialog final : public RuleDialog
{
    Q_OBJECT
public:
    /// `desk` outlives it. `day`: where a new window begins.
    WindowDialog(changes::ChangeDesk& desk, const std::optional<changes::TimeWindow>& before, const QDate& day,
                 QWidget* parent = nullptr);

    [[nodiscard]] changes::TimeWindow window() const;

protected:
    [[nodiscard]] QString missing() const override;
    [[nodiscard]] changes::ChangeDesk::Written write(const QString& reason) override;

private:
    void buildScope();
    void buildTimes();
    void fill(const changes::TimeWindow& window);
    void showRepeat();
    [[nodiscard]] bool isWeekly() const;

    changes::ChangeDesk& m_desk;
    const qint64 m_replaces;
    QComboBox *m_kind, *m_platform, *m_repeat, *m_zone;
    QLineEdit *m_name, *m_cluster, *m_space;
    QDateTimeEdit *m_from, *m_until;
    QWidget* m_days;
    QList<QCheckBox*> m_day;
    QTimeEdit *m_begin, *m_end;
};

/// Ends a window before its time, with a reason.
class EndWindowDialog final : public RuleDialog
{
    Q_OBJECT
public:
    EndWindowDialog(changes::ChangeDesk& desk, const changes::TimeWindow& window, QWidget* parent = nullptr);

protected:
    [[nodiscard]] QString missing() const override { return {}; }
    [[nodiscard]] changes::ChangeDesk::Written write(const QString& reason) override;

private:
    changes::ChangeDesk& m_desk;
    const qint64 m_id;
};

} // namespace wk::widgets
