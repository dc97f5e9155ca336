// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QVariant>

#include <memory>

class QSettings;

namespace wk::app {

/// Everything that is remembered between sessions, each with its name, its default, and whether it belongs to the
/// person (roaming) or to this machine (local: window places, files' paths).
class Settings : public QObject
{
    Q_OBJECT
public:
    enum class Key {
        Scheme,           ///< "system", "light", "dark"
        Compact,          ///< bool: 22-pixel rows
        LastPanel,        ///< panel id
        LastContext,      ///< QStringList {origin, context}
        LastKind,         ///< kind id shown in the cluster panel
        WindowGeometry,   ///< QByteArray
        ClusterDivisions, ///< QVariantMap: ClusterPanel::divisions(), in pixels
        KubeconfigFiles,  ///< QStringList: beside kubectl's own
        PlatformBindings, ///< QVariantMap: "platform/cluster" -> QStringList {origin, context}
        ChangeStore,      ///< postgresql://… of the team's change requests; empty: the person's own
        DesktopNotes,     ///< bool: tell through the desktop what waits, and what was changed without a request
        TimeRange,        ///< QString: what charts show, as series::TimeRange::text()
        MarksOff,         ///< QStringList: kinds of marks that charts leave out
        TableStates,      ///< QVariantMap: table id -> JSON text
    };
    Q_ENUM(Key)

    /// The person's own settings.
    [[nodiscard]] static std::unique_ptr<Settings> user();
    /// Kept in `directory`; for tests, the demo's pictures and measurements.
    [[nodiscard]] static std::unique_ptr<Settings> inDirectory(const QString& directory);
    ~Settings() override;

    [[nodiscard]] QVariant get(Key key) const;
    void set(Key key, const QVariant& value);
    /// For this run only, as an option of the command line: get() answers with it until set() or reset().
    void setForThisRun(Key key, const QVariant& value) { m_forThisRun.insert(key, value); }
    /// Back to the default.
    void reset(Key key);

    [[nodiscard]] static QString nameOf(Key key);
    [[nodiscard]] static QVariant defaultOf(Key key);
    [[nodiscard]] static bool isLocal(Key key);
    /// All there are.
    [[nodiscard]] static QList<Key> keys();

signals:
    void changed(wk::app::Settings::Key key);

private:
    Settings(std::unique_ptr<QSettings> roaming, std::unique_ptr<QSettings> local);
    [[nodiscard]] QSettings& storeOf(Key key) const;

    std::unique_ptr<QSettings> m_roaming;
    std::unique_ptr<QSettings> m_local;
    QHash<Key, QVariant> m_forThisRun;
};

} // namespace wk::app
