// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/ClusterView.h"
#include "cluster/connection/ClusterTarget.h"
#include "cluster/objects/ObjectSummary.h"

#include <QtCore/QPointer>
#include <QtWidgets/QWidget>

class QBoxLayout;
class QLabel;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace wk::widgets {

class CodeView;
class HealthBadge;
class StateView;
class SummaryView;
struct SummarySection;

/// One object in full: its summary in words and its YAML. The object is fetched when it is shown and again when its row
/// changes. Values of secrets are fetched one at a time, only when a person asks, and are hidden again after `revealMs`
/// or on leaving; nothing keeps them.
///
/// objectNames inside: "detailTabs", "detailSummary", "detailYaml", "detailState", "detailHealth", "detailClose".
class ObjectDetail : public QWidget
{
    Q_OBJECT
public:
    static constexpr qint64 revealMs = 30'000;
    static constexpr qint64 refetchMs = 2'000; ///< least time between two fetches of a busy object
    static constexpr qint64 tickMs = 5'000;    ///< how often what is shown grows older
    enum class Page { Summary, Yaml };

    explicit ObjectDetail(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Shows an object of that kind. `source` holds its row (and goes on to say how it fares); `events` may be null.
    void showObject(std::shared_ptr<cluster::ClusterView> cluster, const cluster::ResourceKind& kind,
                    const QString& space, const QString& name, std::shared_ptr<table::TableSource> source,
                    std::shared_ptr<table::TableSource> events);
    /// Stands between the head and the parts; becomes its own.
    void setActionBar(QWidget* bar);
    /// Forgets the object, and every value shown.
    void clear();
    void showPage(Page page);
    [[nodiscard]] Page page() const;

    [[nodiscard]] bool hasObject() const { return m_cluster != nullptr; }
    /// True once the first answer (or refusal) is on the screen.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] bool isGone() const { return m_gone; }
    [[nodiscard]] const cluster::ResourceKind& kind() const { return m_kind; }
    [[nodiscard]] const QString& space() const { return m_space; }
    [[nodiscard]] const QString& name() const { return m_name; }

signals:
    void closeRequested();
    /// A reference was followed (owner, node, volume).
    void targetRequested(const wk::cluster::ClusterTarget& target);
    void loaded();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    void fetch();
    void fetchSoon();
    void onFetched(const Result<QByteArray>& answer);
    void findRow();
    void onBatch(const table::Batch& batch);
    void setRow(table::RowPtr row);
    void onGone();
    /// Ages go on while nothing else changes.
    void tick();
    void refresh();
    void refreshHeader();
    /// As events name this object.
    [[nodiscard]] QString eventObject() const;
    [[nodiscard]] QList<SummarySection> sections() const;
    [[nodiscard]] SummarySection secretSection() const;
    void onLink(const QString& link);
    void reveal(const QString& key);
    void hideSecret();

    std::shared_ptr<Clock> m_clock;
    std::shared_ptr<cluster::ClusterView> m_cluster;
    cluster::ResourceKind m_kind;
    QString m_space, m_name;
    std::shared_ptr<table::TableSource> m_source, m_events;
    table::RowPtr m_row;
    cluster::ObjectSummary m_summary;
    QJsonObject m_secretData; ///< sizes in words by key; never values
    QString m_revealedKey, m_revealedValue;
    std::optional<Error> m_error;
    quint64 m_generation = 0; ///< answers to an earlier object or question are dropped
    bool m_loaded = false, m_gone = false, m_fetching = false, m_again = false;
    qint64 m_fetchedMs = 0;
    std::shared_ptr<void> m_refetchTimer, m_hideTimer, m_tickTimer;

    QLabel* m_title = nullptr;
    QLabel* m_subtitle = nullptr;
    HealthBadge* m_health = nullptr;
    QLabel* m_reason = nullptr;
    QBoxLayout* m_head = nullptr;
    QTabBar* m_tabs = nullptr;
    QToolButton* m_close = nullptr;
    QStackedWidget* m_stack = nullptr;
    StateView* m_state = nullptr;
    SummaryView* m_summaryView = nullptr;
    CodeView* m_yaml = nullptr;
};

} // namespace wk::widgets
