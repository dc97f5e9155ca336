// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/KubeConfig.h"
#include "platform/KubeConfigTree.h"

namespace wk::platform {

/// A cluster entry as it stands in its file. Relative paths are absolute already, inline data still base64.
struct KubeConfigCluster
{
    QString name;
    QString file;
    QString server;
    QString tlsServerName;
    bool insecure = false;
    bool disableCompression = false;
    QString proxyUrl;
    QString caFile;
    QString caData;
    QByteArray execExtension;
};

/// A user entry as it stands in its file.
struct KubeConfigUser
{
    QString name;
    QString file;
    QString certificateFile;
    QString certificateData;
    QString keyFile;
    QString keyData;
    QString token;
    QString tokenFile;
    QString basicUser;
    QString basicPassword;
    Impersonation impersonate;
    QString authProvider;
    std::optional<ExecPlugin> exec;
    bool execModeMissing = false;
};

struct KubeConfig::Data
{
    QStringList files;
    QString origin;
    QString current;
    QList<ContextEntry> contexts;
    QList<KubeConfigCluster> clusters;
    QList<KubeConfigUser> users;

    /// Fills this from one file's tree.
    [[nodiscard]] Result<void> read(const KubeConfigNode& root, const QString& path);
    /// Adds what `later`, the next file of a list, has and this has not.
    void merge(const Data& later);
};

} // namespace wk::platform
