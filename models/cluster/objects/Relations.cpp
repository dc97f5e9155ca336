// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/objects/Relations.h"

#include "cluster/objects/ObjectSummary.h"
#include "cluster/objects/RelationRows.h"
#include "cluster/objects/SummaryParts.h"
#include "table/Order.h"

#include <QtCore/QCoreApplication>

#include <algorithm>

namespace wk::cluster {

using namespace Qt::StringLiterals;
using summary::at;
using table::Health;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::cluster::Relations)
};

/// Owners of owners: nobody nests deeper, and a circle of them would never end.
constexpr int mostLevels = 8;
/// More parts than this below one object help nobody; the panel's table filters them.
constexpr qsizetype mostParts = 200;

constexpr QLatin1StringView pods("pods"), replicaSets("replicasets.apps"), services("services"), nodes("nodes"),
    slices("endpointslices.discovery.k8s.io"), autoscalers("horizontalpodautoscalers.autoscaling");

void sortParts(QList<Relation>& parts)
{
    std::ranges::sort(parts, [](const Relation& a, const Relation& b) {
        const int spaces = table::naturalCompare(a.space, b.space);
        return spaces != 0 ? spaces < 0 : table::naturalCompare(a.name, b.name) < 0;
    });
}

/// Leaves out what is too much, and says so.
void limit(RelationGroup& group)
{
    if (group.roots.size() <= mostParts)
        return;
    group.note = Texts::tr("%1 more are not shown here.").arg(group.roots.size() - mostParts);
    group.roots.resize(mostParts);
}

class Finder
{
public:
    Finder(const QJsonObject& object, const QList<ResourceKind>& kinds, const RowsOf& rowsOf)
        : m_object(object), m_rows(kinds, rowsOf), m_kind(object.value(u"kind"_s).toString()),
          m_space(at(object, u"metadata.namespace").toString()), m_name(at(object, u"metadata.name").toString())
    {
        const QString apiVersion = object.value(u"apiVersion"_s).toString();
        m_kindId = kindIdOf(apiVersion, m_kind);
        if (m_kindId.isEmpty() && apiVersion.contains(u'/'))
            m_kindId = m_rows.kindIdOfOwner(m_kind + u'.' + apiVersion.section(u'/', 0, 0));
    }

    QList<RelationGroup> find()
    {
        owners();
        if (m_kindId == nodes)
            onNode();
        if (m_kindId == services)
            behindService();
        claimsAndVolumes();
        scaling();
        placement();
        reachedThrough();
        uses();
        m_out.removeIf([](const RelationGroup& group) { return group.roots.isEmpty(); });
        return m_out;
    }

private:
    RelationGroup& group(const QString& title)
    {
        m_out.append(RelationGroup{.title = title, .roots = {}, .note = {}});
        return m_out.last();
    }
    [[nodiscard]] Relation self()
    {
        Relation me = m_rows.find(m_kindId, m_space, m_name);
        if (me.kind.isEmpty() || me.kindId.isEmpty())
            me.kind = m_kind;
        me.self = true;
        return me;
    }

    /// What is owned by an object, and what is owned by that.
    QList<Relation> owned(const QString& kind, const QString& space, const QString& name, int level)
    {
        static const QStringList children{replicaSets,           u"jobs.batch"_s,      u"statefulsets.apps"_s,
                                          u"deployments.apps"_s, u"daemonsets.apps"_s, pods};
        QList<Relation> out;
        if (level >= mostLevels)
            return out;
        const QString owner = kind + u'/' + name;
        int retired = 0;
        for (const QString& child : children) {
            m_rows.each(child, u"owner", [&](const table::Row& row, const QString& madeBy) {
                if (row.space != space || madeBy != owner)
                    return;
                Relation part = child == pods ? podOf(row) : m_rows.of(child, row);
                part.self = child == m_kindId && row.space == m_space && row.name == m_name;
                out.append(part);
            });
        }
        for (Relation& part : out) {
            if (part.kindId != pods)
                part.parts = owned(part.kind, part.space, part.name, level + 1);
        }
        // Earlier revisions wait without a pod; the history of the rollout lists them.
        out.removeIf([&](const Relation& part) {
            const bool old =
                part.kindId == replicaSets && part.parts.isEmpty() && !part.self && part.health == Health::None;
            retired += old;
            return old;
        });
        m_retired += retired;
        sortParts(out);
        if (out.size() > mostParts) {
            m_cut += out.size() - mostParts;
            out.resize(mostParts);
        }
        return out;
    }

    /// A pod, with where it runs.
    Relation podOf(const table::Row& row)
    {
        Relation pod = m_rows.of(pods, row);
        const QString node = m_rows.text(pods, row, u"node");
        if (!node.isEmpty()) {
            m_nodes[node] += 1;
            pod.words =
                pod.words.isEmpty() ? Texts::tr("on %1").arg(node) : Texts::tr("%1, on %2").arg(pod.words, node);
        }
        return pod;
    }

    void owners()
    {
        // Up: each owner's own owner stands in its row.
        QList<Relation> chain;
        for (const QJsonArray all = at(m_object, u"metadata.ownerReferences").toArray();
             const QJsonValue& value : all) {
            const QJsonObject owner = value.toObject();
            if (all.size() > 1 && !owner.value(u"controller"_s).toBool())
                continue;
            chain.append(ownerOf(owner));
            break;
        }
        while (!chain.isEmpty() && chain.size() < mostLevels) {
            const Relation& last = chain.last();
            QString next;
            m_rows.each(last.kindId, u"owner", [&](const table::Row& row, const QString& madeBy) {
                if (row.name == last.name && row.space == last.space)
                    next = madeBy;
            });
            const QString kindId = m_rows.kindIdOfOwner(next.section(u'/', 0, 0));
            if (kindId.isEmpty())
                break;
            chain.append(m_rows.find(kindId, last.space, next.section(u'/', 1)));
        }
        Relation tree = self();
        tree.parts = owned(m_kind, m_space, m_name, 0);
        if (const QString node = at(m_object, u"spec.nodeName").toString(); m_kindId == pods && !node.isEmpty())
            m_nodes[node] += 1;
        for (Relation& owner : chain) {
            owner.parts = {tree};
            tree = owner;
        }
        if (tree.parts.isEmpty())
            return;
        RelationGroup& made = group(Texts::tr("Made by, and makes"));
        made.roots = {tree};
        QStringList notes;
        if (m_retired > 0)
            notes << Texts::tr("Earlier revisions without pods are not shown: %1.").arg(m_retired);
        if (m_cut > 0)
            notes << Texts::tr("%1 more are not shown here.").arg(m_cut);
        made.note = notes.join(u' ');
    }

    Relation ownerOf(const QJsonObject& reference)
    {
        const QString kind = reference.value(u"kind"_s).toString(),
                      version = reference.value(u"apiVersion"_s).toString();
        QString kindId = kindIdOf(version, kind);
        if (kindId.isEmpty())
            kindId = m_rows.kindIdOfOwner(version.contains(u'/') ? kind + u'.' + version.section(u'/', 0, 0) : kind);
        // A node owns its mirror pods, and has no namespace.
        Relation owner =
            m_rows.find(kindId, kindId == nodes ? QString() : m_space, reference.value(u"name"_s).toString());
        owner.kind = kind;
        return owner;
    }

    void onNode()
    {
        RelationGroup& here = group(Texts::tr("Runs here"));
        m_rows.each(pods, u"node", [&](const table::Row& row, const QString& node) {
            if (node == m_name)
                here.roots.append(m_rows.of(pods, row));
        });
        sortParts(here.roots);
        limit(here);
    }

    QList<Relation> podsBehind(const QString& space, const Labels& selector)
    {
        QList<Relation> out;
        m_rows.each(pods, u"labels", [&](const table::Row& row, const QString& labels) {
            if (row.space == space && selects(selector, labelsOf(labels)))
                out.append(podOf(row));
        });
        sortParts(out);
        return out;
    }

    void behindService()
    {
        RelationGroup& behind = group(Texts::tr("Pods behind it"));
        behind.roots = podsBehind(m_space, labelsOf(at(m_object, u"spec.selector").toObject()));
        limit(behind);
        RelationGroup& ends = group(Texts::tr("Endpoints"));
        m_rows.each(slices, u"labels", [&](const table::Row& row, const QString& labels) {
            if (row.space != m_space || labelsOf(labels).value(u"kubernetes.io/service-name"_s) != m_name)
                return;
            Relation slice = m_rows.of(slices, row);
            slice.words = m_rows.text(slices, row, u"endpoints");
            ends.roots.append(slice);
        });
    }

    void claimsAndVolumes()
    {
        if (m_kindId == u"persistentvolumeclaims") {
            if (const QString volume = at(m_object, u"spec.volumeName").toString(); !volume.isEmpty())
                group(Texts::tr("Bound to")).roots = {m_rows.find(u"persistentvolumes"_s, {}, volume)};
        } else if (m_kindId == u"persistentvolumes") {
            const QJsonObject claim = at(m_object, u"spec.claimRef").toObject();
            if (const QString name = claim.value(u"name"_s).toString(); !name.isEmpty())
                group(Texts::tr("Claimed by")).roots = {
                    m_rows.find(u"persistentvolumeclaims"_s, claim.value(u"namespace"_s).toString(), name)};
        }
    }

    void scaling()
    {
        if (m_kindId == autoscalers) {
            const QJsonObject target = at(m_object, u"spec.scaleTargetRef").toObject();
            if (!target.isEmpty())
                group(Texts::tr("Scales")).roots = {ownerOf(target)};
            return;
        }
        RelationGroup by{.title = Texts::tr("Scaled by"), .roots = {}, .note = {}};
        const QString me = m_kind + u'/' + m_name;
        m_rows.each(autoscalers, u"reference", [&](const table::Row& row, const QString& target) {
            if (row.space == m_space && target == me)
                by.roots.append(m_rows.of(autoscalers, row));
        });
        m_out.append(by);
    }

    void placement()
    {
        RelationGroup& on = group(Texts::tr("Runs on"));
        for (auto it = m_nodes.cbegin(); it != m_nodes.cend(); ++it) {
            Relation node = m_rows.find(nodes, {}, it.key());
            if (it.value() > 1)
                node.words = node.words.isEmpty() ? Texts::tr("%1 of its pods").arg(it.value())
                                                  : Texts::tr("%1; %2 of its pods").arg(node.words).arg(it.value());
            on.roots.append(node);
        }
    }

    void reachedThrough()
    {
        const Labels labels = labelsOf(at(podTemplateOf(m_object), u"metadata.labels").toObject());
        if (labels.isEmpty())
            return;
        RelationGroup& through = group(Texts::tr("Reached through"));
        m_rows.each(services, u"selector", [&](const table::Row& row, const QString& selector) {
            if (row.space == m_space && selects(labelsOf(selector), labels))
                through.roots.append(m_rows.of(services, row));
        });
    }

    void uses()
    {
        RelationGroup& used = group(m_kind == u"Ingress" ? Texts::tr("Leads to") : Texts::tr("Uses"));
        for (const Reference& reference : referencesOf(m_object)) {
            Relation other = m_rows.find(reference.kindId, m_space, reference.name);
            const bool missing = other.health == Health::Bad && !other.words.isEmpty() && reference.optional;
            if (missing)
                other.health = Health::Info; // nothing waits for it
            other.words = other.words.isEmpty() ? reference.how : Texts::tr("%1: %2").arg(reference.how, other.words);
            if (m_kind == u"Ingress" && reference.kindId == services) {
                m_rows.each(services, u"selector", [&](const table::Row& row, const QString& selector) {
                    if (row.space == m_space && row.name == reference.name)
                        other.parts = podsBehind(m_space, labelsOf(selector));
                });
            }
            used.roots.append(other);
        }
    }

    QJsonObject m_object;
    RelationRows m_rows;
    QString m_kind, m_kindId, m_space, m_name;
    QList<RelationGroup> m_out;
    QMap<QString, int> m_nodes; ///< of the pods that were met
    int m_retired = 0;
    qsizetype m_cut = 0;
};

} // namespace

// Not defaulted: inside the class, a list of it cannot be compared yet.
bool Relation::operator==(const Relation& other) const
{
    return kindId == other.kindId && kind == other.kind && space == other.space && name == other.name &&
           health == other.health && words == other.words && self == other.self && parts == other.parts;
}

QList<RelationGroup> relationsOf(const QJsonObject& object, const QList<ResourceKind>& kinds, const RowsOf& rowsOf)
{
    return Finder(object, kinds, rowsOf).find();
}

RelationGroup usersGroup(const QList<Referrer>& users, const QList<ResourceKind>& kinds, const RowsOf& rowsOf)
{
    RelationGroup out{.title = Texts::tr("Used by"), .roots = {}, .note = {}};
    RelationRows rows(kinds, rowsOf);
    for (const Referrer& user : users) {
        Relation relation = rows.find(user.kindId, user.space, user.name);
        relation.kind = user.kind;
        relation.words = relation.words.isEmpty() ? user.how : Texts::tr("%1: %2").arg(user.how, relation.words);
        out.roots.append(relation);
    }
    sortParts(out.roots);
    limit(out);
    return out;
}

} // namespace wk::cluster
