// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "change/ChangeSession.h"
#include "changes/templates/PlanTemplate.h"

namespace wk::ctl {

/// A plan as the command line gives it, and what the form of a request takes from there.
struct GivenPlan
{
    changes::Plan plan;
    changes::RequestFields fields; ///< prefilled: by the template as far as it knows, else the plan's title
};

/// From --plan FILE ("-": standard input) or --template NAME with the words `values` ("replicas=5"). Every mistake is
/// in the error's detail.
[[nodiscard]] Result<GivenPlan> planOf(ChangeSession& session, const QStringList& values);

/// --template of --platform as the store keeps it: what `values` say is fixed, the rest stays open inside its bounds.
[[nodiscard]] Result<QJsonObject> templateBodyOf(ChangeSession& session, const QStringList& values);

/// Fields of the form that options name (--what, --risk, …) laid over `fields`.
[[nodiscard]] Result<changes::RequestFields> withOptions(changes::RequestFields fields, ChangeSession& session);
/// The options that withOptions() reads, and those of planOf().
[[nodiscard]] QList<QLatin1StringView> formOptions();

/// "key=value" words as a JSON object. A value that reads as a number, a truth value, null, an object, an array or a
/// quoted text is that; everything else is a text. "env.LOG_LEVEL=debug" is the member LOG_LEVEL, always a text, of
/// the object env.
[[nodiscard]] Result<QJsonObject> valuesOf(const QStringList& words);

/// What the steps would change, asked of their clusters one after the other.
class PlanPreview : public QObject
{
    Q_OBJECT
public:
    struct Entry
    {
        std::optional<Error> error; ///< why there is none; also: the cluster's user may not do it
        changes::Preview preview;
    };
    using Done = std::function<void(const QList<Entry>&)>; ///< one for each step; of a check an empty one

    /// `clusters` and `plan` are used until `done` is called.
    PlanPreview(ChangeClusters& clusters, changes::Plan plan, Done done, QObject* parent);
    void start() { next(); }

private:
    void next();
    void add(std::optional<Error> error, const changes::Preview& preview = {});
    void ask(changes::ClusterActions& actions, const changes::Step& step);

    ChangeClusters& m_clusters;
    const changes::Plan m_plan;
    Done m_done;
    QList<Entry> m_entries;
};

/// Asks, and goes on with the entries.
void withPreview(ChangeSession& session, const changes::Plan& plan,
                 std::function<void(const QList<PlanPreview::Entry>&)> then);
/// Each step in words, its difference or why there is none below.
void printPreview(const changes::Plan& plan, const QList<PlanPreview::Entry>& entries);
[[nodiscard]] QJsonArray previewJson(const changes::Plan& plan, const QList<PlanPreview::Entry>& entries);

} // namespace wk::ctl
