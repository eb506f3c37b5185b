// Things of the plan are put on another day by drag (mouse, pen, touch) and by arrow keys. Without this script
// one chooses a thing and a day in the form below the days.
"use strict";

const main = () => document.getElementById("main");
const day = (element) => element.closest("[data-date]");
let held = null;
let busy = false;

// With the script, the grip takes the place of the choice, and the form goes.
function dress() {
  for (const item of document.querySelectorAll("[data-item]")) {
    item.querySelector("input[type=radio]").hidden = true;
    item.querySelector(".grip").hidden = false;
  }
  const form = document.getElementById("move");
  if (form) form.hidden = true;
}

// Sends the move as the form does, and shows the page that comes back, with the focus where it was.
async function move(key, date) {
  if (busy) return;
  busy = true;
  try {
    const body = new URLSearchParams({ item: key, to: date });
    const answer = await fetch("/plan/moves", { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("main");
    const said = fresh.querySelector(".said");
    const words = said ? said.textContent : fresh.querySelector(".lead")?.textContent ?? "";
    if (!answer.ok) return say(words, true);
    if (said) said.textContent = "";
    main().replaceWith(document.adoptNode(fresh));
    dress();
    document.querySelector(`[data-item="${CSS.escape(key)}"] .grip`)?.focus();
    say(words);
  } catch {
    say("That could not be sent; is hotseat still running?", true);
  } finally {
    busy = false;
  }
}

function say(words, failed = false) {
  const said = document.querySelector(".said");
  // A change within the live region is what is read out.
  requestAnimationFrame(() => { said.textContent = words; });
  said.classList.toggle("failed", failed);
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !event.target.matches?.(".grip")) return;
  event.preventDefault();
  const days = [...document.querySelectorAll("[data-date]")];
  const to = days[days.indexOf(day(event.target)) + step];
  if (to) move(event.target.closest("[data-item]").dataset.item, to.dataset.date);
});

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.(".grip");
  if (!grip || event.button !== 0) return;
  held = { item: grip.closest("[data-item]"), from: day(grip), over: null };
  grip.setPointerCapture(event.pointerId);
  held.item.classList.add("held");
});

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const edge = 60;
  if (event.clientY < edge) scrollBy(0, -12);
  if (event.clientY > innerHeight - edge) scrollBy(0, 12);
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-date]") ?? null;
  if (under === held.over) return;
  held.over?.classList.remove("target");
  held.over = under;
  if (under !== held.from) under?.classList.add("target");
});

function release(drop) {
  if (!held) return;
  const { item, from, over } = held;
  held = null;
  item.classList.remove("held");
  over?.classList.remove("target");
  if (drop && over && over !== from) move(item.dataset.item, over.dataset.date);
}

document.addEventListener("pointerup", () => release(true));
document.addEventListener("pointercancel", () => release(false));
document.addEventListener("keyup", (event) => { if (event.key === "Escape") release(false); });

dress();
