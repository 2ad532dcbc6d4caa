#!/usr/bin/env bash
# Runs one step of the tests under a heading and says how long it took.
#
# Usage: step.sh "heading" command...
set -uo pipefail

heading=$1
shift
printf '\n==> %s\n' "$heading"
started=$SECONDS
"$@"
code=$?
if [ $code -eq 0 ]; then
	printf '==> %s: passed in %d s\n' "$heading" $((SECONDS - started))
else
	printf '\n==> %s: FAILED after %d s (exit %d)\n' "$heading" $((SECONDS - started)) $code >&2
fi
exit $code
