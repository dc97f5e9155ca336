#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# man.sh PROGRAM DESCRIPTION : a manual page from the program's own --help, on standard output.
set -euo pipefail
name=$(basename "$1")
escape() { sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"; }
printf '.TH %s 1 "" "Watchkeeper" "User Commands"\n' "${name^^}"
printf '.SH NAME\n%s \\- %s\n' "${name//-/\\-}" "$2"
printf '.SH USAGE\n.nf\n'
QT_QPA_PLATFORM=offscreen "$1" --help 2>&1 </dev/null | escape
printf '.fi\n'
