// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FileDialogs.h"

#include <QtWidgets/QFileDialog>

namespace wk::widgets {

namespace {

void show(QFileDialog* dialog, std::function<void(const QString&)> done)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QDialog::finished, dialog, [dialog, done = std::move(done)](int result) {
        const QStringList files = dialog->selectedFiles();
        done(result == QDialog::Accepted && !files.isEmpty() ? files.first() : QString());
    });
    dialog->open();
}

} // namespace

void SystemFileDialogs::saveFile(QWidget* parent, const QString& title, const QString& suggestedName,
                                 const QString& filters, std::function<void(const QString& path)> done)
{
    auto* dialog = new QFileDialog(parent, title, {}, filters);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(suggestedName);
    dialog->setDefaultSuffix(suggestedName.section(u'.', -1));
    show(dialog, std::move(done));
}

void SystemFileDialogs::openFile(QWidget* parent, const QString& title, const QString& filters,
                                 std::function<void(const QString& path)> done)
{
    auto* dialog = new QFileDialog(parent, title, {}, filters);
    dialog->setAcceptMode(QFileDialog::AcceptOpen);
    dialog->setFileMode(QFileDialog::ExistingFile);
    show(dialog, std::move(done));
}

} // namespace wk::widgets
