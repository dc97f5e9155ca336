// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/PlatformLoader.h"

#include "platform/PlatformSchema.h"
#include "platform/PlatformWords.h"
#include "platform/YamlTree.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

#include <map>

using namespace Qt::StringLiterals;

// The resource lies in a static library, from which the linker drops what nobody names. Q_INIT_RESOURCE has to be used
// outside of any namespace.
static void initPlatformResources() { Q_INIT_RESOURCE(platforms); }

namespace wk::platform {

namespace {

// What a directory holds, with the mistakes and name clashes inside it.
std::map<QString, std::shared_ptr<const Platform>> loadDirectory(const QString& directory, PlatformLoad& into)
{
    std::map<QString, std::shared_ptr<const Platform>> found;
    const QDir dir(directory);
    const QStringList files = dir.entryList(platformFilePatterns(), QDir::Files, QDir::Name);
    for (const QString& file : files) {
        PlatformLoad one = loadPlatformFile(dir.filePath(file));
        into.problems.insert(into.problems.end(), one.problems.begin(), one.problems.end());
        for (const auto& platform : one.platforms) {
            const auto [at, inserted] = found.emplace(platform->name, platform);
            if (!inserted)
                into.problems.push_back(
                    {platform->file, 0, 0,
                     Words::tr("the platform \"%1\" is described in %2 already").arg(platform->name, at->second->file),
                     Words::tr("one file for each platform of a folder")});
        }
    }
    return found;
}

} // namespace

PlatformLoad parsePlatform(const QByteArray& yaml, const QString& name)
{
    PlatformLoad load;
    YamlReport report(name, yaml);
    const auto root = parseYaml(yaml);
    if (!root) {
        report.add(root.error().line, root.error().column, root.error().message, root.error().expected);
        load.problems = report.take();
        return load;
    }
    if ((*root)->kind != YamlNode::Kind::Map) {
        report.add(1, 1, Words::tr("the file describes no platform"),
                   Words::tr("keys such as name, title, clusters, namespaces and services"));
        load.problems = report.take();
        return load;
    }
    auto platform = std::make_shared<Platform>();
    platform->file = name;
    readPlatform(**root, report, *platform);
    report.checkReferences();
    load.problems = report.take();
    if (load.problems.empty())
        load.platforms.push_back(std::move(platform));
    return load;
}

PlatformLoad loadPlatformFile(const QString& path)
{
    if (path.startsWith(u":/"))
        initPlatformResources();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        PlatformLoad load;
        load.problems.push_back({path, 0, 0, Words::tr("cannot be read: %1").arg(file.errorString()),
                                 Words::tr("a file that you may read")});
        return load;
    }
    // One byte more than is allowed tells a file that is too large from one that just fits.
    return parsePlatform(file.read(YamlLimits{}.bytes + 1), path);
}

QStringList platformFilePatterns() { return {u"*.yaml"_s, u"*.yml"_s}; }

PlatformLoad loadPlatforms(const QStringList& directories)
{
    initPlatformResources();
    PlatformLoad load;
    std::map<QString, std::shared_ptr<const Platform>> all;
    for (const QString& directory : directories) {
        for (const auto& [name, platform] : loadDirectory(directory, load)) {
            std::shared_ptr<const Platform>& place = all[name];
            if (place) {
                auto copy = std::make_shared<Platform>(*platform);
                copy->replaces = place->file;
                load.notes
                    << Words::tr("%1 takes the place of %2 as the platform \"%3\"").arg(copy->file, place->file, name);
                place = std::move(copy);
            } else {
                place = platform;
            }
        }
    }
    for (const auto& [name, platform] : all)
        load.platforms.push_back(platform);
    return load;
}

} // namespace wk::platform
