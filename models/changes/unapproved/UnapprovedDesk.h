// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"
#include "changes/unapproved/ObjectChange.h"

namespace wk::changes {

/// One change that no plan made, as a cockpit lists it.
struct UnapprovedItem
{
    qint64 id = 0; ///< of its record in the store; 0: a controller's, which is nobody's business, or not filed (yet)
    QString platform;
    Target target; ///< without version where only another cockpit saw it
    QString resourceVersion;
    QString manager;    ///< "kubectl-edit"; empty: the server did not note who
    Moment at;          ///< when, as the server noted it
    QString controller; ///< in words, where a known program did it by itself
    QString sentence;   ///< who and what
    QString difference; ///< lines of YAML with their marks
    QString observer;   ///< whose cockpit filed it; empty: nobody has
    Moment seenAt;      ///< as the store, else as this program noted it
    qint64 request = 0; ///< that accounts for it and is not closed; 0: none
    std::optional<RequestState> requestState;
    QString notFiled; ///< why it is not on record; empty: it is, or is about to be
    /// Nullptr: this program did not see it, so it does not know what was there before.
    std::shared_ptr<const ObjectChange> seen;

    [[nodiscard]] bool byController() const { return !controller.isEmpty(); }
    /// Tells changes apart, the same before and after it is filed.
    [[nodiscard]] QString key() const;
    bool operator==(const UnapprovedItem&) const = default;
};

/// What panels know of unapproved changes: those that nobody has accounted for yet, whoever saw them, and what known
/// controllers did while this program looked on. Lives on the GUI thread; nothing waits.
class UnapprovedDesk : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] virtual const DeskStatus& status() const = 0;
    /// Newest first.
    [[nodiscard]] virtual const QList<UnapprovedItem>& items() const = 0;
    /// One sentence for each cluster that this program watches.
    [[nodiscard]] virtual const QStringList& watched() const = 0;
    /// Says what became of it, where no request does; on record with the reason (3 to 4,000 characters). Errors as
    /// ChangeDesk's.
    [[nodiscard]] virtual QFuture<Result<void>> dismiss(qint64 id, const QString& reason) = 0;
    /// Reads everything again.
    virtual void refresh() = 0;

    [[nodiscard]] const UnapprovedItem* item(const QString& key) const;
    /// Those that somebody has to account for: all but the controllers'.
    [[nodiscard]] int open() const;

signals:
    void changed();
};

} // namespace wk::changes
