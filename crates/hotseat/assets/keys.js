// One key a step: a key presses the link or button that names it, unless somebody is writing. Whoever speaks to the
// machine would press keys without meaning to, so it is off until it is asked for.
"use strict";
(() => {
  const KEPT = "hotseat:keys";
  const box = document.querySelector("[data-keys]");
  let on = false;
  try { on = localStorage.getItem(KEPT) === "on"; } catch { /* Where nothing is kept it lasts as long as the page. */ }

  function show() {
    document.body.classList.toggle("with-keys", on);
    if (box) box.checked = on;
  }

  if (box) {
    box.closest("[hidden]").hidden = false;
    box.addEventListener("change", () => {
      on = box.checked;
      try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* as above */ }
      show();
    });
  }
  document.addEventListener("keydown", (event) => {
    const plain = on && !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);
    const writes = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!plain || event.key.length !== 1 || writes) return;
    const all = [...document.querySelectorAll("[data-key]")];
    const wanted = all.find((it) => it.dataset.key === event.key.toLowerCase());
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
    wanted.focus();
  });
  show();
})();
