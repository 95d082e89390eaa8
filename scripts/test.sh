#!/bin/sh
# All checks, one after another, also after one has failed; the last line names those that did.
failed=
for check in typecheck lint test:unit test:end-to-end; do
  npm run -s "$check" || failed="$failed $check"
done
[ -z "$failed" ] || { echo "Failed:$failed" >&2; exit 1; }
