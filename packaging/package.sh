#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes build/package/watchkeeper_*.deb from build/release and checks it: metadata, contents, and that the programs start from
# the package's own files. With INSTALL=1 it is also installed (as root) and started from where it was installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=build/release/bin
die() { echo "package: $*" >&2; exit 1; }

desktop-file-validate packaging/io.watchkeeper.Watchkeeper.desktop
appstreamcli validate --no-net packaging/io.watchkeeper.Watchkeeper.metainfo.xml

for size in 16 22 24 32 48 64 128 256 512; do
  mkdir -p "build/release/icons/${size}x${size}/apps"
  rsvg-convert -w "$size" -h "$size" resources/icons/watchkeeper.svg -o "build/release/icons/${size}x${size}/apps/watchkeeper.png"
done
mkdir -p build/release/man build/release/doc build/package
packaging/man.sh "$bin/watchkeeperctl" "Kubernetes clusters and platforms from a terminal" | gzip -9n >build/release/man/watchkeeperctl.1.gz
packaging/man.sh "$bin/watchkeeper" "operations cockpit for platforms on Kubernetes" | gzip -9n >build/release/man/watchkeeper.1.gz
packaging/man.sh "$bin/watchkeeper-fleet" "simulated fleet that serves the Kubernetes API" | gzip -9n >build/release/man/watchkeeper-fleet.1.gz
printf 'watchkeeper (%s) unstable; urgency=low\n\n  * See the project page.\n\n -- The Watchkeeper authors <authors@watchkeeper.example>  %s\n' \
  "$("$bin/watchkeeperctl" --version | awk '{print $NF}')" "$(date -R -u)" | gzip -9n >build/release/doc/changelog.gz

rm -f build/package/*.deb
(cd build/release && cpack -G DEB) >build/package/cpack.log 2>&1 || { tail -n 30 build/package/cpack.log >&2; die "CPack failed"; }
deb=$(find build/package -maxdepth 1 -name '*.deb')
[[ -n $deb ]] || die "CPack made no .deb"

echo "== $deb"
dpkg-deb --info "$deb"
contents=$(dpkg-deb --contents "$deb" | awk '{print $1, $2, $6}')
for wanted in ./usr/bin/watchkeeper ./usr/bin/watchkeeperctl ./usr/bin/watchkeeper-fleet ./usr/share/applications/io.watchkeeper.Watchkeeper.desktop \
  ./usr/share/metainfo/io.watchkeeper.Watchkeeper.metainfo.xml ./usr/share/icons/hicolor/scalable/apps/watchkeeper.svg \
  ./usr/share/icons/hicolor/128x128/apps/watchkeeper.png ./usr/share/doc/watchkeeper/copyright ./usr/share/man/man1/watchkeeperctl.1.gz; do
  grep -q " $wanted\$" <<<"$contents" || die "$wanted is not in the package"
done
if grep -vq ' root/root ' <<<"$contents"; then die "a file in the package does not belong to root"; fi
if grep -E '^[-d].......w' <<<"$contents"; then die "a file in the package is writable for everyone"; fi
dpkg-deb --info "$deb" | grep -q '^ Depends:.*libqt6widgets6' || die "the dependencies lack Qt"

# The programs start from the package, not from the build tree.
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
dpkg-deb -x "$deb" "$root"
for name in watchkeeper watchkeeperctl watchkeeper-fleet; do
  QT_QPA_PLATFORM=offscreen timeout 30 "$root/usr/bin/$name" --version </dev/null || die "$name does not start"
done
# Without a screen of its own the cockpit must at least come up to its version on X11's plugin, too.
if command -v Xvfb >/dev/null; then
  display=$(mktemp); Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$display" >/dev/null 2>&1 & xvfb=$!
  for _ in {1..50}; do [[ -s $display ]] && break; sleep 0.1; done
  DISPLAY=:$(tr -d '[:space:]' <"$display") QT_QPA_PLATFORM=xcb timeout 30 "$root/usr/bin/watchkeeper" --version </dev/null \
    || { kill "$xvfb"; die "watchkeeper does not start on X11"; }
  kill "$xvfb"; rm -f "$display"
fi
if [[ ${INSTALL:-} == 1 ]]; then
  dpkg -i "$deb" || apt-get -y -qq --no-install-recommends -f install
  (cd / && QT_QPA_PLATFORM=offscreen watchkeeper --version && watchkeeperctl --version && watchkeeper-fleet --version)
fi
echo "package: $deb is sound ($(du -h "$deb" | cut -f1))"
