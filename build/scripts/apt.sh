#!/usr/bin/env bash
# Installs the Debian packages that are missing, and only those.
#
# Usage: apt.sh "what they are for" package...
#
# Where nothing is missing it takes some milliseconds and needs neither root nor a network. Where it cannot install, it says what to type instead.
set -euo pipefail

purpose=$1
shift

missing=()
for package in "$@"; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

cannot() {
	echo "setup: $purpose needs these packages: ${missing[*]}" >&2
	echo "setup: $1" >&2
	exit 1
}

command -v apt-get >/dev/null || cannot "This is no Debian; install them by its own means. \"make serve\" needs none of them."

as_root=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || cannot "Only root can: run make as root once, or install sudo. \"make serve\" needs none of them."
	as_root=(sudo)
fi

# One at a time, whatever make's -j says: apt's own lock on its lists does not wait.
exec 9<"$0"
flock 9

echo "setup: installing for $purpose: ${missing[*]}"
started=$SECONDS
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Another apt may hold the lock (a machine that has just started updates itself); a question would wait for ever.
apt() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null 2>&1 |
		tee -a "$log" |
		awk '/^Unpacking/ && ++n % 25 == 0 { print "setup:   " n " packages unpacked"; fflush() }'
}

# The package lists of a machine are often there already; fetching them again costs more than the packages do.
apt install -y --no-install-recommends "${missing[@]}" || {
	echo "setup: fetching the package lists first"
	apt update && apt install -y --no-install-recommends "${missing[@]}"
} || {
	tail -n 20 "$log" >&2
	cannot "apt-get could not install them; its last words are above. Is there a network?"
}
echo "setup: installed in $((SECONDS - started)) s"
