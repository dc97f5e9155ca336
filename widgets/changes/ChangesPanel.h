// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Clock.h"
#include "widgets/changes/requests/RequestTable.h"
#include "widgets/common/TableStates.h"

#include <QtWidgets/QWidget>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace wk::changes {
class UnapprovedDesk;
}

namespace wk::widgets {

class AuditView;
class CalendarView;
class ChangeMeans;
class ChangeNav;
class DataTable;
class FileDialogs;
class LoudBanner;
class PolicyView;
class RequestForm;
class RequestView;
class UnapprovedPage;

/// Change requests: what waits for me and what is running first, then all the rest; one request in full beside it.
///
/// objectNames inside: "changesHeadline", "changeNav", "changesTable", "requestView", "changesFigure",
/// "changesNew", "changesCodes", "changesRecord", "changesNotice".
class ChangesPanel : public QWidget
{
    Q_OBJECT
public:
    struct Parts
    {
        changes::ChangeDesk& desk;
        ChangeMeans& means;
        std::shared_ptr<Clock> clock;
        std::shared_ptr<TableStates> states;
        std::shared_ptr<FileDialogs> dialogs;
        changes::UnapprovedDesk* unapproved = nullptr; ///< nullptr: that part is not there
    };

    explicit ChangesPanel(Parts parts, QWidget* parent = nullptr);
    ~ChangesPanel() override;

    /// "waiting", "running", "scheduled", "unapproved", "mine", "open", "history", "calendar", "policies", "audit".
    void showPart(const QString& id);
    [[nodiscard]] QString currentPart() const { return m_part; }
    void openRequest(qint64 number);
    void closeRequest();
    [[nodiscard]] bool isRequestOpen() const;
    /// An empty form, or the one that was begun.
    void newRequest(const QString& platform = {});
    /// A form for a plan that was made elsewhere.
    void propose(const changes::Plan& plan, const changes::RequestFields& fields);
    /// A form for a request that follows a procedure; `given`: values by parameter.
    void followTemplate(const QString& platform, const QString& name, const QJsonObject& given);
    [[nodiscard]] RequestForm* form();
    [[nodiscard]] CalendarView* calendar();
    [[nodiscard]] PolicyView* policies();
    [[nodiscard]] AuditView* audit();
    [[nodiscard]] UnapprovedPage* unapproved();
    /// That change in full; empty: the list of them.
    void openUnapproved(const QString& key = {});

    [[nodiscard]] QString headline() const;
    [[nodiscard]] DataTable* dataTable() const { return m_table; }
    [[nodiscard]] RequestView* requestView() const { return m_view; }
    [[nodiscard]] ChangeNav* nav() const { return m_nav; }
    class TotpDialog* setUpCodes();

signals:
    void notice(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QWidget* buildHead();
    QWidget* buildSide();
    void connectParts();
    void addShortcuts();
    void follow();
    [[nodiscard]] int decisions() const;
    void followStatus();
    void showForm();
    void leaveForm();
    void edit(qint64 number);
    void showList(ChangeList list);
    void setListTexts(ChangeList list);
    void saveTable();
    void divide();
    void followSelection(const QString& rowId);
    void refreshOlder();
    void acceptRecord();
    void followUnapproved();
    void leaveNotice();
    /// A form for a request after the fact; without a plan it is a record.
    void account(const QString& platform, const std::optional<changes::Plan>& plan,
                 const changes::RequestFields& fields);

    Parts m_parts;
    QString m_part;
    bool m_chosen = false; ///< the person has been to a part of their own choice
    bool m_restoring = false;
    bool m_openIsListed = false; ///< the open request was a row of the table when it was opened
    std::map<ChangeList, std::shared_ptr<RequestTable>> m_lists;
    qint64 m_seenNotice = 0;
    bool m_sureOfRecord = false; ///< asked once whether the record is to be accepted

    QLabel *m_headlineIcon = nullptr, *m_headline = nullptr, *m_figure = nullptr;
    LoudBanner *m_record = nullptr, *m_notice = nullptr;
    QPushButton *m_new = nullptr, *m_codes = nullptr;
    ChangeNav* m_nav = nullptr;
    QSplitter *m_splitter = nullptr, *m_body = nullptr;
    QStackedWidget* m_centre = nullptr;
    DataTable* m_table = nullptr;
    QAction* m_older = nullptr;
    RequestView* m_view = nullptr;
    RequestForm* m_form = nullptr;
    CalendarView* m_calendar = nullptr;
    PolicyView* m_policies = nullptr;
    AuditView* m_audit = nullptr;
    UnapprovedPage* m_unapproved = nullptr;
};

} // namespace wk::widgets
