// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/tallies/UsageHistory.h"

#include "cluster/KindCatalog.h"
#include "core/Future.h"
#include "core/Quantity.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::cluster {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<Error> garbage(const QString& detail)
{
    return fail(Error::Kind::Protocol,
                QCoreApplication::translate("wk::cluster::Usage", "The usage figures cannot be read."), detail);
}

UsageSample::Part partOf(const QString& name, const QJsonObject& usage)
{
    const auto amount = [&](QLatin1StringView key) { return usage.value(key).toString().toStdString(); };
    return {name, parseQuantityMilli(amount("cpu"_L1)).value_or(0), parseQuantity(amount("memory"_L1)).value_or(0)};
}

} // namespace

Result<UsageSample> parseUsageSample(const QByteArray& json)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(json, &error).object();
    if (error.error != QJsonParseError::NoError)
        return garbage(error.errorString());
    const QDateTime at = QDateTime::fromString(object.value("timestamp"_L1).toString(), Qt::ISODateWithMs);
    if (!at.isValid())
        return garbage(u"no timestamp"_s);
    UsageSample sample{.atMs = at.toMSecsSinceEpoch(), .parts = {}};
    if (object.contains("usage"_L1))
        sample.parts.push_back(partOf({}, object.value("usage"_L1).toObject()));
    const QJsonArray containers = object.value("containers"_L1).toArray();
    for (const QJsonValue& container : containers)
        sample.parts.push_back(partOf(container["name"_L1].toString(), container["usage"_L1].toObject()));
    return sample;
}

UsageHistory::UsageHistory(std::shared_ptr<ClusterView> cluster, const ResourceKind& kind, QString space, QString name,
                           std::shared_ptr<Clock> clock, QObject* parent)
    : QObject(parent), m_cluster(std::move(cluster)), m_metrics(metricsKind(*m_cluster, kind)),
      m_space(std::move(space)), m_name(std::move(name)), m_clock(std::move(clock))
{
}

ResourceKind UsageHistory::metricsKind(const ClusterView& cluster, const ResourceKind& kind)
{
    if (!kind.group.isEmpty() || (kind.resource != u"pods" && kind.resource != u"nodes"))
        return {};
    return kindById(cluster.kinds(), kind.resource + u".metrics.k8s.io"_s);
}

void UsageHistory::setActive(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    m_timer.reset();
    if (m_active)
        ask();
}

void UsageHistory::ask()
{
    if (m_asking || m_metrics.resource.isEmpty())
        return;
    m_asking = true;
    whenDone(m_cluster->fetchObject(m_metrics, m_space, m_name), this,
             [this](const Result<QByteArray>& answer) { take(answer); });
}

void UsageHistory::take(const Result<QByteArray>& answer)
{
    m_asking = false;
    auto sample = answer ? parseUsageSample(*answer) : Result<UsageSample>(fail(answer.error()));
    if (sample) {
        m_error.reset();
        // It is measured less often than it is asked for.
        if (m_samples.empty() || sample->atMs > m_samples.back().atMs)
            m_samples.push_back(std::move(*sample));
        if (m_samples.size() > mostSamples)
            m_samples.erase(m_samples.begin());
    } else {
        m_error = sample.error();
    }
    if (m_active)
        m_timer = m_clock->after(this, intervalMs, [this] { ask(); });
    emit changed();
}

} // namespace wk::cluster
