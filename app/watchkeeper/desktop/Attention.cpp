// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchkeeper/desktop/Attention.h"

namespace wk::app {

using namespace Qt::StringLiterals;

Attention::Attention(DesktopNotifier& notifier, QObject* parent) : QObject(parent), m_notifier(notifier) {}

std::pair<QString, QString> Attention::about(const QString& noteId)
{
    return {noteId.section(u':', 0, 0), noteId.section(u':', 1)};
}

void Attention::forget() { m_known.clear(); }

void Attention::follow(const Subject& subject, const QList<Thing>& things)
{
    const bool first = !m_known.contains(subject.kind);
    QSet<QString>& known = m_known[subject.kind];
    QSet<QString> now;
    QList<Thing> news;
    for (const Thing& thing : things) {
        now.insert(thing.key);
        if (!first && !known.contains(thing.key))
            news << thing;
    }
    const QSet<QString> ended = QSet<QString>(known).subtract(now);
    for (const QString& gone : ended)
        m_notifier.withdraw(subject.kind + u':' + gone);
    if (now.isEmpty() && !known.isEmpty())
        m_notifier.withdraw(subject.kind);
    known = now;
    if (!m_enabled || news.isEmpty())
        return;
    if (news.size() <= most) {
        for (const Thing& thing : news)
            m_notifier.show({subject.kind + u':' + thing.key, thing.title, thing.text, subject.urgent});
        return;
    }
    QStringList titles;
    for (const Thing& thing : news.mid(0, most))
        titles << thing.text;
    titles << u"…"_s;
    m_notifier.show({subject.kind, subject.manyTitle(int(news.size())), titles.join(u'\n'), subject.urgent});
}

} // namespace wk::app
