// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/PolicyDialog.h"

#include <QtCore/QJsonArray>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QSpinBox>

namespace wk::widgets {

using namespace Qt::StringLiterals;

namespace {

const QStringList roles{u"operator"_s, u"tech-lead"_s, u"security"_s, u"operations"_s};
const QStringList risks{u"low"_s, u"medium"_s, u"high"_s};

QStringList textsOf(const QJsonValue& list) { return list.toVariant().toStringList(); }

QJsonArray chosenOf(const QList<QCheckBox*>& boxes)
{
    QJsonArray out;
    for (const QCheckBox* box : boxes)
        if (box->isChecked())
            out.append(box->property("choice").toString());
    return out;
}

} // namespace

QJsonArray approvalPlaces(const QString& text)
{
    QJsonArray out;
    for (const QString& place : text.split(u',')) {
        QJsonArray one;
        for (const QString& role : place.split(u" or "_s))
            if (!role.trimmed().isEmpty())
                one.append(role.trimmed().replace(u' ', u'-'));
        if (!one.isEmpty())
            out.append(one);
    }
    return out;
}

QString approvalWords(const QJsonArray& places)
{
    QStringList out;
    for (const auto& place : places)
        out << textsOf(place).join(u" or "_s);
    return out.join(u", "_s);
}

const QList<PolicyFigure>& policyFigures()
{
    static const QList<PolicyFigure> figures{
        {u"request_hours"_s, PolicyDialog::tr("A submission lasts"), 2160, true},
        {u"approval_hours"_s, PolicyDialog::tr("An approval lasts"), 720, true},
        {u"glass_hours"_s, PolicyDialog::tr("Broken glass lasts"), 24, true},
        {u"review_hours"_s, PolicyDialog::tr("It is reviewed within"), 168, true},
        {u"open_requests"_s, PolicyDialog::tr("Open requests of a person"), 100'000, false},
        {u"requests_per_day"_s, PolicyDialog::tr("Filed or edited a day"), 100'000, false}};
    return figures;
}

PolicyDialog::PolicyDialog(changes::ChangeDesk& desk, const QString& platform, QWidget* parent)
    : RuleDialog(platform == u"*" ? tr("Policy of all platforms without one of their own")
                                  : tr("Policy of %1").arg(platform),
                 tr("Makes a new version. What is submitted already has to satisfy both: the policy of then and this "
                    "one. The second person cannot be done away with."),
                 tr("Set the policy"), parent),
      m_desk(desk), m_platform(platform)
{
    setObjectName(u"policyDialog"_s);
    setMinimumWidth(640);
    if (const changes::Policy* before = desk.policyOf(platform)) {
        m_before = before->body;
        m_seen = before->platform == platform ? before->version : 0;
    }
    const QJsonObject approvals = m_before.value("approvals"_L1).toObject();
    const QStringList titles{tr("Low risk"), tr("Medium risk"), tr("High risk")};
    for (qsizetype i = 0; i < risks.size(); ++i) {
        auto* edit = new QLineEdit(approvalWords(approvals.value(risks[i]).toArray()), this);
        edit->setToolTip(tr("One person for each place between commas: \"tech-lead or operations, security\""));
        connect(edit, &QLineEdit::textChanged, this, &PolicyDialog::judge);
        const QString name = risks[i].left(1).toUpper() + risks[i].mid(1);
        addRow(titles[i], edit, u"policy"_s + name);
        m_approvals.insert(risks[i], edit);
    }
    m_stepUp = addChoices(tr("One-time code"), u"stepUp-"_s, risks, textsOf(m_before.value("step_up"_L1)));
    m_stepUp.last()->setEnabled(false); // a high risk always asks for one
    m_execute = addChoices(tr("Carried out by"), u"execute-"_s, roles, textsOf(m_before.value("execute"_L1)));
    for (const PolicyFigure& figure : policyFigures()) {
        auto* number = new QSpinBox(this);
        number->setRange(1, figure.most);
        number->setButtonSymbols(QAbstractSpinBox::NoButtons);
        number->setValue(m_before.value(figure.key).toInt());
        if (figure.hours)
            number->setSuffix(tr(" hours"));
        addRow(figure.title, number, u"policy-"_s + figure.key);
        m_numbers.insert(figure.key, number);
    }
    addReason(3);
    m_shown = body();
    judge();
}

QList<QCheckBox*> PolicyDialog::addChoices(const QString& label, const QString& name, const QStringList& choices,
                                           const QStringList& chosen)
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    QList<QCheckBox*> out;
    for (const QString& choice : choices) {
        auto* check = new QCheckBox(choice, box);
        check->setObjectName(name + choice);
        check->setProperty("choice", choice);
        check->setChecked(chosen.contains(choice));
        connect(check, &QCheckBox::toggled, this, &PolicyDialog::judge);
        row->addWidget(check);
        out << check;
    }
    row->addStretch(1);
    addRow(label, box, name + u"choices"_s);
    return out;
}

QJsonObject PolicyDialog::body() const
{
    QJsonObject out = m_before, approvals;
    for (auto it = m_approvals.begin(); it != m_approvals.end(); ++it)
        approvals.insert(it.key(), approvalPlaces(it.value()->text()));
    out.insert(u"approvals"_s, approvals);
    out.insert(u"step_up"_s, chosenOf(m_stepUp));
    out.insert(u"execute"_s, chosenOf(m_execute));
    for (auto it = m_numbers.begin(); it != m_numbers.end(); ++it)
        out.insert(it.key(), it.value()->value());
    return out;
}

QString PolicyDialog::missing() const
{
    for (const QString& risk : risks) {
        const QJsonArray places = approvalPlaces(m_approvals.value(risk)->text());
        if (places.size() < (risk == u"high" ? 2 : 1))
            return risk == u"high" ? tr("A high risk takes two approvals.") : tr("Every risk takes an approval.");
        for (const auto& place : places)
            for (const QString& role : textsOf(place))
                if (!roles.contains(role))
                    return tr("There is no role \"%1\".").arg(role);
    }
    if (chosenOf(m_execute).isEmpty())
        return tr("Somebody has to carry changes out.");
    return body() == m_shown ? tr("Nothing is changed yet.") : QString();
}

changes::ChangeDesk::Written PolicyDialog::write(const QString& reason)
{
    return m_desk.setPolicy(m_platform, body(), reason, m_seen);
}

} // namespace wk::widgets
