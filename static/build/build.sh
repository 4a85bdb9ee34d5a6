#!/bin/sh
# Compiles static/css/portal.css, copies the scripts of govuk-frontend and tus-js-client, and bundles the curves of the secret
# ballot and the parts of d3 for charts; run only when the look or a version changes.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
npx --no-install sass --load-path=node_modules --style=compressed --no-source-map --quiet-deps scss/main.scss ../css/portal.css
vendor=node_modules/govuk-frontend
sed '/^\/\/# sourceMappingURL=/d' "$vendor/dist/govuk/govuk-frontend.min.js" > ../js/govuk-frontend.min.js
sed '/^\/\/# sourceMappingURL=/d' node_modules/tus-js-client/dist/tus.min.js > ../js/tus.min.js
npx --no-install esbuild ballot-curves.mjs --bundle --minify --format=esm --target=es2022 --legal-comments=inline --outfile=../js/ballot/curves.min.js --log-level=warning
npx --no-install esbuild chart-parts.mjs --bundle --minify --format=esm --target=es2022 --legal-comments=inline --outfile=../js/charts/d3.min.js --log-level=warning
if grep -Eiq 'GDS Transport|crest|url\(' ../css/portal.css; then
  echo "portal.css must carry no GDS font, no crest and no outside file." >&2
  exit 1
fi
wc -c ../css/portal.css ../js/govuk-frontend.min.js ../js/tus.min.js ../js/ballot/curves.min.js ../js/charts/d3.min.js
node fixtures.mjs > ../../tests/fixtures/govuk-frontend.json
