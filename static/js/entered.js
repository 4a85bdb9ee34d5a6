// What somebody entered before the page's scripts had arrived: the control no longer says what the server wrote into it.
export function enteredBefore(control) {
  if (control.type === "hidden") return false;
  if (control.type === "file") return control.files.length > 0;
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.tagName !== "SELECT") return control.value !== control.defaultValue;
  const written = [...control.options].findIndex((option) => option.defaultSelected);
  return control.selectedIndex !== Math.max(written, 0);
}
