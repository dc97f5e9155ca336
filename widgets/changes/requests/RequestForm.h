// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/templates/PlanTemplate.h"
#include "core/Clock.h"
#include "widgets/changes/plan/FormFields.h"

#include <QtWidgets/QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace wk::changes {
class ChangeDesk;
}

namespace wk::widgets {

class ChangeMeans;
class ParameterForm;

/// Files a change request, or edits one: the plan, from a template or by hand, and every field of the change template,
/// prefilled from what the plan knows until the person writes something else. What is wrong stands beside the field.
///
/// objectNames inside: "formPlatform", "formTemplate", "formPlan", "formPlanWords", "formMistakes", "formSave",
/// "formSubmit", "formBack", "formDiscard" and those of FormFields and ParameterForm.
class RequestForm : public QWidget
{
    Q_OBJECT
public:
    /// `desk` and `means` outlive it.
    RequestForm(changes::ChangeDesk& desk, ChangeMeans& means, std::shared_ptr<Clock> clock, QWidget* parent = nullptr);

    /// An empty form; `platform` is chosen first where it is known.
    void begin(const QString& platform = {});
    /// With that procedure chosen; `given`: values by parameter.
    void beginTemplate(const QString& platform, const QString& name, const QJsonObject& given);
    /// For a plan that was made elsewhere.
    void beginPlan(const changes::Plan& plan, const changes::RequestFields& fields);
    /// For what was done already, and no plan can say: a record without steps.
    void beginRecord(const QString& platform, const changes::RequestFields& fields);
    void edit(const changes::RequestDetail& detail);
    [[nodiscard]] bool isDirty() const { return m_dirty; }
    /// The plan as the form makes it; nullopt while something is wrong with it.
    [[nodiscard]] const std::optional<changes::Plan>& plan() const { return m_plan; }

signals:
    /// The draft is on record; submitted, where that was asked for.
    void saved(qint64 number);
    void left();
    void notice(const QString& text);

private:
    void build();
    QWidget* buildPlan();
    QWidget* buildFoot();
    void reset();
    void fillPlatforms(const QString& wanted);
    void fillTemplates(const QString& wanted);
    void makePlan();
    void makeFromTemplate(const changes::PlanTemplate& chosen);
    void makeFromText();
    void wantLive(const changes::PlanTemplate& chosen, const QList<changes::TemplateField>& fields);
    void judge();
    void discard();
    /// Binds the plan to the state that its objects are in, then writes it.
    void save(bool submit);
    void write(bool submit);
    void finish(qint64 number, bool submit);
    void sendIn(qint64 number, int revision, const QByteArray& sha256);
    void tellSubmitted(qint64 number, const Result<qint64>& answer);
    void setBusy(bool busy);
    [[nodiscard]] std::shared_ptr<const platform::Platform> platform() const;
    [[nodiscard]] std::vector<std::shared_ptr<const changes::PlanTemplate>> templates() const;
    [[nodiscard]] std::shared_ptr<const changes::PlanTemplate> chosenTemplate() const;

    changes::ChangeDesk& m_desk;
    ChangeMeans& m_means;
    std::shared_ptr<Clock> m_clock;
    std::optional<changes::Plan> m_plan;
    QStringList m_planMistakes;
    QByteArray m_unbound;          ///< of the plan that could not be bound, which was said
    QJsonObject m_live;            ///< workloads as their clusters have them, by parameter
    QString m_liveOf;              ///< what was read for that
    QString m_liveError;           ///< why it could not be; says so while it is on its way
    changes::RequestFields m_kept; ///< what the form has no field for
    qint64 m_number = 0;           ///< 0: a new request
    int m_revision = 0;
    bool m_dirty = false, m_busy = false;
    bool m_isRecord = false; ///< without a plan

    QLabel* m_title = nullptr;
    QWidget* m_planBox = nullptr;
    QComboBox *m_platform = nullptr, *m_template = nullptr;
    QLabel *m_summary = nullptr, *m_words = nullptr, *m_mistakes = nullptr;
    ParameterForm* m_parameters = nullptr;
    QPlainTextEdit* m_text = nullptr;
    FormFields* m_fields = nullptr;
    QPushButton *m_save = nullptr, *m_submit = nullptr, *m_back = nullptr, *m_discard = nullptr;
};

} // namespace wk::widgets
