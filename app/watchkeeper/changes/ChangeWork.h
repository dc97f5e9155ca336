// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/execution/Gate.h"
#include "changes/templates/PlanTemplateLoader.h"
#include "watchkeeper/changes/ChangeStore.h"
#include "watchkeeper/changes/ExecutionWindow.h"
#include "watchkeeper/changes/PlanClusters.h"
#include "widgets/changes/ChangeMeans.h"

namespace wk::app {

/// What the Changes panel needs: the store behind it, the clusters, and the executions that this program holds. Nothing
/// is opened before open().
class ChangeWork final : public widgets::ChangeMeans
{
    Q_OBJECT
public:
    /// All outlive it. `templateDirs`: beside the built-in templates and the person's own.
    ChangeWork(Platforms& platforms, Clusters& clusters, Settings& settings, secrets::Credentials& credentials,
               std::shared_ptr<Clock> clock, QObject* parent = nullptr);
    ~ChangeWork() override;

    /// Opens the store that the settings name. Once is enough; fails where they name none that can be understood.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool isOpen() const { return m_store && m_store->isOpen(); }
    /// Only once it is open.
    [[nodiscard]] changes::ChangeDesk& desk() { return m_store->desk(); }
    /// Only once it is open.
    [[nodiscard]] changes::UnapprovedBook& unapproved() { return m_store->unapproved(); }
    /// Whether a team's store is configured, which is worth a connection before anybody opened the panel.
    [[nodiscard]] bool hasTeamStore() const;
    void setPassword(const QByteArray& password);

    [[nodiscard]] QFuture<Result<changes::Preview>> preview(const QString& platform,
                                                            const changes::Step& step) override;
    [[nodiscard]] QFuture<Result<changes::Answers>> look(const QString& platform, const changes::Step& step) override;
    [[nodiscard]] QFuture<Result<changes::BoundPlan>> bound(const changes::Plan& plan) override;
    [[nodiscard]] QFuture<Result<QString>> whyNotAllowed(const QString& platform, const changes::Step& step) override;
    [[nodiscard]] QString whyNotAtOnce(const changes::Plan& plan) const override;
    [[nodiscard]] Result<void> runAtOnce(const changes::RequestFields& fields, const changes::Plan& plan) override;
    [[nodiscard]] QString whyNotRun(const changes::RequestDetail& detail) const override;
    [[nodiscard]] QString whyNotTakeOver(const changes::RequestDetail& detail) const override;
    [[nodiscard]] QString whyNotApprove(const changes::RequestDetail& detail) const override;
    [[nodiscard]] Result<void> run(const changes::RequestDetail& detail) override;
    [[nodiscard]] Result<void> takeOver(const changes::RequestDetail& detail, const QString& reason) override;
    [[nodiscard]] changes::Executor* executor(qint64 number) const override;
    /// Every execution that this program holds, ended ones included.
    [[nodiscard]] QList<changes::Executor*> executors() const;
    [[nodiscard]] widgets::ExecutionWorld* world() override { return &m_window; }
    [[nodiscard]] std::vector<std::shared_ptr<const platform::Platform>> platforms() const override;
    [[nodiscard]] std::vector<std::shared_ptr<const changes::PlanTemplate>> templates() const override;
    [[nodiscard]] QFuture<Result<QJsonObject>> liveWorkload(const platform::Platform& platform,
                                                            const QString& workload) override;

signals:
    /// The settings name another store: whoever shows the one before lets go of it now.
    void storeAboutToChange();
    /// It is open, the first one or another.
    void opened();
    /// What was begun at once is on record as that request.
    void filed(qint64 number);
    void notice(const QString& text);

private:
    class Execution;
    /// Of what is done at once, until it is on record under a number.
    static constexpr qint64 noNumber = 0;

    [[nodiscard]] std::unique_ptr<Execution> executionOn(const QString& platform);
    void onNumber();
    Result<void> start(qint64 number, std::unique_ptr<Execution> execution, changes::Gate::Opened opened);

    PlanClusters m_clusters;
    changes::PlanBinder m_binder{
        [this](const QString& platform, const QString& cluster) { return m_clusters.actions(platform, cluster); }};
    ExecutionWindow m_window;
    Settings& m_settings;
    secrets::Credentials& m_credentials;
    std::shared_ptr<Clock> m_clock;
    std::unique_ptr<ChangeStore> m_store;
    std::optional<changes::Gate> m_gate;
    std::map<qint64, std::unique_ptr<Execution>> m_executions;
    mutable std::optional<changes::TemplateLoad> m_templates; ///< read when a form first asks
};

} // namespace wk::app
