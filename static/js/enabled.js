// Runs before the page is drawn: styles that need scripts apply only where scripts run.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
