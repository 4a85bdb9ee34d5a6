// Writes the markup that govuk-frontend expects for the parts that our templates imitate; tests compare with it.
import { readFileSync } from "node:fs";

const USED = {
  "back-link": ["default"],
  button: ["default", "disabled"],
  "character-count": ["default"],
  checkboxes: ["with error message"],
  "date-input": ["with error message and hint"],
  "error-summary": ["default"],
  "file-upload": ["enhanced, with error message and hint"],
  input: ["with error and hint", "with suffix"],
  "notification-banner": ["default"],
  pagination: ["with many pages"],
  "password-input": ["with error message"],
  radios: ["with hints on items"],
  select: ["with hint text and error message"],
  "service-navigation": ["with navigation with a current item"],
  "skip-link": ["default"],
  "summary-list": ["with actions"],
  tag: ["default"],
  "task-list": ["with hint text and additional states"],
};

const found = {};
for (const [component, names] of Object.entries(USED)) {
  const file = new URL(`node_modules/govuk-frontend/dist/govuk/components/${component}/fixtures.json`, import.meta.url);
  const { fixtures } = JSON.parse(readFileSync(file, "utf8"));
  for (const name of names) {
    const fixture = fixtures.find((each) => each.name === name);
    if (!fixture) throw new Error(`${component}: there is no fixture ${name}; there are ${fixtures.map((each) => each.name).join(", ")}`);
    found[`${component}: ${name}`] = fixture.html;
  }
}
console.log(JSON.stringify(found, null, 1));
