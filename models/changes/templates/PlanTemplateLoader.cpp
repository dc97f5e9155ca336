// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes/templates/PlanTemplateLoader.h"

#include "changes/templates/TemplateReader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>

#include <map>

using namespace Qt::StringLiterals;

// The resource lies in a static library, from which the linker drops what nobody names. Q_INIT_RESOURCE has to be used
// outside of any namespace.
static void initPlanResources() { Q_INIT_RESOURCE(plans); }

namespace wk::changes {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(wk::changes::PlanTemplate)
};

/// A template is tried many times over; none comes near these.
constexpr platform::YamlLimits limits{256 * 1024, 64, 20'000};

using ByName = std::map<QString, std::shared_ptr<const PlanTemplate>>;

ByName loadDirectory(const QString& directory, TemplateLoad& into)
{
    ByName found;
    const QDir dir(directory);
    const QStringList files = dir.entryList({u"*.yaml"_s, u"*.yml"_s}, QDir::Files, QDir::Name);
    for (const QString& file : files) {
        TemplateLoad one = loadTemplateFile(dir.filePath(file));
        into.problems.insert(into.problems.end(), one.problems.begin(), one.problems.end());
        for (const auto& made : one.templates) {
            const auto [at, inserted] = found.emplace(made->name(), made);
            if (!inserted)
                into.problems.push_back({made->spec().file, 0, 0,
                                         Texts::tr("the template \"%1\" is described in %2 already")
                                             .arg(made->name(), at->second->spec().file),
                                         Texts::tr("one file for each template of a folder")});
        }
    }
    return found;
}

} // namespace

TemplateLoad parseTemplate(const QByteArray& yaml, const QString& name)
{
    TemplateLoad load;
    platform::YamlReport report(name, yaml);
    const auto root = platform::parseYaml(yaml, limits);
    TemplateSpec spec;
    spec.file = name;
    if (!root)
        report.add(root.error().line, root.error().column, root.error().message, root.error().expected);
    else if ((*root)->kind != platform::YamlNode::Kind::Map)
        report.add(1, 1, Texts::tr("the file describes no template"),
                   Texts::tr("keys such as name, title, parameters, request and steps"));
    else
        readTemplate(**root, report, spec);
    load.problems = report.take();
    if (load.problems.empty()) {
        platform::YamlReport trial(name, yaml);
        TemplateTrial::run(spec, **root, trial);
        load.problems = trial.take();
    }
    if (load.problems.empty())
        load.templates.push_back(std::make_shared<const PlanTemplate>(std::move(spec)));
    return load;
}

TemplateLoad loadTemplateFile(const QString& path)
{
    if (path.startsWith(u":/"))
        initPlanResources();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        TemplateLoad load;
        load.problems.push_back({path, 0, 0, Texts::tr("cannot be read: %1").arg(file.errorString()),
                                 Texts::tr("a file that you may read")});
        return load;
    }
    // One byte more than is allowed tells a file that is too large from one that just fits.
    return parseTemplate(file.read(limits.bytes + 1), path);
}

TemplateLoad loadTemplates(const QStringList& directories)
{
    initPlanResources();
    TemplateLoad load;
    ByName all;
    for (const QString& directory : directories) {
        const ByName found = loadDirectory(directory, load);
        for (const auto& [name, made] : found) {
            std::shared_ptr<const PlanTemplate>& place = all[name];
            if (!place) {
                place = made;
                continue;
            }
            TemplateSpec spec = made->spec();
            spec.replaces = place->spec().file;
            load.notes
                << Texts::tr("%1 takes the place of %2 as the template \"%3\"").arg(spec.file, spec.replaces, name);
            place = std::make_shared<const PlanTemplate>(std::move(spec));
        }
    }
    for (const auto& [name, made] : all)
        load.templates.push_back(made);
    std::ranges::stable_sort(load.templates, {}, [](const auto& made) { return made->spec().group; });
    return load;
}

} // namespace wk::changes
