// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/FileDialogs.h"

#include <QtCore/QFileInfo>
#include <QtCore/QRegularExpression>
#include <QtWidgets/QFileDialog>

namespace wk::widgets {

using namespace Qt::StringLiterals;

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

/// "csv" of "CSV (*.csv)".
QString suffixOf(const QString& filter)
{
    static const QRegularExpression pattern(u"\\*\\.(\\w+)"_s);
    return pattern.match(filter).captured(1);
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
    // Who chooses another kind of file gets it, also where the name has its suffix already.
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        const QString suffix = suffixOf(filter);
        const QString chosen = QFileInfo(dialog->selectedFiles().value(0)).fileName();
        const QString ending = u'.' + dialog->defaultSuffix();
        if (suffix.isEmpty() || suffix == dialog->defaultSuffix())
            return;
        if (chosen.endsWith(ending))
            dialog->selectFile(chosen.chopped(ending.size()) + u'.' + suffix);
        dialog->setDefaultSuffix(suffix);
    });
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
