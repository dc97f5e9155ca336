// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LogTarget.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::logs {

using namespace Qt::StringLiterals;

namespace {

QString words(const char* text) { return QCoreApplication::translate("wk::LogTarget", text); }

QStringList labelTerms(const QJsonObject& labels)
{
    QStringList terms;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        terms.append(it.key() + u'=' + it.value().toString());
    return terms;
}

/// metav1.LabelSelectorRequirement as a query's term.
QString expressionTerm(const QJsonObject& e)
{
    QStringList values;
    for (const QJsonValue& v : e.value(u"values").toArray())
        values.append(v.toString());
    const QString key = e.value(u"key").toString(), op = e.value(u"operator").toString();
    if (op == u"Exists")
        return key;
    if (op == u"DoesNotExist")
        return u'!' + key;
    return u"%1 %2 (%3)"_s.arg(key, op == u"NotIn" ? u"notin"_s : u"in"_s, values.join(u','));
}

} // namespace

LogTarget LogTarget::pod(const QString& space, const QString& name)
{
    return {space, {}, "metadata.name=" + name.toUtf8(), words("pod %1").arg(name)};
}

Result<LogTarget> targetOf(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QJsonObject meta = object.value(u"metadata").toObject(), spec = object.value(u"spec").toObject();
    const QString kind = object.value(u"kind").toString(), name = meta.value(u"name").toString();
    const QString space = meta.value(u"namespace").toString();
    if (name.isEmpty())
        return fail(Error::Kind::BadInput, words("This is no object of a cluster."));
    if (kind == u"Pod")
        return LogTarget::pod(space, name);
    LogTarget target{space, {}, {}, u"%1 %2"_s.arg(kind.toLower(), name)};
    if (kind == u"Node") {
        target.fieldSelector = "spec.nodeName=" + name.toUtf8();
        return target;
    }
    if (kind == u"CronJob") {
        // Its jobs' pods have the labels of its template, and each its job's name (kubernetes/pkg/controller/job).
        const QJsonObject pods =
            spec.value(u"jobTemplate").toObject().value(u"spec").toObject().value(u"template").toObject();
        const QStringList labels = labelTerms(pods.value(u"metadata").toObject().value(u"labels").toObject());
        target.labelSelector = (QStringList{u"job-name"_s} + labels).join(u',').toUtf8();
        target.cronJobUid = meta.value(u"uid").toString();
        return target;
    }
    const QJsonObject selector = spec.value(u"selector").toObject();
    const bool plain = kind == u"Service" || kind == u"ReplicationController";
    QStringList terms = labelTerms(plain ? selector : selector.value(u"matchLabels").toObject());
    if (!plain)
        for (const QJsonValue& e : selector.value(u"matchExpressions").toArray())
            terms.append(expressionTerm(e.toObject()));
    if (terms.isEmpty())
        return fail(Error::Kind::Unsupported, words("%1 %2 chooses no pods, so it has no logs.").arg(kind, name));
    target.labelSelector = terms.join(u',').toUtf8();
    return target;
}

bool hasLogs(const QString& kindId)
{
    static const QStringList ids{u"pods"_s,
                                 u"deployments.apps"_s,
                                 u"statefulsets.apps"_s,
                                 u"daemonsets.apps"_s,
                                 u"replicasets.apps"_s,
                                 u"jobs.batch"_s,
                                 u"cronjobs.batch"_s,
                                 u"services"_s,
                                 u"replicationcontrollers"_s,
                                 u"nodes"_s};
    return ids.contains(kindId);
}

} // namespace wk::logs
