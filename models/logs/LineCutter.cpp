// SPDX-License-Identifier: GPL-3.0-or-later
#include "logs/LineCutter.h"

#include <QtCore/QCoreApplication>

namespace wk::logs {

void LineCutter::feed(QByteArrayView bytes, const Sink& sink)
{
    while (!bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        if (end < 0) {
            keep(bytes);
            return;
        }
        if (m_rest.isEmpty() && m_lost == 0 && end <= m_limit) {
            sink(bytes.first(end), false);
        } else {
            keep(bytes.first(end));
            give(sink);
        }
        bytes = bytes.sliced(end + 1);
    }
}

void LineCutter::finish(const Sink& sink)
{
    if (!m_rest.isEmpty())
        give(sink);
}

void LineCutter::keep(QByteArrayView bytes)
{
    const qsizetype fits = qMin(bytes.size(), m_limit - m_rest.size());
    m_rest.append(bytes.first(fits));
    m_lost += bytes.size() - fits;
}

void LineCutter::give(const Sink& sink)
{
    const bool cut = m_lost > 0;
    if (cut)
        m_rest.append(QCoreApplication::translate("wk::LineCutter", " … (%1 more bytes of this line were not kept)")
                          .arg(m_lost)
                          .toUtf8());
    sink(m_rest, cut);
    m_rest.clear();
    m_lost = 0;
}

} // namespace wk::logs
