// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "watchkeeper/desktop/DesktopNotifier.h"

#include <QtCore/QSet>

#include <functional>

namespace wk::app {

/// Decides which of what waits, and of what was found, is worth a note on the desktop: each thing once, many at a time
/// as one, and what was there when the program first looked is no news.
class Attention : public QObject
{
    Q_OBJECT
public:
    static constexpr int most = 3; ///< notes at a time; more than that become one

    /// One kind of thing. `id` of a note for all of them is `kind` alone, for one of them "kind:key".
    struct Subject
    {
        QString kind; ///< "waiting"
        bool urgent = false;
        std::function<QString(int)> manyTitle; ///< "5 changes wait for you"
    };
    struct Thing
    {
        QString key, title, text;
    };

    /// `notifier` outlives it.
    explicit Attention(DesktopNotifier& notifier, QObject* parent = nullptr);

    /// Off: nothing is shown, but what comes meanwhile is no news later.
    void setEnabled(bool enabled) { m_enabled = enabled; }
    /// All there are of that kind now.
    void follow(const Subject& subject, const QList<Thing>& things);
    /// Another store: nothing is known any more.
    void forget();

    /// What a note's id is about: kind, and key or nothing.
    [[nodiscard]] static std::pair<QString, QString> about(const QString& noteId);

private:
    DesktopNotifier& m_notifier;
    bool m_enabled = true;
    QHash<QString, QSet<QString>> m_known; ///< keys by kind
};

} // namespace wk::app
