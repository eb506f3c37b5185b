// Writing an answer: a clock that counts up, how long it takes to say, and a draft that a closed page does not lose.
const HANDED_IN = "hotseat:handed-in";
const form = document.querySelector("form.writing");
const answered = document.querySelector("[data-answered]");

// Where the browser keeps nothing, the page does without.
function keep(store, name, value) {
  try {
    if (value === undefined) return store.getItem(name);
    if (value === null) store.removeItem(name);
    else store.setItem(name, value);
  } catch { /* private windows, full disks */ }
  return null;
}

const draftOf = (question) => `hotseat:draft:${question}`;
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// The draft has become an answer; only then it goes.
if (answered && keep(sessionStorage, HANDED_IN) === answered.dataset.answered) {
  keep(localStorage, draftOf(answered.dataset.answered), null);
  keep(sessionStorage, HANDED_IN, null);
}

if (form) {
  const { question, minutes: allowed, pace } = form.dataset;
  const text = form.elements.text;
  const shown = (name) => form.querySelector(`[data-${name}]`);
  const pause = shown("pause");
  const told = Number(form.elements.seconds.value) || 0;
  let spent = told;
  let since = Date.now();
  let saved = null;
  try { saved = JSON.parse(keep(localStorage, draftOf(question))); } catch { /* no draft of ours */ }
  keep(sessionStorage, HANDED_IN, null);
  if (saved && text.value.trim() === "") {
    text.value = saved.text || "";
    form.elements.estimate.value = saved.estimate || "";
    spent = Math.max(told, Number(saved.seconds) || 0);
  }

  const seconds = () => spent + (since === null ? 0 : (Date.now() - since) / 1000);
  const stop = () => { spent = seconds(); since = null; };
  const go = () => { since = since === null ? Date.now() : since; };

  function save() {
    const draft = { text: text.value, estimate: form.elements.estimate.value, seconds: Math.round(seconds()) };
    keep(localStorage, draftOf(question), text.value.trim() === "" ? null : JSON.stringify(draft));
  }

  function count() {
    const words = (text.value.match(/\S+/g) || []).length;
    const spoken = Math.ceil((words * 60) / pace);
    shown("words").textContent = words;
    shown("spoken").textContent = minutes(spoken);
    const share = (spoken / (allowed * 60)) * 100;
    shown("gauge").setAttribute("width", Math.min(share, 100));
    shown("gauge").classList.toggle("over", share > 120);
  }

  function tick() { shown("clock").textContent = minutes(seconds()); }

  form.querySelectorAll("[hidden]").forEach((it) => { it.hidden = false; });
  text.addEventListener("input", () => { count(); save(); });
  form.elements.estimate.addEventListener("input", save);
  pause.addEventListener("click", () => {
    if (since === null) go(); else stop();
    pause.textContent = since === null ? "Go on" : "Pause";
    pause.setAttribute("aria-pressed", String(since === null));
    tick();
  });
  // A page that nobody looks at is no time at the answer.
  document.addEventListener("visibilitychange", () => {
    const paused = pause.getAttribute("aria-pressed") === "true";
    if (document.hidden) { stop(); save(); } else if (!paused) go();
  });
  window.addEventListener("pagehide", save);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => {
    save();
    form.elements.seconds.value = Math.round(seconds());
    keep(sessionStorage, HANDED_IN, question);
    // A second press must not hand it in twice; coming back to the page takes it up again.
    setTimeout(() => { form.querySelector("[type=submit]").disabled = true; });
  });
  window.addEventListener("pageshow", () => { form.querySelector("[type=submit]").disabled = false; });
  setInterval(tick, 500);
  count();
  tick();
}
