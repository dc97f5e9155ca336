// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "changes/desk/ChangeDesk.h"

namespace wk::widgets {

/// What can be done with a request.
enum class RequestAct { Submit, Approve, Reject, Run, TakeOver, Schedule, Review, Close, Edit, Cancel, BreakGlass };

/// One of these for one request and one person: whether it is the way on, and if not possible, why.
struct RequestOffer
{
    RequestAct act = RequestAct::Submit;
    QString title;       ///< the button: "Approve"
    QString whyNot;      ///< as a sentence; empty: it may be done
    bool fits = false;   ///< belongs to the request's state: a button, also where it is not allowed
    bool wayOn = false;  ///< of those that fit the one that a person came for
    bool danger = false; ///< stands apart and is never the default
    QString shortcut;    ///< "A"

    [[nodiscard]] bool enabled() const { return whyNot.isEmpty(); }
};

/// Why the Gate would not let it through; each empty where it would.
struct GateWords
{
    QString run, takeOver, approve;
};

/// Why nothing can be done at all just now, as far as the store goes; empty: it can.
[[nodiscard]] QString deskRefusal(const changes::ChangeDesk& desk);
/// All acts, in the order of their buttons. The store judges once more; this only says beforehand what it would say.
[[nodiscard]] QList<RequestOffer> offersFor(const changes::RequestDetail& detail, const changes::ChangeDesk& desk,
                                            const GateWords& gate);
[[nodiscard]] const RequestOffer* offerOf(const QList<RequestOffer>& offers, RequestAct act);

/// What a person is asked before an act is done.
struct ActQuestion
{
    QString sentence;      ///< what will happen
    QString textLabel;     ///< the line for a comment, a reason, a note; empty: none is asked
    int leastText = 0;     ///< characters
    bool code = false;     ///< a one-time code
    bool incident = false; ///< an incident or ticket
    QString typed;         ///< has to be typed exactly; empty: nothing
    bool times = false;    ///< a beginning and an end
    bool verdict = false;  ///< accepted or objected
    QString confirm;       ///< the button: "Approve revision 2"
    bool danger = false;

    [[nodiscard]] bool asksNothing() const { return textLabel.isEmpty() && !code && !times; }
};
[[nodiscard]] ActQuestion questionFor(RequestAct act, const changes::RequestDetail& detail,
                                      const changes::ChangeDesk& desk);

} // namespace wk::widgets
