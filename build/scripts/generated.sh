#!/usr/bin/env bash
# Holds what is generated against what it is generated from, without touching the tree:
# the program → frontend/openapi.json → frontend/src/api/schema.d.ts.
#
# Usage: generated.sh path-to-the-built-willcall
set -euo pipefail

willcall=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../../frontend"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

stale() {
	echo "$1 is not what $2 makes. Run \"make generate\" and commit the result." >&2
	exit 1
}

"$willcall" openapi >"$fresh/openapi.json"
diff -u openapi.json "$fresh/openapi.json" | head -n 40 || stale frontend/openapi.json "the program"
node_modules/.bin/openapi-typescript openapi.json -o "$fresh/schema.d.ts" >/dev/null
diff -u src/api/schema.d.ts "$fresh/schema.d.ts" | head -n 40 || stale frontend/src/api/schema.d.ts frontend/openapi.json
echo "The OpenAPI document and the TypeScript client are in step with the program."
