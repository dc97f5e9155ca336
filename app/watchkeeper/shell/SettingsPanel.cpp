// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/shell/SettingsPanel.h"

#include "widgets/common/SectionHeader.h"
#include "widgets/common/Theme.h"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

namespace wk::app {

using namespace Qt::StringLiterals;
using Key = Settings::Key;
using widgets::Theme;

namespace {

constexpr int nameWidth = 160; ///< of the first column, so that all groups share an edge

} // namespace

SettingsPanel::SettingsPanel(Settings& settings, Platforms& platforms, Clusters& clusters, QWidget* parent)
    : QWidget(parent), m_settings(settings), m_platforms(platforms), m_clusters(clusters)
{
    setObjectName(u"settingsPanel"_s);
    auto* content = new QWidget(this);
    content->setMaximumWidth(860);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 16, 16, 24);
    column->setSpacing(24);
    column->addWidget(makeLook());
    column->addWidget(makeNotes());
    column->addWidget(makeFiles());
    column->addWidget(makePlatforms());
    column->addWidget(makeStore());
    column->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* holder = new QWidget(this);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(content, 1);
    row->addStretch(0);
    scroll->setWidget(holder);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    connect(&m_platforms, &Platforms::changed, this, &SettingsPanel::refreshPlatforms);
    connect(&m_settings, &Settings::changed, this, [this](Key key) {
        if (key == Key::KubeconfigFiles)
            refreshFiles();
        else if (key == Key::Scheme)
            m_scheme->setCurrentIndex(std::max(0, m_scheme->findData(m_settings.get(Key::Scheme))));
        else if (key == Key::Compact)
            m_density->setCurrentIndex(m_settings.get(Key::Compact).toBool() ? 1 : 0);
    });
}

QWidget* SettingsPanel::makeLook()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new widgets::SectionHeader(tr("Look"), box));
    auto* form = new QGridLayout;
    form->setHorizontalSpacing(24);
    form->setVerticalSpacing(8);
    form->setColumnMinimumWidth(0, nameWidth);
    form->setColumnStretch(2, 1);
    const auto choice = [&](const QString& name, const QString& label) {
        auto* combo = new QComboBox(box);
        combo->setObjectName(name);
        combo->setAccessibleName(label);
        combo->setFixedWidth(280);
        auto* title = new QLabel(label, box);
        title->setBuddy(combo);
        const int row = form->rowCount();
        form->addWidget(title, row, 0);
        form->addWidget(combo, row, 1);
        return combo;
    };
    m_scheme = choice(u"settingScheme"_s, tr("Colours"));
    m_scheme->addItem(tr("As the system"), u"system"_s);
    m_scheme->addItem(tr("Light"), u"light"_s);
    m_scheme->addItem(tr("Dark"), u"dark"_s);
    m_scheme->setCurrentIndex(std::max(0, m_scheme->findData(m_settings.get(Key::Scheme))));
    connect(m_scheme, &QComboBox::activated, this, [this] { m_settings.set(Key::Scheme, m_scheme->currentData()); });
    m_density = choice(u"settingDensity"_s, tr("Rows"));
    m_density->addItem(tr("Comfortable, 26 pixels"), false);
    m_density->addItem(tr("Compact, 22 pixels"), true);
    m_density->setCurrentIndex(m_settings.get(Key::Compact).toBool() ? 1 : 0);
    connect(m_density, &QComboBox::activated, this, [this] { m_settings.set(Key::Compact, m_density->currentData()); });
    layout->addLayout(form);
    return box;
}

QWidget* SettingsPanel::makeNotes()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new widgets::SectionHeader(tr("Notifications"), box));
    auto* notes = new QCheckBox(
        tr("Tell me on the desktop when a change waits for me, and when something was changed without a request"), box);
    notes->setObjectName(u"settingNotes"_s);
    notes->setChecked(m_settings.get(Key::DesktopNotes).toBool());
    layout->addWidget(notes);
    connect(notes, &QCheckBox::toggled, this, [this](bool on) { m_settings.set(Key::DesktopNotes, on); });
    return box;
}

QWidget* SettingsPanel::makeFiles()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new widgets::SectionHeader(tr("Kubeconfig files"), box));
    auto* hint =
        new QLabel(tr("Read beside kubectl's own ($KUBECONFIG or ~/.kube/config); each file stands for itself."), box);
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setWordWrap(true);
    layout->addWidget(hint);
    m_files = new QListWidget(box);
    m_files->setObjectName(u"settingFiles"_s);
    m_files->setAccessibleName(tr("Further kubeconfig files"));
    m_files->setFixedHeight(84);
    layout->addWidget(m_files);
    auto* add = new QPushButton(tr("Add a file"), box);
    add->setObjectName(u"settingAddFile"_s);
    m_remove = new QPushButton(tr("Forget the file"), box);
    m_remove->setObjectName(u"settingRemoveFile"_s);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(add);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    connect(add, &QPushButton::clicked, this, &SettingsPanel::addFileRequested);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        if (!m_files->currentItem())
            return;
        QStringList files = m_settings.get(Key::KubeconfigFiles).toStringList();
        files.removeAll(m_files->currentItem()->data(Qt::UserRole).toString());
        m_settings.set(Key::KubeconfigFiles, files);
        emit filesChanged();
    });
    connect(m_files, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        m_remove->setEnabled(item && !item->data(Qt::UserRole).toString().isEmpty());
    });
    refreshFiles();
    return box;
}

void SettingsPanel::refreshFiles()
{
    m_files->clear();
    const QStringList files = m_settings.get(Key::KubeconfigFiles).toStringList();
    for (const QString& file : files) {
        auto* item = new QListWidgetItem(file, m_files);
        item->setData(Qt::UserRole, file);
    }
    if (files.isEmpty()) {
        auto* item = new QListWidgetItem(tr("No further files"), m_files);
        item->setFlags(Qt::NoItemFlags);
    }
    m_remove->setEnabled(false);
}

QWidget* SettingsPanel::makePlatforms()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new widgets::SectionHeader(tr("Platforms"), box));
    auto* hint = new QLabel(tr("Through which context each platform is reached."), box);
    hint->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(hint);
    m_places = new QWidget(box);
    m_places->setObjectName(u"settingBindings"_s);
    layout->addWidget(m_places);
    refreshPlatforms();
    return box;
}

void SettingsPanel::refreshPlatforms()
{
    qDeleteAll(m_places->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    delete m_places->layout();
    auto* grid = new QGridLayout(m_places);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(24);
    grid->setColumnMinimumWidth(0, nameWidth);
    grid->setColumnStretch(1, 1);
    int line = 0;
    for (const Place& place : m_platforms.places()) {
        if (!place.platform)
            continue;
        auto* title = new QLabel(place.title, m_places);
        auto* context = new QLabel(place.context ? place.context->id.context
                                   : place.wantedContext.isEmpty()
                                       ? tr("none chosen yet")
                                       : tr("none; \"%1\" is not in your kubeconfig").arg(place.wantedContext),
                                   m_places);
        if (!place.context)
            context->setForegroundRole(QPalette::PlaceholderText);
        context->setToolTip(place.context ? place.context->file : QString());
        auto* change = new QPushButton(tr("Choose its context"), m_places);
        change->setObjectName(u"bind-"_s + place.id);
        change->setAccessibleName(tr("Choose the context of %1").arg(place.title));
        connect(change, &QPushButton::clicked, this, [this, id = place.id] { emit bindingRequested(id); });
        grid->addWidget(title, line, 0);
        grid->addWidget(context, line, 1);
        grid->addWidget(change, line, 2);
        ++line;
    }
}

} // namespace wk::app
