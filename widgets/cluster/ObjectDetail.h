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

class AccessView;
class CodeView;
class HealthBadge;
class RelatedView;
class RevisionView;
class StateView;
class SummaryView;
class UsageView;
struct SummarySection;

/// One object in full: its summary in words, what it has to do with others, its earlier revisions, who may do what with
/// it, and its YAML. The object is fetched when it is shown and again when its row changes; what the other pages need
/// is asked for once they are looked at. Values of secrets are fetched one at a time, only when a person asks, and are
/// hidden again after `revealMs` or on leaving; nothing keeps them. Of certificates in them, subject and dates are
/// told.
///
/// objectNames inside: "detailTabs", "detailSummary", "usageView", "relatedView", "revisionView", "accessView",
/// "detailYaml", "detailState", "detailHealth", "detailCopy", "detailClose".
class ObjectDetail : public QWidget
{
    Q_OBJECT
public:
    static constexpr qint64 revealMs = 30'000;
    static constexpr qint64 refetchMs = 2'000; ///< least time between two fetches of a busy object
    static constexpr qint64 tickMs = 5'000;    ///< how often what is shown grows older
    enum class Page { Summary, Usage, Related, Revisions, Access, Yaml }; ///< in the order of the tabs
    enum class CopyAs { Yaml, Json, Kubectl };

    explicit ObjectDetail(std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// Shows an object of that kind. `source` holds its row (and goes on to say how it fares); `events` may be null.
    void showObject(std::shared_ptr<cluster::ClusterView> cluster, const cluster::ResourceKind& kind,
                    const QString& space, const QString& name, std::shared_ptr<table::TableSource> source,
                    std::shared_ptr<table::TableSource> events);
    /// Stands between the head and the parts; becomes its own.
    void setActionBar(QWidget* bar);
    /// Forgets the object, and every value shown.
    void clear();
    /// A page that this object has not leaves the one that is shown.
    void showPage(Page page);
    [[nodiscard]] Page page() const;
    /// As it is shown: without managedFields and without the values of a secret.
    [[nodiscard]] QString textFor(CopyAs form) const;
    void copy(CopyAs form);

    [[nodiscard]] bool hasObject() const { return m_cluster != nullptr; }
    /// True once the first answer (or refusal) is on the screen.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] bool isGone() const { return m_gone; }
    [[nodiscard]] const cluster::ResourceKind& kind() const { return m_kind; }
    [[nodiscard]] const QString& space() const { return m_space; }
    [[nodiscard]] const QString& name() const { return m_name; }

signals:
    void closeRequested();
    /// Something was done that cannot be seen ("Copied").
    void notice(const QString& text);
    /// A reference was followed (owner, node, volume).
    void targetRequested(const wk::cluster::ClusterTarget& target);
    void loaded();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    void buildTabs();
    void buildPages();
    [[nodiscard]] QWidget* makeCopyButton();
    /// Brings the page that is looked at up to date.
    void refreshPage();
    void fetch();
    void fetchSoon();
    void onFetched(const Result<QByteArray>& answer);
    void take(const QJsonObject& object, const QString& yaml);
    /// Asks for a secret's values once more where certificates seem to be among them; keeps only what they say.
    void readCertificates();
    void findRow();
    void onBatch(const table::Batch& batch);
    void setRow(table::RowPtr row);
    void onGone();
    /// Ages go on while nothing else changes.
    void tick();
    void refresh();
    void refreshHeader();
    /// What it is, where, and since when.
    [[nodiscard]] QString subtitle() const;
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
    QJsonObject m_object;     ///< as it was read last; of secrets without values
    QJsonObject m_secretData; ///< sizes in words by key; never values
    QList<cluster::FactSection> m_certificates;
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
    RelatedView* m_related = nullptr;
    RevisionView* m_history = nullptr;
    AccessView* m_access = nullptr;
    UsageView* m_usage = nullptr;
    CodeView* m_yaml = nullptr;
};

} // namespace wk::widgets
