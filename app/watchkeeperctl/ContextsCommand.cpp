// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

namespace wk::ctl {

using namespace Qt::StringLiterals;

int runContexts(const Arguments& arguments)
{
    auto config = arguments.kubeconfig.isEmpty() ? platform::KubeConfig::loadList(platform::KubeConfig::defaultPaths())
                                                 : platform::KubeConfig::loadFile(arguments.kubeconfig);
    if (!config) {
        printError(config.error());
        return NoConnection;
    }
    const auto contexts = config->contexts();
    if (contexts.isEmpty()) {
        printError({Error::Kind::NotFound,
                    QObject::tr("There is no context in %1").arg(config->files().join(u", "_s)),
                    {},
                    QObject::tr("Name a kubeconfig with --kubeconfig or in $KUBECONFIG")});
        return NoConnection;
    }
    QList<QStringList> lines{
        {u"CURRENT"_s, u"NAME"_s, u"CLUSTER"_s, u"USER"_s, u"NAMESPACE"_s, u"SERVER"_s, u"FILE"_s}};
    for (const platform::ContextEntry& entry : contexts) {
        const auto resolved = config->resolve(entry.id.context);
        lines.append({entry.current ? u"*"_s : QString(), entry.id.context, entry.clusterName, entry.userName,
                      entry.space, resolved ? resolved->server.toDisplayString() : u"! "_s + resolved.error().sentence,
                      entry.file});
    }
    printColumns(lines);
    return Done;
}

} // namespace wk::ctl
