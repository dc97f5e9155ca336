// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "secrets/Credentials.h"

#include <QtWidgets/QWidget>

#include <functional>

class QAction;
class QLabel;
class QMessageBox;

namespace wk::widgets {

class CredentialDialog;
class DataTable;
class FileDialogs;
class HealthBadge;
class RowsTable;
class SectionHeader;
class TableStates;

/// What is stored for what, since when, and whether the keychain has it: to add, replace, check and remove. No secret
/// is ever shown. The keychain is asked when the panel is first seen, not before.
///
/// objectNames inside: "credentialsTable", "credentialsKeychain", "credentialsProblem", "credentialsDetail",
/// "credentialAdd", "credentialReplace", "credentialCheck", "credentialRemove", "credentialsAskAgain".
class CredentialsPanel : public QWidget
{
    Q_OBJECT
public:
    /// Whether what asks for the secret is content with it, as a sentence; fails with why not.
    using Check = std::function<QFuture<Result<QString>>(const secrets::Credential&)>;
    struct Parts
    {
        secrets::Credentials& credentials;
        std::shared_ptr<Clock> clock;
        std::shared_ptr<FileDialogs> dialogs;
        std::shared_ptr<TableStates> tableStates; ///< may be null
        Check check;                              ///< empty: only the keychain is asked
    };

    explicit CredentialsPanel(Parts parts, QWidget* parent = nullptr);
    ~CredentialsPanel() override;

    [[nodiscard]] DataTable* table() const { return m_table; }
    /// With the name of what is to be replaced, or empty.
    CredentialDialog* openDialog(const QString& name);
    /// Selects it.
    void showCredential(const QString& name);

signals:
    void notice(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void buildActions();
    QAction* addAction(const QString& name, const QString& iconName, const QString& text, const QKeySequence& key,
                       std::function<void()> act);
    void refresh();
    void refreshDetail();
    void check();
    void askRemove();
    void remove(const QString& name);
    [[nodiscard]] std::optional<secrets::Credential> current() const;

    Parts m_parts;
    std::shared_ptr<RowsTable> m_rows;
    SectionHeader* m_header;
    HealthBadge* m_keychain;
    QLabel *m_problem, *m_detail;
    DataTable* m_table;
    QAction *m_replace = nullptr, *m_check = nullptr, *m_remove = nullptr;
    QHash<QString, QString> m_checked; ///< what came of a check, by name
    bool m_asked = false;
};

} // namespace wk::widgets
