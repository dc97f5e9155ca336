#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Formatting, licence lines, shell scripts, clang-tidy and clazy. `lint.sh quick` leaves the last two out.
# Exit code 1 and one section per checker where something was found.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
mode=${1:-full}
found=0
section() { printf '\n== %s\n' "$1"; }
failed() { found=1; }

sources() { git ls-files -- 'app/*.cpp' 'app/*.h' 'models/*.cpp' 'models/*.h' 'widgets/*.cpp' 'widgets/*.h' 'tests/*.cpp' 'tests/*.h'; }

section "licence lines"
without=$(git ls-files -- '*.cpp' '*.h' '*.sh' '*.cmake' '*CMakeLists.txt' '*.yaml' '*.svg' run .ci/run .clang-tidy \
  | grep -v '/data/' | while read -r file; do [[ -f $file ]] && ! head -n 5 "$file" | grep -q 'SPDX-License-Identifier' && echo "$file"; done)
[[ -z $without ]] || { echo "no SPDX line in:"; echo "$without"; failed; }

section "formatting (clang-format 14)"
sources | xargs -r -P "$(nproc)" -n 20 clang-format-14 --dry-run --Werror 2>build/lint-format.log || failed
grep -oE '^[^: ]+\.(cpp|h):' build/lint-format.log | sort | uniq -c | sort -rn | head -n 40

section "shell scripts"
git ls-files -- '*.sh' run .ci/run | xargs -r shellcheck || failed

if [[ $mode == full ]]; then
  # Both need a compilation database without GCC's precompiled headers, which clang cannot read.
  section "configuring for clang"
  cmake -S . -B build/lint -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=g++ -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    -DWATCHKEEPER_WERROR=OFF -DCMAKE_CXX_COMPILER_LAUNCHER= >build/lint-configure.log 2>&1 || { cat build/lint-configure.log; exit 1; }
  # moc alone, by its own settings: as targets these would build the libraries that they depend on.
  grep -oE '[^ ]*AutogenInfo\.json' build/lint/build.ninja | sort -u \
    | xargs -r -P "$(nproc)" -I{} cmake -E cmake_autogen {} Debug >build/lint-autogen.log 2>&1 \
    || { cat build/lint-autogen.log; failed; }
  files=$(sources | grep '\.cpp$' | grep -v '/data/')

  section "clang-tidy 19"
  # shellcheck disable=SC2086 # one word per file
  printf '%s\n' $files | xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet -p build/lint --extra-arg=-Wno-unknown-warning-option >build/lint-tidy.log 2>/dev/null || failed
  grep -E '(warning|error):' build/lint-tidy.log | sort -u | head -n 80

  section "clazy, levels 0 and 1"
  # Debian 12's clazy is built on clang 14: it calls C++23 c++2b, and packaging/clazy says why it gets an <expected> of its own.
  # It reports nothing about a file that it cannot read, so an error is a finding; but for those inside of libstdc++'s ranges,
  # which clang 14 does not understand.
  # Disabled: non-pod-global-static (constants of QString); strict-iterators (the compiler does it, see QT_STRICT_ITERATORS).
  # shellcheck disable=SC2086
  printf '%s\n' $files | xargs -P "$(nproc)" -n 4 clazy-standalone -p build/lint --header-filter='/(app|models|widgets)/' \
    --checks=level0,level1,no-non-pod-global-static,no-strict-iterators --extra-arg=-Wno-unknown-warning-option --extra-arg=-std=c++2b \
    --extra-arg="-isystem$PWD/packaging/clazy" >build/lint-clazy.log 2>&1
  clazy=$(grep -E 'warning:.*\[-Wclazy|error:' build/lint-clazy.log | grep -v '^/usr/' | sort -u)
  [[ -z $clazy ]] || { echo "$clazy" | head -n 60; failed; }
fi

((found)) && { printf '\nlint: something was found\n'; exit 1; }
printf '\nlint: clean\n'
