/* The little that HTML cannot do: polite polling, relative times, shortcuts, focus. Pages work without it. */
"use strict";
(() => {
  const doc = document;

  /* Polls say which answer they hold (304 then) and rest while nobody looks. */
  doc.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const live = ctx.sourceElement.closest?.("[data-live]");
    if (!live || live !== ctx.sourceElement) return;
    if (doc.hidden) return event.preventDefault();
    ctx.request.headers["If-None-Match"] = live.dataset.live;
  });

  /* A reload keeps the focus. */
  const spots = "a,button,input,select";
  addEventListener("pagehide", () => { sessionStorage.at = doc.activeElement.closest(spots)?.outerHTML; });
  if (performance.navigation.type === 1)
    [...doc.querySelectorAll(spots)].find((it) => it.outerHTML === sessionStorage.at)?.focus();

  /* Say so where the server cannot be reached. */
  const away = doc.querySelector("[data-away]");
  const reached = (is) => { if (away) away.hidden = is; };
  doc.addEventListener("htmx:error", (event) => { if (event.detail.error instanceof TypeError) reached(false); });
  doc.addEventListener("htmx:before:response", () => reached(true));

  /* "6 min ago" stays true on a page that is left open. */
  const { ago, soon } = doc.body.dataset;
  const steps = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"]];
  const age = () => {
    for (const time of doc.querySelectorAll("time[data-rel]")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const away = Math.abs(seconds);
      const step = steps.find(([limit]) => away < limit);
      if (!step || away < 5) continue;
      const many = Math.trunc(seconds / step[1]);
      const text = (many > 0 ? soon : ago).replace("%s", `${Math.abs(many)} ${step[2]}`);
      if (time.textContent !== text) time.textContent = text;
    }
  };
  setInterval(age, 15000);

  /* Changing a select applies it; without scripts the Apply button does. */
  doc.addEventListener("change", (event) => {
    if (event.target.matches("select[data-apply]")) event.target.form.requestSubmit();
  });

  /* / searches, ? tells the keys, g then a letter goes to a page. Never in fields; off in Settings. */
  const keys = doc.getElementById("keys");
  /* Rows: j and k move, other keys press what names them. */
  const rows = () => [...doc.querySelectorAll("[data-row]")];
  let row = -1;
  const go = (to) => rows()[Math.max(0, Math.min(to, rows().length - 1))]?.focus();
  const named = (press) => rows()[row]?.querySelector(press) ?? doc.querySelector(`.toasts ${press}`);
  doc.addEventListener("focusin", ({ target }) => { row = rows().indexOf(target.closest("[data-row]")); });
  let leading = 0;
  doc.addEventListener("keydown", (event) => {
    if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input,select,textarea,dialog,[contenteditable]")) return;
    const press = Date.now() - leading > 1500 && named(`[data-press="${CSS.escape(event.key)}"]`);
    if (press) {
      event.preventDefault();
      press.click();
    } else if (event.key === "/") {
      const search = doc.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") {
      keys.showModal();
    } else if (event.key === "g" && Date.now() - leading > 1500) {
      leading = Date.now();
    } else if (Date.now() - leading < 1500) {
      leading = 0;
      doc.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
    } else if ("jk".includes(event.key)) {
      go(event.key === "j" ? row + 1 : row - 1);
    }
  });

  /* Ticked rows: all, a run with Shift, how many. */
  let latest = null;
  const ticks = (form) => [...form.elements].filter((box) => box.name === "pick");
  const count = (form) => {
    const many = ticks(form).filter((box) => box.checked).length;
    form.toggleAttribute("data-picked", many > 0);
    for (const place of doc.querySelectorAll("[data-count]")) place.textContent = place.dataset.count.replace("%s", many);
  };
  doc.addEventListener("click", (event) => {
    const { target, shiftKey } = event;
    const form = target.form?.closest("[data-picks]");
    if (!form || target.type !== "checkbox") return;
    const boxes = ticks(form);
    if (target.matches("[data-all]")) boxes.forEach((box) => { box.checked = target.checked; });
    if (shiftKey && latest && boxes.includes(latest)) {
      const [from, to] = [boxes.indexOf(latest), boxes.indexOf(target)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((box) => { box.checked = target.checked; });
    }
    if (target.name === "pick") latest = target;
    count(form);
  });

  /* Why: the answer opens over the question; without scripts it is a page of its own. */
  const why = doc.getElementById("why");
  doc.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href^='/why/']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    why.replaceChildren();
    await htmx.ajax("GET", link.href, { target: why });
    if (why.firstChild && !why.open) why.showModal();
  });

  /* Once signed in, a toast leaves by itself. */
  const tidy = () => setTimeout(() => doc.querySelectorAll(".mast~.toasts>p").forEach((li) => li.remove()), 6000);
  const settle = () => {
    if (row >= 0 && doc.activeElement === doc.body) go(row);
    age(); tidy(); doc.querySelectorAll("form[data-picks]").forEach(count); };
  doc.addEventListener("htmx:after:swap", settle);
  settle();
})();
