// Starts GOV.UK's components; every page works without it.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  const address = document.querySelector('meta[name="components"]').content;
  import(address).then(({ initAll }) => initAll());
}
