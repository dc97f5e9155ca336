// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/shell/Settings.h"
#include "widgets/common/TableStates.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace wk::app {

/// Tables' columns, sort and filter in the person's settings.
class SettingsTableStates final : public widgets::TableStates
{
public:
    explicit SettingsTableStates(Settings& settings) : m_settings(settings) {}

    [[nodiscard]] QJsonObject load(const QString& tableId) const override
    {
        const QVariantMap all = m_settings.get(Settings::Key::TableStates).toMap();
        return QJsonDocument::fromJson(all.value(tableId).toString().toUtf8()).object();
    }

    void save(const QString& tableId, const QJsonObject& state) override
    {
        QVariantMap all = m_settings.get(Settings::Key::TableStates).toMap();
        all.insert(tableId, QString::fromUtf8(QJsonDocument(state).toJson(QJsonDocument::Compact)));
        m_settings.set(Settings::Key::TableStates, all);
    }

private:
    Settings& m_settings;
};

} // namespace wk::app
