// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/Platforms.h"

#include <QtWidgets/QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTableWidget;

namespace wk::app {

/// What a person may change: look, kubeconfig files, which context a platform is reached through. Each change holds at
/// once.
///
/// objectNames inside: "settingScheme", "settingDensity", "settingNotes", "settingFiles", "settingAddFile",
/// "settingRemoveFile", "settingBindings", "settingStore", "settingStorePassword", "settingStoreProblem".
class SettingsPanel : public QWidget
{
    Q_OBJECT
public:
    SettingsPanel(Settings& settings, Platforms& platforms, Clusters& clusters, QWidget* parent = nullptr);

signals:
    void addFileRequested();
    /// The kubeconfig files are others now.
    void filesChanged();
    /// For the store of change requests.
    void storePasswordGiven(const QString& password);
    /// The context of a place is to be chosen.
    void bindingRequested(const QString& placeId);

private:
    QWidget* makeLook();
    QWidget* makeNotes();
    QWidget* makeFiles();
    QWidget* makeStore();
    void takeStore();
    QWidget* makePlatforms();
    void refreshFiles();
    void refreshPlatforms();

    Settings& m_settings;
    Platforms& m_platforms;
    Clusters& m_clusters;
    QComboBox* m_scheme = nullptr;
    QComboBox* m_density = nullptr;
    QListWidget* m_files = nullptr;
    QPushButton* m_remove = nullptr;
    QWidget* m_places = nullptr;
    QLineEdit *m_store = nullptr, *m_password = nullptr;
    QLabel* m_storeProblem = nullptr;
};

} // namespace wk::app
