#!/usr/bin/env bash
# Tells by its exit code whether a window can be opened here: 0 there is a display that answers, 1 there is none.
#
# It decides which Willcall is built, before anything of the window's libraries is installed, so it can ask only for the display's socket. A display that
# answers and then refuses is met by the program itself, which serves to a browser instead.
set -uo pipefail

if [ -n "${WAYLAND_DISPLAY:-}" ]; then
	case $WAYLAND_DISPLAY in
	/*) socket=$WAYLAND_DISPLAY ;;
	*) socket=${XDG_RUNTIME_DIR:-/nowhere}/$WAYLAND_DISPLAY ;;
	esac
	[ -S "$socket" ] && exit 0
fi

# DISPLAY is [host]:number[.screen]; a host means TCP port 6000 + number, as with ssh -X.
display=${DISPLAY:-}
[[ $display =~ ^([^:]*):([0-9]+)(\.[0-9]+)?$ ]] || exit 1
host=${BASH_REMATCH[1]}
number=${BASH_REMATCH[2]}
case $host in
'' | unix) [ -S "/tmp/.X11-unix/X$number" ] ;;
*) timeout 2 bash -c ": </dev/tcp/$host/$((6000 + number))" 2>/dev/null ;;
esac
