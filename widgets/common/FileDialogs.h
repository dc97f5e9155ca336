// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

#include <functional>

class QWidget;

namespace wk::widgets {

/// Asks a person for file names without blocking; a test answers in their place.
class FileDialogs
{
public:
    virtual ~FileDialogs() = default;

    /// `filters` as QFileDialog's. `done` gets an empty name where the person thought better of it, and is never called
    /// once `parent` is gone.
    virtual void saveFile(QWidget* parent, const QString& title, const QString& suggestedName, const QString& filters,
                          std::function<void(const QString& path)> done) = 0;
    virtual void openFile(QWidget* parent, const QString& title, const QString& filters,
                          std::function<void(const QString& path)> done) = 0;
};

/// The platform's own dialogs.
class SystemFileDialogs final : public FileDialogs
{
public:
    void saveFile(QWidget* parent, const QString& title, const QString& suggestedName, const QString& filters,
                  std::function<void(const QString& path)> done) override;
    void openFile(QWidget* parent, const QString& title, const QString& filters,
                  std::function<void(const QString& path)> done) override;
};

} // namespace wk::widgets
