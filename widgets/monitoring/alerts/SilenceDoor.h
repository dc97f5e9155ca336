// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/Result.h"
#include "monitoring/alerts/Silence.h"

#include <QtCore/QObject>

namespace wk::widgets {

/// What a person wants of the silences of a place.
struct SilenceWish
{
    enum class Kind { Make, Extend, Expire };
    Kind kind = Kind::Make;
    QString platform, cluster;   ///< by their names in the platform file
    monitoring::Silence silence; ///< as it is to be; of Expire: the one that is to end
};

/// How silences are changed: through the same door as everything that changes something. A page knows only this.
class SilenceDoor : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Why it may not be done at once, in a sentence; empty: it may.
    [[nodiscard]] virtual QString whyNotNow(const SilenceWish& wish) const = 0;
    /// Why it cannot even be proposed; empty: it can.
    [[nodiscard]] virtual QString whyNotPropose(const SilenceWish& wish) const = 0;
    /// Files it, and carries it out where the rules let it; what becomes of it is said by changed() and the status bar.
    [[nodiscard]] virtual Result<void> doNow(const SilenceWish& wish) = 0;
    /// Opens the form of a request with it.
    virtual void propose(const SilenceWish& wish) = 0;

signals:
    /// What may be done may be different now, or something was done.
    void changed();
};

} // namespace wk::widgets
