/* The little that HTML cannot do: polite polling, relative times, shortcuts, focus. Pages work without it. */
"use strict";
(() => {
  const doc = document;

  /* Polls say which answer they hold (the server then says 304) and rest while nobody looks. */
  doc.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const live = ctx.sourceElement.closest?.("[data-live]");
    if (!live || live !== ctx.sourceElement) return;
    if (doc.hidden) return event.preventDefault();
    ctx.request.headers["If-None-Match"] = live.dataset.live;
  });

  /* Signed out meanwhile: show the sign-in page whole, not inside a region. */
  doc.addEventListener("htmx:before:response", (event) => {
    const raw = event.detail.ctx.response.raw;
    if (raw.redirected && new URL(raw.url).pathname.startsWith("/login")) {
      event.preventDefault();
      location.reload();
    }
  });

  /* The server cannot be reached: say so, instead of showing what was as what is. */
  const away = doc.querySelector("[data-away]");
  const reached = (is) => { if (away) away.hidden = is; };
  doc.addEventListener("htmx:error", (event) => { if (event.detail.error instanceof TypeError) reached(false); });
  doc.addEventListener("htmx:before:response", () => reached(true));

  /* "6 min ago" stays true on a page that is left open. */
  const { ago, soon } = doc.body.dataset;
  const steps = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [5184000, 86400, "d"]];
  const age = () => {
    for (const time of doc.querySelectorAll("time[data-rel]")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const away = Math.abs(seconds);
      const step = steps.find(([limit]) => away < limit);
      if (!step || away < 5) continue;
      const text = (seconds > 0 ? soon : ago).replace("%s", `${Math.trunc(away / step[1])} ${step[2]}`);
      if (time.textContent !== text) time.textContent = text;
    }
  };
  setInterval(age, 15000);

  /* Changing a select applies it; without scripts the Apply button does. */
  doc.addEventListener("change", (event) => {
    if (event.target.matches("select[data-apply]")) event.target.form.requestSubmit();
  });

  /* / searches; g then a letter goes to a page. Never in fields, never with modifiers. */
  let leading = 0;
  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,select,textarea,[contenteditable]")) return;
    if (event.key === "/") {
      const search = doc.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "g") {
      leading = Date.now();
    } else if (Date.now() - leading < 1500) {
      leading = 0;
      doc.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
    }
  });

  /* A toast leaves by itself. */
  const tidy = () => setTimeout(() => doc.querySelectorAll(".toasts p").forEach((li) => li.remove()), 6000);
  doc.addEventListener("htmx:after:swap", () => { age(); tidy(); });
  tidy();
})();
