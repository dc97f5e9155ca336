// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/plan/ManifestText.h"

#include "changes/actions/Kube.h"
#include "changes/plan/JsonTree.h"
#include "platform/YamlTree.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

namespace wk::changes {

using namespace Qt::StringLiterals;
using platform::YamlNode;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::ManifestText)
};

std::unexpected<Error> wrong(int line, const QString& what)
{
    return fail(Error::Kind::BadInput, Texts::tr("Line %1: %2.").arg(line).arg(what));
}

/// Source: gopkg.in/yaml.v2, resolve.go.
std::optional<bool> boolOf(const QString& text)
{
    for (const auto& [words, value] : {std::pair(QStringList{u"true"_s, u"yes"_s, u"on"_s, u"y"_s}, true),
                                       std::pair(QStringList{u"false"_s, u"no"_s, u"off"_s, u"n"_s}, false)}) {
        for (const QString& word : words) {
            const QString capital = word.at(0).toUpper() + word.mid(1);
            if (text == word || text == capital || text == word.toUpper())
                return value;
        }
    }
    return std::nullopt;
}

Result<QJsonValue> scalar(const YamlNode& node)
{
    const QString& text = node.text;
    if (node.quoted)
        return text;
    if (text.isEmpty() || text == "~"_L1 || text == "null"_L1 || text == "Null"_L1 || text == "NULL"_L1)
        return QJsonValue(QJsonValue::Null);
    if (const auto truth = boolOf(text))
        return *truth;
    static const QRegularExpression number(
        u"\\A[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*|(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?)\\z"_s);
    if (!number.match(text).hasMatch())
        return text;
    bool whole = false;
    QString digits = text;
    digits.remove(u'_');
    const qint64 value = digits.startsWith(u"0b"_s) ? digits.mid(2).toLongLong(&whole, 2)
                                                    : digits.toLongLong(&whole, 0); // as strconv.ParseInt
    if (whole)
        return value;
    const double fraction = digits.toDouble(&whole);
    if (whole && fraction == std::floor(fraction) && std::abs(fraction) < 1e15)
        return qint64(fraction);
    return wrong(node.line, whole ? Texts::tr("%1 is a fraction, which a plan does not hold; write it as a text in "
                                              "quotation marks where the field takes one")
                                        .arg(text)
                                  : Texts::tr("%1 is no number; put it into quotation marks").arg(text));
}

Result<QJsonValue> jsonOf(const YamlNode& node)
{
    switch (node.kind) {
    case YamlNode::Kind::Null: return QJsonValue(QJsonValue::Null);
    case YamlNode::Kind::Scalar: return scalar(node);
    case YamlNode::Kind::Sequence: {
        QJsonArray out;
        for (const auto& item : node.items) {
            auto value = jsonOf(*item);
            if (!value)
                return value;
            out.append(*value);
        }
        return QJsonValue(out);
    }
    case YamlNode::Kind::Map: break;
    }
    QJsonObject out;
    for (const auto& entry : node.entries) {
        if (out.contains(entry.key))
            return wrong(entry.line, Texts::tr("\"%1\" stands twice").arg(entry.key));
        auto value = jsonOf(*entry.value);
        if (!value)
            return value;
        out.insert(entry.key, *value);
    }
    return QJsonValue(out);
}

} // namespace

Result<QJsonObject> manifestFromYaml(const QString& text)
{
    const auto tree = platform::parseYaml(text.toUtf8());
    if (!tree)
        return wrong(tree.error().line, tree.error().message);
    if ((*tree)->kind != YamlNode::Kind::Map)
        return fail(Error::Kind::BadInput, Texts::tr("A manifest begins with apiVersion and kind."));
    const auto value = jsonOf(**tree);
    if (!value)
        return fail(value.error());
    return value->toObject();
}

Result<Target> targetOfManifest(QJsonObject& manifest, const QString& cluster, const QString& space,
                                const QList<cluster::ResourceKind>& kinds)
{
    for (const QString& member : {u"/apiVersion"_s, u"/kind"_s, u"/metadata/name"_s})
        if (kube::textAt(manifest, member).isEmpty())
            return fail(Error::Kind::BadInput,
                        Texts::tr("The manifest has no %1.").arg(member.mid(1).replace(u'/', u'.')));
    const QString version = kube::textAt(manifest, u"/apiVersion"), named = kube::textAt(manifest, u"/kind");
    const auto kind = std::ranges::find_if(kinds, [&](const cluster::ResourceKind& known) {
        return known.kind == named && known.apiVersion() == version && !known.resource.contains(u'/');
    });
    if (kind == kinds.end())
        return fail(Error::Kind::BadInput, Texts::tr("This cluster knows no %1 of %2.").arg(named, version));
    if (kind->namespaced && kube::textAt(manifest, u"/metadata/namespace").isEmpty()) {
        if (space.isEmpty())
            return fail(Error::Kind::BadInput, Texts::tr("The manifest has no metadata.namespace."));
        QJsonObject meta = kube::metadata(manifest);
        meta.insert(u"namespace"_s, space);
        manifest.insert(u"metadata"_s, meta);
    }
    return kube::targetOf(cluster, manifest, kind->resource);
}

} // namespace wk::changes
