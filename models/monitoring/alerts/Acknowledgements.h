// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "monitoring/alerts/AlertBook.h"

#include <QtCore/QObject>

namespace wk::monitoring {

/// Who has seen which alert. Alertmanager has no place for it: it is kept in a file of this workstation, and only this
/// one knows it.
class Acknowledgements final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::size_t most = 5'000; ///< the oldest go first

    /// `file`: an absolute path; empty: nothing is kept beyond this object. One that cannot be read counts as empty,
    /// and is not written over: see problem().
    explicit Acknowledgements(QString file, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<Acknowledgement>& all() const { return m_all; }
    /// Fails where it has no name, or cannot be kept; then it holds for as long as this object.
    Result<void> add(const Acknowledgement& acknowledgement);
    /// Why the file could not be read.
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }

signals:
    void changed();

private:
    [[nodiscard]] Result<std::vector<Acknowledgement>> read() const;
    [[nodiscard]] Result<void> write() const;

    const QString m_file;
    std::vector<Acknowledgement> m_all; ///< oldest first
    std::optional<Error> m_problem;
};

} // namespace wk::monitoring
