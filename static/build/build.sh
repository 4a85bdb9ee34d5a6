#!/bin/sh
# Compiles static/css/portal.css and copies the scripts of govuk-frontend and tus-js-client; run only when the look changes.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
npx --no-install sass --load-path=node_modules --style=compressed --no-source-map --quiet-deps scss/main.scss ../css/portal.css
vendor=node_modules/govuk-frontend
sed '/^\/\/# sourceMappingURL=/d' "$vendor/dist/govuk/govuk-frontend.min.js" > ../js/govuk-frontend.min.js
sed '/^\/\/# sourceMappingURL=/d' node_modules/tus-js-client/dist/tus.min.js > ../js/tus.min.js
if grep -Eiq 'GDS Transport|crest|url\(' ../css/portal.css; then
  echo "portal.css must carry no GDS font, no crest and no outside file." >&2
  exit 1
fi
wc -c ../css/portal.css ../js/govuk-frontend.min.js ../js/tus.min.js
node fixtures.mjs > ../../tests/fixtures/govuk-frontend.json
