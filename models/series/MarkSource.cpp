// SPDX-License-Identifier: GPL-3.0-or-later
#include "series/MarkSource.h"

#include <QtCore/QPointer>

namespace wk::series {

std::shared_ptr<void> MarkSource::watch()
{
    if (auto held = m_watched.lock())
        return held;
    // The last one who looks tells, unless the source went first.
    std::shared_ptr<void> held(this, [self = QPointer<MarkSource>(this)](void*) {
        if (self)
            self->onWatched();
    });
    m_watched = held;
    onWatched();
    return held;
}

} // namespace wk::series
