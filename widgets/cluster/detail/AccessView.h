// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cluster/objects/AccessReader.h"
#include "widgets/common/SummaryView.h"

#include <QtWidgets/QStackedWidget>

namespace wk::widgets {

class StateView;

/// The answer as lines for SummaryView: what I may do, who may change the object, who may read it.
[[nodiscard]] QList<SummarySection> accessSections(const cluster::AccessReader::Answer& answer, const QString& me);

/// What may be done with an object: by me, as the server says; by others, as roles and bindings say.
///
/// objectNames inside: "accessSummary", "accessState".
class AccessView : public QStackedWidget
{
    Q_OBJECT
public:
    explicit AccessView(QWidget* parent = nullptr);
    ~AccessView() override;

    /// Asks where that is another object than before.
    void setObject(const std::shared_ptr<cluster::ClusterView>& cluster, const cluster::ResourceKind& kind,
                   const QString& space, const QString& name);
    void clear();
    [[nodiscard]] SummaryView* summary() const { return m_summary; }

signals:
    /// As linkTo() says it.
    void linkActivated(const QString& link);

private:
    void take(const cluster::AccessReader::Answer& answer);

    QString m_key, m_me;
    std::unique_ptr<cluster::AccessReader> m_reader;
    SummaryView* m_summary;
    StateView* m_state;
};

} // namespace wk::widgets
