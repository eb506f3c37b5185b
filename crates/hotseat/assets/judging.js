// Follows a judging: each event rings a bell, and what has changed on the page is taken anew.
"use strict";
(() => {
  const place = document.getElementById("live");
  if (!place || place.dataset.over === "true") return;
  const { id, events } = place.dataset;
  const status = document.getElementById("status");
  let asked = false, again = false, over = false;

  // Between two events only the clock moves.
  let elapsed = Number(place.dataset.elapsed), since = Date.now();
  setInterval(() => {
    const clock = document.getElementById("clock");
    if (!clock || over || place.dataset.waits === "true") return;
    const seconds = Math.floor((elapsed + Date.now() - since) / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 500);

  async function look() {
    if (asked) { again = true; return; }
    asked = true;
    try {
      const answer = await fetch(`/judgings/${id}/now`, { headers: { Accept: "text/html" } });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* The app may have ended; the stream tells when it is back. */ }
    setTimeout(() => { asked = false; if (again) { again = false; look(); } }, 200);
  }

  function show(fresh) {
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const old = place.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!old || old.isEqualNode(part)) continue;
      // What somebody has opened stays open.
      const open = [...old.querySelectorAll("details")].map((it) => it.open);
      part.querySelectorAll("details").forEach((it, index) => { it.open = open[index] || false; });
      const held = old.contains(document.activeElement);
      old.replaceWith(part);
      if (held) (part.querySelector("a, button") || document.getElementById("main")).focus();
    }
    const state = place.querySelector("[data-part=state]");
    elapsed = Number(state.dataset.elapsed);
    since = Date.now();
    place.dataset.waits = state.dataset.waits;
    over = state.dataset.over === "true";
    if (status.textContent !== state.dataset.says) status.textContent = state.dataset.says;
    if (over) source.close();
  }

  const source = new EventSource(`/api/v1/judgings/${id}/events?after=${events}`);
  for (const kind of ["phase", "doing", "finding", "progress", "fault", "ended"]) source.addEventListener(kind, look);
})();
