// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "series/Mark.h"

#include <QtCore/QObject>

#include <memory>
#include <vector>

namespace wk::series {

/// Who knows of one kind of mark. Asks nothing unless it is watched. On the GUI thread.
class MarkSource : public QObject
{
    Q_OBJECT
public:
    /// What its marks are worth: a chart without marks says something only where they are known.
    struct Standing
    {
        enum class State {
            Asking,  ///< nothing is known yet
            Known,   ///< all there are
            Partial, ///< `words` says what is missing
            Unknown  ///< none could be asked; `words` says why
        };
        State state = State::Asking;
        QString words;
        bool operator==(const Standing&) const = default;
    };

    using QObject::QObject;

    [[nodiscard]] virtual Mark::Kind kind() const = 0;
    /// Of the range that was wanted last.
    [[nodiscard]] virtual Standing standing() const = 0;
    /// Those that touch the range, as far as they are known; in no order.
    [[nodiscard]] virtual std::vector<Mark> marks(qint64 fromMs, qint64 toMs) const = 0;
    /// As long as one of these is held, what is wanted is asked and kept current.
    [[nodiscard]] std::shared_ptr<void> watch();
    /// Which range is looked at. Wanting the same again, or one that has moved on a little, costs nothing.
    virtual void want(qint64 fromMs, qint64 toMs) = 0;

signals:
    /// Marks or standing may be others.
    void changed();

protected:
    [[nodiscard]] bool isWatched() const { return !m_watched.expired(); }
    /// The first begins to look, or the last has gone.
    virtual void onWatched() = 0;

private:
    std::weak_ptr<void> m_watched;
};

} // namespace wk::series
