// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/changes/rules/PolicyView.h"

#include "widgets/changes/requests/RequestWords.h"
#include "widgets/changes/rules/PolicyDialog.h"
#include "widgets/common/FreshnessLabel.h"
#include "widgets/common/Theme.h"

#include <QtCore/QJsonArray>
#include <QtCore/QLocale>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QSplitter>

namespace wk::widgets {

using namespace Qt::StringLiterals;
using changes::Policy;

QStringList policyWords(const QJsonObject& body)
{
    const QJsonObject approvals = body.value("approvals"_L1).toObject();
    const auto places = [&approvals](const QString& risk) { return approvalWords(approvals.value(risk).toArray()); };
    const auto list = [&body](const QString& key) { return body.value(key).toVariant().toStringList().join(u", "_s); };
    QStringList out{PolicyView::tr("Low risk: %1").arg(places(u"low"_s)),
                    PolicyView::tr("Medium risk: %1").arg(places(u"medium"_s)),
                    PolicyView::tr("High risk: %1").arg(places(u"high"_s)),
                    PolicyView::tr("One-time code: %1 risk").arg(list(u"step_up"_s)),
                    PolicyView::tr("Carried out by: %1").arg(list(u"execute"_s))};
    for (const PolicyFigure& figure : policyFigures()) {
        const QString number = QLocale().toString(body.value(figure.key).toInt());
        out << (figure.hours ? PolicyView::tr("%1: %2 hours") : u"%1: %2"_s).arg(figure.title, number);
    }
    return out;
}

QString whyNotRules(const changes::ChangeDesk& desk)
{
    if (desk.person().admin || desk.person().solo)
        return {};
    return PolicyView::tr("Windows and policies are an admin's to change, and %1 is none.").arg(desk.person().name);
}

PolicyView::PolicyView(changes::ChangeDesk& desk, std::shared_ptr<Clock> clock, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_clock(std::move(clock)), m_platform(new QComboBox(this)),
      m_versions(new QListWidget(this)), m_words(new QLabel), m_whyNot(new QLabel(this)),
      m_change(new QPushButton(tr("Change the policy"), this)), m_freshness(new FreshnessLabel(this))
{
    setObjectName(u"policyView"_s);
    build();
    connect(m_platform, &QComboBox::currentIndexChanged, this, &PolicyView::listVersions);
    connect(m_versions, &QListWidget::currentRowChanged, this, &PolicyView::showVersion);
    connect(m_change, &QPushButton::clicked, this, &PolicyView::change);
    connect(&desk, &changes::ChangeDesk::changed, this, &PolicyView::follow);
    setFocusProxy(m_versions);
    follow();
}

void PolicyView::build()
{
    m_platform->setObjectName(u"policyPlatform"_s);
    m_platform->setAccessibleName(tr("Platform"));
    m_platform->setMinimumWidth(220);
    m_change->setObjectName(u"policyChange"_s);
    m_versions->setObjectName(u"policyVersions"_s);
    m_versions->setAccessibleName(tr("Versions of the policy"));
    m_versions->setFrameShape(QFrame::NoFrame);
    m_versions->setWordWrap(true);
    m_versions->setSpacing(4);
    m_versions->setMinimumWidth(240);
    m_words->setObjectName(u"policyWords"_s);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_words->setContentsMargins(16, 8, 16, 8);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_whyNot->setObjectName(u"policyWhyNot"_s);
    m_whyNot->setTextFormat(Qt::PlainText);
    m_whyNot->setForegroundRole(QPalette::PlaceholderText);
    m_whyNot->setWordWrap(true);
    m_freshness->setObjectName(u"policyFreshness"_s);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 8, 16, 8);
    head->setSpacing(12);
    head->addWidget(m_platform);
    head->addWidget(m_change);
    head->addWidget(m_whyNot, 1);
    head->addWidget(m_freshness);
    auto* scroll = new QScrollArea(this);
    scroll->setAccessibleName(tr("The policy in words"));
    scroll->setWidget(m_words);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_versions);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(splitter, 1);
}

void PolicyView::follow()
{
    QStringList names{u"*"_s};
    for (const Policy& policy : m_desk.policies())
        names << policy.platform;
    for (const auto& request : m_desk.rows())
        names << request.platform;
    names.sort();
    names.removeDuplicates();
    const QString chosen = m_platform->currentData().toString();
    {
        const QSignalBlocker still(m_platform);
        m_platform->clear();
        for (const QString& name : names)
            m_platform->addItem(name == u"*" ? tr("All platforms without their own") : name, name);
        m_platform->setCurrentIndex(std::max(0, m_platform->findData(chosen)));
    }
    const QString why = whyNotRules(m_desk);
    m_change->setEnabled(why.isEmpty());
    m_change->setToolTip(why);
    m_whyNot->setText(why);
    m_freshness->setFreshness(freshnessOf(m_desk.status()), m_clock->nowMs());
    listVersions();
}

void PolicyView::listVersions()
{
    const QString platform = m_platform->currentData().toString();
    const QSignalBlocker still(m_versions);
    m_versions->clear();
    QList<Policy> all;
    std::ranges::copy_if(m_desk.policies(), std::back_inserter(all),
                         [&](const Policy& policy) { return policy.platform == platform; });
    std::ranges::sort(all, std::greater(), &Policy::version);
    for (const Policy& policy : all) {
        const QString when =
            policy.setAt ? QLocale().toString(policy.setAt->toLocalTime(), QLocale::ShortFormat) : QString();
        auto* item = new QListWidgetItem(tr("Version %1%2\n%3, %4")
                                             .arg(QString::number(policy.version),
                                                  policy.current ? tr(", counts now") : QString(), policy.setBy, when),
                                         m_versions);
        item->setData(Qt::UserRole, policy.version);
    }
    m_versions->setCurrentRow(0);
    showVersion();
}

void PolicyView::showVersion()
{
    const QString platform = m_platform->currentData().toString();
    const int version = m_versions->currentItem() ? m_versions->currentItem()->data(Qt::UserRole).toInt() : 0;
    const auto of = [&](int wanted) -> const Policy* {
        const auto it = std::ranges::find_if(m_desk.policies(), [&](const Policy& policy) {
            return policy.platform == platform && policy.version == wanted;
        });
        return it == m_desk.policies().end() ? nullptr : &*it;
    };
    const Policy* policy = of(version);
    if (!policy) {
        const Policy* counts = m_desk.policyOf(platform);
        m_words->setText(counts ? tr("%1 has no policy of its own; that of all platforms counts:\n\n%2")
                                      .arg(platform, policyWords(counts->body).join(u'\n'))
                                : tr("No policy was read yet."));
        return;
    }
    QStringList lines = policyWords(policy->body);
    if (const Policy* before = of(version - 1)) {
        const QStringList former = policyWords(before->body);
        for (qsizetype i = 0; i < lines.size(); ++i)
            if (lines[i] != former.value(i))
                lines[i] += tr("  (before: %1)").arg(former.value(i).section(u": "_s, 1));
    }
    const QString why = policy->reason.isEmpty() ? QString() : tr("Reason: %1\n\n").arg(policy->reason);
    m_words->setText(why + lines.join(u'\n'));
}

PolicyDialog* PolicyView::change()
{
    if (!whyNotRules(m_desk).isEmpty())
        return nullptr;
    const QString platform = m_platform->currentData().toString();
    auto* dialog = new PolicyDialog(m_desk, platform, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this] { emit notice(tr("The policy is set")); });
    dialog->open();
    return dialog;
}

} // namespace wk::widgets
