// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"

#include <QtCore/QCoreApplication>

namespace wk::ctl {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("wk::ctl", text); }

QString changeUsage()
{
    return tr(R"(watchkeeperctl change - change requests: file, approve, carry out

  change plan PLAN [--context CONTEXT] [--no-pin]    the plan in words, with its SHA-256; with a context what it would change
  change new PLAN FORM [--no-pin] [--submit [--wait]]
                                                     files a request; --wait: until it is approved
  change edit N [PLAN] [FORM] [--submit [--wait]]    a new revision; every approval is void
  change submit N [--no-pin] [--wait]
  change show N
  change list [--state S,S] [--platform P] [--text T] [--limit N] [--mine|--waiting]
  change approve N (--sha256 HASH|--plan FILE) [--comment C] [--code -]
                                                     shows what is approved; without a hash its beginning has to be typed
  change reject N --comment C
  change schedule N --not-before TIME --not-after TIME
  change cancel N --reason R
  change execute N [--stop-after-step] [--wait]      carries it out, step by step; --wait: once it is approved
  change takeover N --reason R [--wait] [--yes]      goes on where an executor is gone; stands still before it goes on
  change resolve N STEP done|failed|repeat --reason R [--wait] [--yes]
                                                     the word on a step of which only the beginning is on record
  change rollback N --reason R [--wait]              takes back what an executor that is gone has done
  change close N [--note T]
  change break-glass N --reason R --incident I [--cluster NAME] [--code -]
                                                     approves by yourself: the name of what it changes is typed; told to all
  change review [N accepted|objected --comment C]    the word of another person on that; without a number what is owed
  change record --platform P FORM                    files what was done already, without a plan
  change windows [list]                              maintenance windows and freezes
  change windows add freeze|maintenance NAME WHEN [--platform P] [--cluster C] [-n NS] [--reason R]
  change windows change ID [WHEN] [--name T] [--platform P] [--cluster C] [-n NS] --reason R
  change windows end ID --reason R
  change policy [PLATFORM]                           what approvals take, and who changed it when and why
  change policy set PLATFORM KEY=VALUE... --reason R approvals.high=tech-lead,security|operations glass_hours=2
  change templates [list]                            pre-approved changes that the store keeps
  change templates keep NAME --template T --platform P [KEY=VALUE...]
                                                     what is given is fixed, the rest stays open inside its bounds
  change templates approve NAME VERSION              stands in for people once it has the approvals of a medium risk
  change await N --state S,S [--timeout 10m]         until it is in one of the states
  change enroll                                      sets your authenticator up: approving a high risk asks for its code

PLAN  --plan FILE (- is standard input), or --platform P --template NAME KEY=VALUE...
FORM  --title --type deployment|configuration|infrastructure|security --risk low|medium|high --what --why --impact
      --tests unit,integration,load,security --rollback-plan --rollback-minutes N --data-recovery --incident
      --not-before TIME --not-after TIME; a template fills in what it knows
WHEN  --from TIME --to TIME, or every week --days mon,tue --from 22:00 --to 02:00 [--zone Europe/Berlin]
TIME  2026-11-21T18:00Z, 2026-11-21T19:00+01:00, +2h

  --no-pin             leaves steps unbound. Without it plan, new, edit and submit bind every step to its object as it is now: a
                       change by others since then stops it
  --context C          for the one cluster of the plan; --context CLUSTER=CONTEXT for each of several; else the context that
                       the platform file names
  --wait, --timeout D  waits for what others have to do; takeover, resolve, rollback: for the sign of life to be 30 s old
  --yes                takeover, resolve: goes on without asking, where nothing has to be decided
  -o json              JSON; while carrying out an event a line

Where a plan stands still, answers are lines of standard input: yes, no, proceed, rollback, done, failed, repeat, verify, fail,
leave. Where that has ended, the execution is left as it stands. Ctrl+C stops after the step that runs, a second one at once.

Exit codes: 0 done, verified; 1 refused; 2 the command line cannot be understood; 3 no store, kubeconfig or connection; 4 stands
still, a person has to decide, or the time is over; 5 failed, rolled back, rejected, cancelled or expired.
)");
}

QString actionUsage()
{
    return tr(R"(watchkeeperctl action - one action, at once where the policy allows it

  action list
  action NAME KIND/NAME [KEY=VALUE...] -n NAMESPACE --dry-run   what the cluster itself says it would change; needs no store
  action NAME KIND/NAME [KEY=VALUE...] -n NAMESPACE --as-plan   the plan, for `change new --plan -`
  action NAME KIND/NAME [KEY=VALUE...] -n NAMESPACE --platform P [--cluster C] [--yes] [FORM]
                                                                does it: clusters of class development, or your private store

KEY=VALUE is a parameter of the action: replicas=5, images.web=registry/web:1.2, 'arguments=["-v"]'. A value that reads as a
number, a truth value or JSON is that; after a point it is always a text. FORM and exit codes: `watchkeeperctl help change`.

  watchkeeperctl action scale deployment/web replicas=5 -n shop --context staging --dry-run
)");
}

QString auditUsage()
{
    return tr(R"(watchkeeperctl audit - the record of everything that was filed, approved and carried out

  audit verify [SEQ]    checks every row from SEQ on against its hash and the row before it; names the first broken one
  audit verify --file F the same of an export, without the store (- is standard input)
  audit list [FILTER] [--limit N]
  audit export [FILTER] JSON, a row a line, oldest first, with the bytes that were hashed
  audit accept          from here on the record as it is now counts: after the store was restored from a backup

FILTER  --from TIME --to TIME --request N --person P --action request.|request.approve --text T; times as 2026-11-21T18:00Z or -30d

Exit codes: 0 whole, done; 1 broken, or another record than this workstation saw last; 2, 3 as elsewhere.
)");
}

} // namespace

QString usageOf(const QString& verb)
{
    return verb == u"change"   ? changeUsage()
           : verb == u"action" ? actionUsage()
           : verb == u"audit"  ? auditUsage()
                               : QString();
}

} // namespace wk::ctl
