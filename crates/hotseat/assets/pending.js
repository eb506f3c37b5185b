// What is still being worked out comes into its place once it is there, and the rest of the page stays as it is.
"use strict";
(() => {
  const awaited = document.getElementById("awaited");
  if (!awaited || !awaited.querySelector(".pending")) return;

  async function look() {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("awaited");
      if (answer.ok && fresh && !fresh.querySelector(".pending")) return show(fresh);
    } catch { /* The app may have ended; it may come back. */ }
    setTimeout(look, 400);
  }

  function show(fresh) {
    const held = awaited.contains(document.activeElement);
    awaited.replaceWith(document.adoptNode(fresh));
    if (held) document.getElementById("main").focus();
  }

  setTimeout(look, 400);
})();
