# SPDX-License-Identifier: GPL-3.0-or-later
# Changes that nobody asked for: who changed what, and what would bring it back.
set(changes_unapproved_sources
  ChangeJudge.cpp FieldChanges.cpp FieldChanges.h KnownObjects.cpp KnownObjects.h ObjectChange.cpp ObjectChange.h
  ObjectWatch.cpp ObjectWatch.h RestoreSteps.cpp RestoreSteps.h
  UnapprovedBook.cpp UnapprovedBook.h UnapprovedChanges.cpp UnapprovedChanges.h UnapprovedDesk.cpp UnapprovedDesk.h
  UnapprovedFiler.cpp UnapprovedFiler.h)
