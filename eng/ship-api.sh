#!/usr/bin/env bash
# Declares the public API of all packages as shipped, at a release: moves PublicAPI.Unshipped.txt into PublicAPI.Shipped.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for unshipped in src/*/PublicAPI.Unshipped.txt; do
  shipped=${unshipped/Unshipped/Shipped}
  # "*REMOVED*line" cancels a shipped line.
  api=$(LC_ALL=C sort -u "$shipped" "$unshipped" | grep -vxF '#nullable enable' || true)
  removed=$(sed -n 's/^\*REMOVED\*//p' <<< "$api")
  {
    echo '#nullable enable'
    grep -v '^\*REMOVED\*' <<< "$api" | grep -vxFf <(printf '%s\n' "${removed:-#}") | grep . || true
  } > "$shipped.new"
  mv "$shipped.new" "$shipped"
  echo '#nullable enable' > "$unshipped"
done
