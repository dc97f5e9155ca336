// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/KubeConfigData.h"
#include "platform/KubeConfigWords.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>

namespace wk::platform {

using namespace Qt::StringLiterals;

namespace {

using Texts = KubeConfigWords;

using Node = KubeConfigNode;
using Type = Node::Type;

QString wordOf(std::string_view key) { return QString::fromUtf8(key.data(), qsizetype(key.size())); }

/// Reads fields of one file's maps and keeps the first thing that is wrong. After a mistake everything reads as absent.
class Reader
{
public:
    explicit Reader(const QString& path) : m_path(path), m_folder(QFileInfo(path).absolutePath()) {}

    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

    const Node* field(const Node& parent, std::string_view key, Type wanted)
    {
        const Node* node = parent.type == Type::Map ? parent.find(key) : nullptr;
        if (!node || node->type == Type::Null)
            return nullptr;
        if (node->type != wanted) {
            mistake(*node,
                    Texts::tr("“%1” must be %2, and is %3")
                        .arg(wordOf(key), kubeConfigNodeName(wanted), kubeConfigNodeName(node->type)),
                    wanted == Type::Text && !node->text.empty() ? Texts::tr("Put it into quotation marks.")
                                                                : QString());
            return nullptr;
        }
        return node;
    }

    QString text(const Node& parent, std::string_view key)
    {
        const Node* node = field(parent, key, Type::Text);
        return node ? QString::fromStdString(node->text) : QString();
    }

    bool truth(const Node& parent, std::string_view key)
    {
        const Node* node = field(parent, key, Type::Bool);
        return node && node->truth();
    }

    /// A path that is relative belongs to the file that it stands in.
    QString path(const Node& parent, std::string_view key) { return absolute(text(parent, key)); }

    QString absolute(const QString& path) const
    {
        return path.isEmpty() || QDir::isAbsolutePath(path) ? path : QDir::cleanPath(m_folder + u'/' + path);
    }

    /// The entries of a list; none where there is no list.
    const std::vector<Node>& items(const Node& parent, std::string_view key)
    {
        static const std::vector<Node> none;
        const Node* list = field(parent, key, Type::List);
        return list ? list->list : none;
    }

    QStringList texts(const Node& parent, std::string_view key)
    {
        QStringList out;
        for (const Node& item : items(parent, key)) {
            if (item.type == Type::Text || item.type == Type::Null)
                out << QString::fromStdString(item.text);
            else
                mistake(item,
                        Texts::tr("every entry of “%1” must be text, and this is %2")
                            .arg(wordOf(key), kubeConfigNodeName(item.type)),
                        Texts::tr("Put it into quotation marks."));
        }
        return out;
    }

    /// The named entries of `key`: calls `each` with name and the map under `inner`. A name that comes twice is a
    /// mistake.
    void entries(const Node& root, std::string_view key, std::string_view inner,
                 const std::function<void(const QString&, const Node&)>& each)
    {
        static const Node nothing;
        QSet<QString> seen;
        for (const Node& item : items(root, key)) {
            if (m_error)
                return;
            if (item.type != Type::Map && item.type != Type::Null) {
                mistake(item,
                        Texts::tr("every entry of “%1” must be a map, and this is %2")
                            .arg(wordOf(key), kubeConfigNodeName(item.type)),
                        {});
                return;
            }
            const QString name = text(item, "name");
            if (seen.contains(name)) {
                mistake(item, Texts::tr("the name “%1” comes twice in “%2”").arg(name, wordOf(key)), {});
                return;
            }
            seen.insert(name);
            const Node* body = field(item, inner, Type::Map);
            each(name, body ? *body : nothing);
        }
    }

    void mistake(const Node& node, const QString& what, const QString& remedy)
    {
        if (!m_error)
            m_error =
                Error{Error::Kind::BadInput, Texts::tr("%1: %2.").arg(kubeConfigPlace(m_path, node), what), {}, remedy};
    }

private:
    QString m_path;
    QString m_folder;
    std::optional<Error> m_error;
};

ExecPlugin readExec(Reader& reader, const Node& node, bool& modeMissing)
{
    ExecPlugin exec;
    exec.apiVersion = reader.text(node, "apiVersion");
    exec.command = reader.text(node, "command");
    if (exec.command.contains(u'/') || exec.command.contains(QDir::separator()))
        exec.command = reader.absolute(exec.command);
    exec.args = reader.texts(node, "args");
    exec.installHint = reader.text(node, "installHint").trimmed();
    exec.provideClusterInfo = reader.truth(node, "provideClusterInfo");
    for (const Node& item : reader.items(node, "env"))
        exec.env << qMakePair(reader.text(item, "name"), reader.text(item, "value"));
    const QString mode = reader.text(node, "interactiveMode");
    modeMissing = mode.isEmpty();
    if (mode == "Never"_L1)
        exec.interactiveMode = ExecPlugin::InteractiveMode::Never;
    else if (mode == "Always"_L1)
        exec.interactiveMode = ExecPlugin::InteractiveMode::Always;
    else if (!mode.isEmpty() && mode != "IfAvailable"_L1)
        reader.mistake(node, Texts::tr("“interactiveMode” must be Never, IfAvailable or Always, and is “%1”").arg(mode),
                       {});
    return exec;
}

Impersonation readImpersonation(Reader& reader, const Node& node)
{
    Impersonation who;
    who.user = reader.text(node, "as");
    who.uid = reader.text(node, "as-uid");
    who.groups = reader.texts(node, "as-groups");
    if (const Node* extra = reader.field(node, "as-user-extra", Type::Map)) {
        for (const auto& entry : extra->map)
            who.extra << qMakePair(QString::fromStdString(entry.first), reader.texts(*extra, entry.first));
    }
    return who;
}

KubeConfigUser readUser(Reader& reader, const Node& node)
{
    KubeConfigUser user;
    user.certificateFile = reader.path(node, "client-certificate");
    user.certificateData = reader.text(node, "client-certificate-data");
    user.keyFile = reader.path(node, "client-key");
    user.keyData = reader.text(node, "client-key-data");
    user.token = reader.text(node, "token");
    user.tokenFile = reader.path(node, "tokenFile");
    user.basicUser = reader.text(node, "username");
    user.basicPassword = reader.text(node, "password");
    user.impersonate = readImpersonation(reader, node);
    if (const Node* provider = reader.field(node, "auth-provider", Type::Map))
        user.authProvider = reader.text(*provider, "name");
    if (const Node* exec = reader.field(node, "exec", Type::Map))
        user.exec = readExec(reader, *exec, user.execModeMissing);
    return user;
}

KubeConfigCluster readCluster(Reader& reader, const Node& node)
{
    KubeConfigCluster cluster;
    cluster.server = reader.text(node, "server");
    cluster.tlsServerName = reader.text(node, "tls-server-name");
    cluster.insecure = reader.truth(node, "insecure-skip-tls-verify");
    cluster.disableCompression = reader.truth(node, "disable-compression");
    cluster.proxyUrl = reader.text(node, "proxy-url");
    cluster.caFile = reader.path(node, "certificate-authority");
    cluster.caData = reader.text(node, "certificate-authority-data");
    for (const Node& item : reader.items(node, "extensions")) {
        if (reader.text(item, "name") != "client.authentication.k8s.io/exec"_L1)
            continue;
        if (const Node* value = item.find("extension"))
            cluster.execExtension = value->toJson();
    }
    return cluster;
}

} // namespace

Result<void> KubeConfig::Data::read(const KubeConfigNode& root, const QString& path)
{
    Reader reader(path);
    if (root.type == Type::Null)
        return {}; // an empty file is a kubeconfig without contexts
    if (root.type != Type::Map) {
        reader.mistake(root, Texts::tr("a kubeconfig is a map, and this is %1").arg(kubeConfigNodeName(root.type)),
                       Texts::tr("Is it another file?"));
        return fail(*reader.error());
    }
    const QString version = reader.text(root, "apiVersion");
    const QString kind = reader.text(root, "kind");
    if (!(version.isEmpty() || version == "v1"_L1) || !(kind.isEmpty() || kind == "Config"_L1)) {
        reader.mistake(root, Texts::tr("this is a “%1” of “%2”, and no kubeconfig (Config of v1)").arg(kind, version),
                       {});
    }
    if (const Node* preferences = root.find("preferences"); preferences && preferences->type != Type::Null)
        (void)reader.field(root, "preferences", Type::Map);
    current = reader.text(root, "current-context");
    reader.entries(root, "clusters", "cluster", [&](const QString& name, const Node& node) {
        KubeConfigCluster cluster = readCluster(reader, node);
        cluster.name = name;
        cluster.file = path;
        clusters << cluster;
    });
    reader.entries(root, "users", "user", [&](const QString& name, const Node& node) {
        KubeConfigUser user = readUser(reader, node);
        user.name = name;
        user.file = path;
        users << user;
    });
    reader.entries(root, "contexts", "context", [&](const QString& name, const Node& node) {
        ContextEntry entry;
        entry.id.context = name;
        entry.clusterName = reader.text(node, "cluster");
        entry.userName = reader.text(node, "user");
        entry.space = reader.text(node, "namespace");
        entry.file = path;
        contexts << entry;
    });
    if (reader.error())
        return fail(*reader.error());
    return {};
}

void KubeConfig::Data::merge(const Data& later)
{
    if (current.isEmpty())
        current = later.current;
    const auto addMissing = [](auto& mine, const auto& theirs) {
        QSet<QString> names;
        for (const auto& entry : mine)
            names.insert(entry.name);
        for (const auto& entry : theirs) {
            if (!names.contains(entry.name))
                mine << entry;
        }
    };
    addMissing(clusters, later.clusters);
    addMissing(users, later.users);
    QHash<QString, qsizetype> places;
    for (qsizetype i = 0; i < contexts.size(); ++i)
        places.insert(contexts[i].id.context, i);
    for (const ContextEntry& entry : later.contexts) {
        if (const auto it = places.constFind(entry.id.context); it != places.cend())
            contexts[*it].shadowed << entry.file;
        else
            contexts << entry;
    }
}

} // namespace wk::platform
