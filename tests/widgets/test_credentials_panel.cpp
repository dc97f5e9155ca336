// SPDX-License-Identifier: GPL-3.0-or-later
#include "../secrets/ScriptedKeychain.h"
#include "secrets/Credentials.h"
#include "table/TableModel.h"
#include "widgets/common/DataTable.h"
#include "widgets/common/HealthBadge.h"
#include "widgets/common/StateView.h"
#include "widgets/common/Theme.h"
#include "widgets/credentials/CredentialDialog.h"
#include "widgets/credentials/CredentialsPanel.h"

#include <QtCore/QTemporaryDir>
#include <QtGui/QAction>
#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QRadioButton>

using namespace wk;
using namespace wk::secrets;
using namespace wk::widgets;
using namespace Qt::StringLiterals;
using State = Credentials::Keychain::State;

namespace {

const Error locked{Error::Kind::Unauthorized, u"The keychain is locked."_s, {}, u"Unlock it."_s};
const Error denied{Error::Kind::Forbidden, u"The keychain denies access."_s, {}, u"Allow it."_s};
const Error absent{Error::Kind::Unsupported, u"There is no keychain that works here."_s, {}, u"Start one."_s};
const SecretUse login{
    u"shop/prometheus"_s, SecretKind::Token, u"prometheus"_s, u"shop"_s, u"Prometheus of Shop, as ops"_s, true};
const QString secret = u"hunter2-is-a-secret"_s;

/// All that a person could read or hear on a widget and below it, tooltips included.
QString wordsOn(const QWidget& widget)
{
    QStringList out{widget.windowTitle()};
    for (const QWidget* each : widget.findChildren<QWidget*>()) {
        out << each->toolTip() << each->accessibleName() << each->accessibleDescription() << each->statusTip();
        for (const char* property : {"text", "placeholderText", "displayText"})
            if (!qobject_cast<const QLineEdit*>(each) || qstrcmp(property, "text") != 0)
                out << each->property(property).toString();
    }
    return out.join(u'\n');
}

} // namespace

/// The page that lists what a person has entrusted to the program, and takes more.
class TestCredentialsPanel : public QObject
{
    Q_OBJECT

    struct Stage
    {
        explicit Stage(std::vector<SecretUse> uses = {login}, CredentialsPanel::Check check = {})
        {
            credentials.setUses(std::move(uses));
            panel = std::make_unique<CredentialsPanel>(
                CredentialsPanel::Parts{credentials, clock, nullptr, nullptr, std::move(check)});
            panel->resize(1100, 600);
        }
        void show()
        {
            panel->show();
            QVERIFY(QTest::qWaitFor([&] { return credentials.keychain().state != State::Asking; }, 20'000));
        }
        [[nodiscard]] QString cell(const QString& name, const QString& column) const
        {
            const auto* model = panel->table()->model();
            const int row = model->rowOf(name);
            return row < 0 ? u"no row"_s
                           : model->index(row, table::indexOfColumn(model->columns(), column)).data().toString();
        }
        template <typename T>
        [[nodiscard]] T* child(const char16_t* name) const
        {
            return panel->findChild<T*>(QString::fromUtf16(name));
        }
        /// Types the secret into the dialog, the way a person does.
        static void type(CredentialDialog& dialog)
        {
            for (const QString& name : {u"credentialSecret"_s, u"credentialAgain"_s})
                QTest::keyClicks(dialog.findChild<QLineEdit*>(name), secret);
        }

        QTemporaryDir dir;
        std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
        test::ScriptedKeychain* keychain = new test::ScriptedKeychain;
        Credentials credentials{std::unique_ptr<SecretStore>(keychain),
                                CredentialLedger(dir.filePath(u"credentials.json"_s)), u"watchkeeper"_s, *clock};
        std::unique_ptr<CredentialsPanel> panel;
    };

private slots:
    void initTestCase() { m_theme.apply(*qApp); }

    void askedOnlyWhenSeen()
    {
        Stage stage;
        QCOMPARE(stage.keychain->asked, 0);
        QCOMPARE(stage.cell(login.name, u"kept"_s), u"not asked yet"_s);
        stage.show();
        QVERIFY(stage.keychain->asked > 0);
        QTRY_COMPARE_WITH_TIMEOUT(stage.cell(login.name, u"kept"_s), u"missing"_s, 20'000);
        QCOMPARE(stage.cell(login.name, u"kind"_s), u"Token"_s);
        QCOMPARE(stage.cell(login.name, u"uses"_s), login.words);
        QCOMPARE(stage.panel->table()->model()->row(login.name)->health, table::Health::Bad);
        QCOMPARE(stage.child<HealthBadge>(u"credentialsKeychain")->text(), u"The keychain answers"_s);
    }

    void emptyTeaches()
    {
        Stage stage{std::vector<SecretUse>()};
        stage.show();
        const auto* state = stage.panel->table()->findChild<StateView*>(u"stateView"_s);
        QTRY_COMPARE_WITH_TIMEOUT(state->state(), StateView::State::Empty, 20'000);
        QVERIFY(state->isVisible());
        QVERIFY(!state->text().isEmpty());
        emit stage.panel->table()->emptyActionRequested();
        auto* dialog = stage.child<CredentialDialog>(u"credentialDialog");
        QVERIFY(dialog);
        QVERIFY(!dialog->findChild<QPushButton*>(u"credentialSave"_s)->isEnabled());
    }

    void keptByKeyboardAlone()
    {
        Stage stage;
        stage.show();
        stage.panel->showCredential(login.name);
        QTRY_COMPARE_WITH_TIMEOUT(stage.panel->table()->currentId(), login.name, 20'000);
        emit stage.panel->table()->activated(login.name); // Enter
        auto* dialog = stage.child<CredentialDialog>(u"credentialDialog");
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QComboBox*>(u"credentialKind"_s)->currentText(), u"Token"_s);
        auto* save = dialog->findChild<QPushButton*>(u"credentialSave"_s);
        QCOMPARE(save->text(), u"Keep in the keychain"_s);
        const QPointer<QLineEdit> typed = dialog->findChild<QLineEdit*>(u"credentialSecret"_s);
        QCOMPARE(typed->echoMode(), QLineEdit::Password);
        QTest::keyClicks(typed, secret);
        QVERIFY(!save->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(u"credentialAgain"_s), secret + u'x');
        QVERIFY(!save->isEnabled()); // not the same
        QTest::keyClick(dialog->findChild<QLineEdit*>(u"credentialAgain"_s), Qt::Key_Backspace);
        QVERIFY(save->isEnabled());
        // It cannot be taken out again.
        QApplication::clipboard()->setText(u"before"_s);
        QTest::keyClick(typed, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(typed, Qt::Key_C, Qt::ControlModifier);
        QTest::keyClick(typed, Qt::Key_X, Qt::ControlModifier); // takes it out of the field and puts it nowhere
        QCOMPARE(QApplication::clipboard()->text(), u"before"_s);
        typed->clear();
        QTest::keyClicks(typed, secret);
        QVERIFY(!wordsOn(*dialog).contains(secret));
        QTest::keyClick(typed, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(stage.cell(login.name, u"kept"_s), u"in keychain"_s, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(!typed || typed->text().isEmpty(), 20'000);
        QVERIFY(!wordsOn(*stage.panel).contains(secret));
        QTRY_VERIFY_WITH_TIMEOUT(
            stage.child<QLabel>(u"credentialsDetail")->text().contains(u"put there by watchkeeper"), 20'000);
    }

    void removedAfterAQuestion()
    {
        Stage stage;
        QVERIFY(stage.credentials.keep(login.name, login.kind, "x", Keep::Session).isFinished());
        stage.show();
        stage.panel->showCredential(login.name);
        QTRY_COMPARE_WITH_TIMEOUT(stage.panel->table()->currentId(), login.name, 20'000);
        QCOMPARE(stage.cell(login.name, u"kept"_s), u"this session"_s);
        stage.child<QAction>(u"credentialRemove")->trigger();
        auto* box = stage.child<QMessageBox>(u"credentialRemoveBox");
        QVERIFY(box);
        QCOMPARE(box->defaultButton()->text(), u"Back"_s);
        QVERIFY(box->informativeText().contains(login.words));
        box->findChild<QPushButton*>(u"credentialRemoveNow"_s)->click();
        QTRY_VERIFY_WITH_TIMEOUT(stage.cell(login.name, u"kept"_s) != u"this session"_s, 20'000);
    }

    void refused_data()
    {
        QTest::addColumn<Error>("error");
        QTest::addColumn<QString>("badge");
        QTest::addColumn<bool>("mayTry");
        QTest::newRow("locked") << locked << u"The keychain is locked"_s << true;
        QTest::newRow("denied") << denied << u"The keychain denies access"_s << true;
        QTest::newRow("absent") << absent << u"No keychain"_s << false;
    }

    /// Said in words; what is typed is kept in memory only where the person chooses so.
    void refused()
    {
        QFETCH(Error, error);
        QFETCH(QString, badge);
        QFETCH(bool, mayTry);
        Stage stage;
        stage.keychain->refusal = error;
        stage.show();
        QCOMPARE(stage.child<HealthBadge>(u"credentialsKeychain")->text(), badge);
        const auto* problem = stage.child<QLabel>(u"credentialsProblem");
        QVERIFY(problem->isVisible());
        QCOMPARE(problem->text(), error.text());
        QTRY_COMPARE_WITH_TIMEOUT(stage.cell(login.name, u"kept"_s), u"not known"_s, 20'000);
        CredentialDialog* dialog = stage.panel->openDialog(login.name);
        auto* inKeychain = dialog->findChild<QRadioButton*>(u"credentialInKeychain"_s);
        auto* inSession = dialog->findChild<QRadioButton*>(u"credentialInSession"_s);
        auto* save = dialog->findChild<QPushButton*>(u"credentialSave"_s);
        QCOMPARE(inKeychain->isEnabled(), mayTry);
        Stage::type(*dialog);
        if (mayTry) {
            QCOMPARE(save->text(), u"Keep in the keychain"_s);
            save->click();
            auto* said = dialog->findChild<QLabel*>(u"credentialError"_s);
            QTRY_VERIFY_WITH_TIMEOUT(said->isVisible(), 20'000);
            QCOMPARE(said->text(), error.text());
            QVERIFY(dialog->isVisible());
            QCOMPARE(stage.cell(login.name, u"kept"_s), u"not known"_s);
            inSession->click();
        }
        QCOMPARE(save->text(), u"Keep until Watchkeeper ends"_s);
        save->click();
        QTRY_COMPARE_WITH_TIMEOUT(stage.cell(login.name, u"kept"_s), u"this session"_s, 20'000);
        QVERIFY(!QFile::exists(stage.dir.filePath(u"credentials.json"_s)));
        // Unlocked, or started, meanwhile.
        stage.keychain->refusal.reset();
        stage.child<QPushButton>(u"credentialsAskAgain")->click();
        QTRY_COMPARE_WITH_TIMEOUT(stage.child<HealthBadge>(u"credentialsKeychain")->text(), u"The keychain answers"_s,
                                  20'000);
        QVERIFY(!problem->isVisible());
    }

    void checked()
    {
        Result<QString> outcome(u"shop/prometheus is there, and prometheus answers with it."_s);
        Stage stage({login}, [&](const Credential& one) {
            return QtFuture::makeReadyFuture(one.name == login.name ? outcome : Result<QString>(fail(locked)));
        });
        stage.show();
        stage.panel->showCredential(login.name);
        QTRY_COMPARE_WITH_TIMEOUT(stage.panel->table()->currentId(), login.name, 20'000);
        const auto* detail = stage.child<QLabel>(u"credentialsDetail");
        auto* check = stage.child<QAction>(u"credentialCheck");
        check->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(detail->text().contains(u"is not kept anywhere"), 20'000);
        QVERIFY(stage.credentials.keep(login.name, login.kind, "x", Keep::Session).isFinished());
        check->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(detail->text().contains(u"answers with it"), 20'000);
        outcome = fail(Error::Kind::Unauthorized, u"The server does not know the token."_s);
        check->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(detail->text().contains(u"did not help: The server does not know the token."), 20'000);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestCredentialsPanel)
#include "test_credentials_panel.moc"
