// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies in protobuf, as kubectl's own commands send them (create deployment, autoscale, drain, …). Field numbers:
// generated.proto of k8s.io/api.
#include "cluster/render/Message.h"
#include "fleet/api/RequestBody.h"

#include <QtCore/QJsonArray>

#include <protozero/pbf_reader.hpp>

using namespace Qt::StringLiterals;

namespace wk::fleet {

namespace {

using namespace wk::cluster::render;

constexpr Message owner("OwnerReference", text(1, "kind"), text(3, "name"), text(4, "uid"), text(5, "apiVersion"),
                        flag(6, "controller"), flag(7, "blockOwnerDeletion"));
constexpr Message meta("ObjectMeta", text(1, "name"), text(2, "generateName"), text(3, "namespace"), text(5, "uid"),
                       text(6, "resourceVersion"), textMap(11, "labels"), textMap(12, "annotations"),
                       objects(13, "ownerReferences", owner));
constexpr Message preconditions("Preconditions", text(1, "uid"), text(2, "resourceVersion"));
constexpr Message deleteOptions("DeleteOptions", integer(1, "gracePeriodSeconds"),
                                object(2, "preconditions", preconditions), flag(3, "orphanDependents"),
                                text(4, "propagationPolicy"), texts(5, "dryRun"));
constexpr Message eviction("Eviction", object(1, "metadata", meta), object(2, "deleteOptions", deleteOptions));

constexpr Message labelSelector("LabelSelector", textMap(1, "matchLabels"));
constexpr Message port("ContainerPort", text(1, "name"), integer(2, "hostPort"), integer(3, "containerPort"),
                       text(4, "protocol"));
constexpr Message env("EnvVar", text(1, "name"), text(2, "value"));
constexpr Message needs("ResourceRequirements", quantityMap(1, "limits"), quantityMap(2, "requests"));
constexpr Message container("Container", text(1, "name"), text(2, "image"), texts(3, "command"), texts(4, "args"),
                            text(5, "workingDir"), objects(6, "ports", port), objects(7, "env", env),
                            object(8, "resources", needs), text(13, "terminationMessagePath"),
                            text(14, "imagePullPolicy"));
constexpr Message podSpec("PodSpec", objects(2, "containers", container), text(3, "restartPolicy"),
                          integer(4, "terminationGracePeriodSeconds"), text(6, "dnsPolicy"), textMap(7, "nodeSelector"),
                          text(8, "serviceAccountName"));
constexpr Message podTemplate("PodTemplateSpec", object(1, "metadata", meta), object(2, "spec", podSpec));
constexpr Message deploymentSpec("DeploymentSpec", integer(1, "replicas"), object(2, "selector", labelSelector),
                                 object(3, "template", podTemplate));
constexpr Message jobSpec("JobSpec", integer(1, "parallelism"), integer(2, "completions"),
                          object(6, "template", podTemplate), integer(7, "backoffLimit"));

constexpr Message target("CrossVersionObjectReference", text(1, "kind"), text(2, "name"), text(3, "apiVersion"));
constexpr Message metricTarget("MetricTarget", text(1, "type"), integer(4, "averageUtilization"));
constexpr Message resourceMetric("ResourceMetricSource", text(1, "name"), object(2, "target", metricTarget));
constexpr Message metric("MetricSpec", text(1, "type"), object(4, "resource", resourceMetric));
constexpr Message scalerV1("HorizontalPodAutoscalerSpec", object(1, "scaleTargetRef", target),
                           integer(2, "minReplicas"), integer(3, "maxReplicas"),
                           integer(4, "targetCPUUtilizationPercentage"));
constexpr Message scalerV2("HorizontalPodAutoscalerSpec", object(1, "scaleTargetRef", target),
                           integer(2, "minReplicas"), integer(3, "maxReplicas"), objects(4, "metrics", metric));
constexpr Message budgetSpec("PodDisruptionBudgetSpec", intOrString(1, "minAvailable"),
                             object(2, "selector", labelSelector), intOrString(3, "maxUnavailable"));
constexpr Message servicePort("ServicePort", text(1, "name"), text(2, "protocol"), integer(3, "port"),
                              intOrString(4, "targetPort"), integer(5, "nodePort"));
constexpr Message serviceSpec("ServiceSpec", objects(1, "ports", servicePort), textMap(2, "selector"),
                              text(3, "clusterIP"), text(4, "type"));

template <const auto& spec>
constexpr Message withSpec("object", object(1, "metadata", meta), object(2, "spec", spec));

constexpr Message configuration("ConfigMap", object(1, "metadata", meta), textMap(2, "data"));
constexpr Message secret("Secret", object(1, "metadata", meta), keyMap(2, "data"), text(3, "type"));
constexpr Message bare("object", object(1, "metadata", meta));

struct Entry
{
    std::string_view apiVersion;
    std::string_view kind;
    const Schema* schema;
};

const Entry entries[] = {
    {"policy/v1", "Eviction", &eviction},
    {"policy/v1beta1", "Eviction", &eviction},
    {"v1", "DeleteOptions", &deleteOptions},
    {"apps/v1", "Deployment", &withSpec<deploymentSpec>},
    {"batch/v1", "Job", &withSpec<jobSpec>},
    {"autoscaling/v1", "HorizontalPodAutoscaler", &withSpec<scalerV1>},
    {"autoscaling/v2", "HorizontalPodAutoscaler", &withSpec<scalerV2>},
    {"policy/v1", "PodDisruptionBudget", &withSpec<budgetSpec>},
    {"v1", "Service", &withSpec<serviceSpec>},
    {"v1", "ConfigMap", &configuration},
    {"v1", "Secret", &secret},
    {"v1", "Namespace", &bare},
    {"v1", "ServiceAccount", &bare},
};

using protozero::pbf_reader;

QString textOf(pbf_reader& r) { return QString::fromStdString(r.get_string()); }

/// The single text in a Quantity.
QString quantityText(pbf_reader message)
{
    QString out;
    while (message.next())
        if (message.tag() == 1)
            out = textOf(message);
        else
            message.skip();
    return out;
}

QJsonValue choice(pbf_reader message)
{
    qint64 kind = 0, number = 0;
    QString text;
    while (message.next()) {
        if (message.tag() == 1)
            kind = message.get_int64();
        else if (message.tag() == 2)
            number = message.get_int32();
        else if (message.tag() == 3)
            text = textOf(message);
        else
            message.skip();
    }
    return kind == 1 ? QJsonValue(text) : QJsonValue(number);
}

void readEntry(pbf_reader message, FieldType type, QJsonObject& into)
{
    QString key;
    QJsonValue value = QString();
    while (message.next()) {
        if (message.tag() == 1)
            key = textOf(message);
        else if (message.tag() != 2)
            message.skip();
        else if (type == FieldType::QuantityMap)
            value = quantityText(message.get_message());
        else if (type == FieldType::KeyMap)
            value = QString::fromLatin1(QByteArray::fromStdString(message.get_string()).toBase64());
        else
            value = textOf(message);
    }
    into[key] = value;
}

/// As deep as the schema, whatever the bytes say.
QJsonObject readMessage(pbf_reader message, const Schema& schema)
{
    QJsonObject out;
    while (message.next()) {
        const int position = schema.positionOf(message.tag());
        if (position < 0) {
            message.skip();
            continue;
        }
        const Field& field = schema.fields[std::size_t(position)];
        const QString name = QString::fromUtf8(field.name.data(), qsizetype(field.name.size()));
        QJsonValue value;
        switch (field.type) {
        case FieldType::Bool: value = message.get_bool(); break;
        case FieldType::Int: value = qint64(message.get_int64()); break;
        case FieldType::Message: value = readMessage(message.get_message(), *field.child); break;
        case FieldType::IntOrString: value = choice(message.get_message()); break;
        case FieldType::StringMap:
        case FieldType::QuantityMap:
        case FieldType::KeyMap: {
            QJsonObject map = out.value(name).toObject();
            readEntry(message.get_message(), field.type, map);
            out[name] = map;
            continue;
        }
        default: value = textOf(message); break;
        }
        // An unset text or message travels as an empty one: in JSON it is left out.
        if (!field.repeated && (value == QJsonValue(QString()) || value == QJsonValue(QJsonObject())))
            continue;
        if (!field.repeated) {
            out[name] = value;
            continue;
        }
        QJsonArray list = out.value(name).toArray();
        list.append(value);
        out[name] = list;
    }
    return out;
}

} // namespace

Result<QJsonObject> objectFromProtobuf(const QByteArray& body)
{
    if (!body.startsWith(QByteArray("k8s\0", 4)))
        return fail(Error::Kind::BadInput, u"provided data does not appear to be a protobuf message"_s);
    try {
        std::string apiVersion, kind, raw;
        pbf_reader unknown(body.constData() + 4, std::size_t(body.size() - 4));
        while (unknown.next()) {
            if (unknown.tag() == 1) {
                pbf_reader type = unknown.get_message();
                while (type.next()) {
                    if (type.tag() == 1)
                        apiVersion = type.get_string();
                    else if (type.tag() == 2)
                        kind = type.get_string();
                    else
                        type.skip();
                }
            } else if (unknown.tag() == 2) {
                raw = unknown.get_string();
            } else {
                unknown.skip();
            }
        }
        for (const Entry& e : entries) {
            if (e.apiVersion != apiVersion || e.kind != kind)
                continue;
            QJsonObject object = readMessage(pbf_reader(raw), *e.schema);
            object[u"apiVersion"_s] = QString::fromStdString(apiVersion);
            object[u"kind"_s] = QString::fromStdString(kind);
            return object;
        }
        return fail(Error::Kind::Unsupported, u"this server reads no %1 %2 in protobuf: send JSON"_s.arg(
                                                  QString::fromStdString(apiVersion), QString::fromStdString(kind)));
    } catch (const protozero::exception& e) {
        return fail(Error::Kind::BadInput, u"proto: "_s + QString::fromUtf8(e.what()));
    }
}

} // namespace wk::fleet
