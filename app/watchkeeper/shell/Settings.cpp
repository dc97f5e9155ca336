// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/Settings.h"

#include <QtCore/QDir>
#include <QtCore/QSettings>
#include <QtCore/QStandardPaths>

namespace wk::app {

using namespace Qt::StringLiterals;

namespace {

using Key = Settings::Key;

struct Definition
{
    Key key;
    const char16_t* name;
    QVariant byDefault;
    bool local;
};

const QList<Definition>& table()
{
    static const QList<Definition> definitions{
        {Key::Scheme, u"look/scheme", u"system"_s, false},
        {Key::Compact, u"look/compact", false, false},
        {Key::LastPanel, u"window/panel", u"overview"_s, true},
        {Key::LastContext, u"window/context", QStringList(), true},
        {Key::LastKind, u"cluster/kind", u"pods"_s, true},
        {Key::WindowGeometry, u"window/geometry", QByteArray(), true},
        {Key::ClusterDivisions, u"cluster/divisions", QVariantMap(), true},
        {Key::KubeconfigFiles, u"kubeconfig/files", QStringList(), true},
        {Key::PlatformBindings, u"platforms/bindings", QVariantMap(), true},
        {Key::ChangeStore, u"changes/store", QString(), true},
        {Key::DesktopNotes, u"desktop/notes", true, false},
        {Key::TimeRange, u"charts/range", u"1h"_s, true},
        {Key::MarksOff, u"charts/marks-off", QStringList(), false},
        {Key::TableStates, u"tables/states", QVariantMap(), false},
    };
    return definitions;
}

const Definition& definitionOf(Key key)
{
    const auto it = std::find_if(table().begin(), table().end(), [key](const Definition& d) { return d.key == key; });
    Q_ASSERT(it != table().end());
    return *it;
}

} // namespace

Settings::Settings(std::unique_ptr<QSettings> roaming, std::unique_ptr<QSettings> local)
    : m_roaming(std::move(roaming)), m_local(std::move(local))
{
}

Settings::~Settings() = default;

std::unique_ptr<Settings> Settings::user()
{
    const QString roaming = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
    const QString local = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    return std::unique_ptr<Settings>(
        new Settings(std::make_unique<QSettings>(roaming + u"/watchkeeper.ini"_s, QSettings::IniFormat),
                     std::make_unique<QSettings>(local + u"/watchkeeper-local.ini"_s, QSettings::IniFormat)));
}

std::unique_ptr<Settings> Settings::inDirectory(const QString& directory)
{
    const QDir dir(directory);
    return std::unique_ptr<Settings>(
        new Settings(std::make_unique<QSettings>(dir.filePath(u"watchkeeper.ini"_s), QSettings::IniFormat),
                     std::make_unique<QSettings>(dir.filePath(u"watchkeeper-local.ini"_s), QSettings::IniFormat)));
}

QSettings& Settings::storeOf(Key key) const { return definitionOf(key).local ? *m_local : *m_roaming; }

QVariant Settings::get(Key key) const
{
    if (const auto given = m_forThisRun.constFind(key); given != m_forThisRun.constEnd())
        return *given;
    const Definition& definition = definitionOf(key);
    QVariant value = storeOf(key).value(QString::fromUtf16(definition.name), definition.byDefault);
    // An INI file knows only texts; a value that cannot be what it should be counts as not set.
    if (value.metaType() != definition.byDefault.metaType() && !value.convert(definition.byDefault.metaType()))
        return definition.byDefault;
    return value;
}

void Settings::set(Key key, const QVariant& value)
{
    if (get(key) == value)
        return;
    m_forThisRun.remove(key);
    storeOf(key).setValue(QString::fromUtf16(definitionOf(key).name), value);
    emit changed(key);
}

void Settings::reset(Key key)
{
    m_forThisRun.remove(key);
    storeOf(key).remove(QString::fromUtf16(definitionOf(key).name));
    emit changed(key);
}

QString Settings::nameOf(Key key) { return QString::fromUtf16(definitionOf(key).name); }
QVariant Settings::defaultOf(Key key) { return definitionOf(key).byDefault; }
bool Settings::isLocal(Key key) { return definitionOf(key).local; }

QList<Settings::Key> Settings::keys()
{
    QList<Key> keys;
    for (const Definition& definition : table())
        keys.append(definition.key);
    return keys;
}

} // namespace wk::app
