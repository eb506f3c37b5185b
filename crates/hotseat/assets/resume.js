// The pages follow the text while it is written. Nothing is saved until Save.
"use strict";
(() => {
  const place = document.getElementById("resume");
  if (!place) return;
  const form = document.getElementById("editor");
  const { text, template, paper, variant } = form.elements;
  const file = place.dataset.file;
  const mistakes = document.getElementById("mistakes");
  const unsaved = document.getElementById("unsaved");
  const look = () => ({ template: template.value, paper: paper.value, variant: variant.value });
  const query = () => new URLSearchParams({ file, ...look() });
  // Browsers put what was typed back into the field when one returns to a page; that is a draft too.
  let saved = text.defaultValue, shown = "", asked = false, again = false, timer = 0, leaving = false;

  function toLine(line) {
    const lines = text.value.split("\n");
    const at = lines.slice(0, line - 1).reduce((sum, it) => sum + it.length + 1, 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(at, at + (lines[line - 1] || "").length);
    // Long lines are broken, so that a line's place is measured.
    const mirror = Object.assign(document.createElement("div"), { className: "mirror", textContent: text.value.slice(0, at) });
    mirror.style.width = `${text.clientWidth}px`;
    document.body.append(mirror);
    text.scrollTop = Math.max(0, mirror.offsetHeight - text.clientHeight / 3);
    mirror.remove();
    text.scrollIntoView({ block: "nearest" });
  }

  function tell(list) {
    mistakes.replaceChildren();
    if (list.length === 0) return;
    const box = document.createElement("div");
    box.className = "mistakes";
    const head = document.createElement("p");
    head.append(Object.assign(document.createElement("strong"), { textContent: "The pages are those from before these mistakes:" }));
    const all = document.createElement("ul");
    for (const it of list.slice(0, 20)) {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { className: "to-line", href: "#source", textContent: `line ${it.line}` });
      link.dataset.line = it.line;
      item.append(link, " ");
      if (it.field) item.append(Object.assign(document.createElement("code"), { textContent: it.field }), " ");
      item.append(it.what);
      all.append(item);
    }
    box.append(head, all);
    mistakes.append(box);
  }

  // A tag that was just written can be chosen at once.
  function offer(tags) {
    const [all, ...old] = [...variant.options];
    if (old.map((it) => it.value).join("\n") === tags.join("\n")) return;
    const chosen = variant.value;
    variant.replaceChildren(all, ...tags.map((tag) => new Option(tag, tag, false, tag === chosen)));
  }

  // The new pictures are there before the old ones go.
  async function show(answer) {
    const fresh = new DOMParser().parseFromString(answer, "text/html");
    const pictures = [...fresh.querySelectorAll("img.sheet")];
    await Promise.all(pictures.map((it) => {
      const picture = new Image();
      picture.src = it.getAttribute("src");
      return picture.decode().catch(() => {});
    }));
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!old || old.isEqualNode(part)) continue;
      const open = [...old.querySelectorAll("details")].map((it) => it.open);
      part.querySelectorAll("details").forEach((it, index) => { it.open = open[index] || false; });
      const held = old.contains(document.activeElement);
      old.replaceWith(document.adoptNode(part));
      if (held) document.getElementById("main").focus();
    }
  }

  async function preview() {
    if (asked) { again = true; return; }
    asked = true;
    const draft = JSON.stringify({ text: text.value, ...look() });
    try {
      if (draft === shown) {
        tell([]); // Back at the text that the pages are of.
      } else {
        const answer = await fetch(`/api/v1/resumes/${file}/previews`, { method: "POST", headers: { "Content-Type": "application/json" }, body: draft });
        const it = await answer.json();
        tell(answer.ok ? it.mistakes : [{ line: 1, field: "", what: it.detail }]);
        if (answer.ok && it.id) {
          offer(it.tags);
          const parts = await fetch(`/resume/previews/${it.id}?${query()}`);
          if (parts.ok) { await show(await parts.text()); shown = draft; }
        }
      }
    } catch { /* The app may have ended; the text is in the field. */ }
    asked = false;
    if (again) { again = false; preview(); }
  }

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(preview, wait);
    unsaved.hidden = text.value === saved;
  }

  text.addEventListener("input", () => soon(400));
  for (const it of [template, paper, variant]) it.addEventListener("change", () => {
    soon(0);
    const now = new URLSearchParams(look());
    document.querySelectorAll("[data-output]").forEach((link) => { link.href = `${link.pathname}?${now}`; });
    for (const [name, value] of now) document.querySelectorAll(`input[type=hidden][name=${name}]`).forEach((it) => { it.value = value; });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link || link === text) return;
    event.preventDefault();
    toLine(Number(link.dataset.line));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && text.value !== saved) event.preventDefault(); });
  window.addEventListener("pageshow", () => { leaving = false; });

  // Comparing takes the text as it is in the field, and leaves it there.
  const job = document.getElementById("job-form");
  job.addEventListener("submit", async (event) => {
    event.preventDefault();
    const part = document.querySelector("[data-part=job]");
    const sent = new FormData(job);
    sent.append("text", text.value);
    try {
      const answer = await fetch("/resume/check", { method: "POST", body: sent });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = fresh.querySelector("[data-part=job]") || fresh.querySelector("main");
      part.replaceChildren(...document.adoptNode(found).childNodes);
      part.scrollIntoView({ block: "nearest" });
    } catch { leaving = true; job.submit(); }
  });

  if (text.dataset.line) toLine(Number(text.dataset.line));
  if (text.value !== saved || place.querySelector(".pending")) soon(0);
})();
