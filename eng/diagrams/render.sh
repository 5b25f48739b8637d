#!/usr/bin/env bash
# Renders the diagrams in docs/diagrams. Needs Node.js 20 or newer, npm, and Chromium (CHROMIUM names another program than /usr/bin/chromium).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export PUPPETEER_SKIP_DOWNLOAD=1
npm ci --ignore-scripts --loglevel error < /dev/null
node render.js
