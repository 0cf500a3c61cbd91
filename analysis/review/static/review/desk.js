/* The review desk by keyboard. Everything it does can be done without it: it presses the links and
   buttons that are there, keeps the place in each column, and puts the focus where work goes on. */
(() => {
  "use strict";
  const SETTING = "desk-keys";
  const desk = () => document.getElementById("desk");
  const dialog = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  const stored = () => { try { return localStorage.getItem(SETTING); } catch { return null; } };
  const keysOn = () => stored() !== "off";

  if (box) {
    box.checked = keysOn();
    box.addEventListener("change", () => {
      try { localStorage.setItem(SETTING, box.checked ? "on" : "off"); } catch { /* private mode */ }
    });
  }

  const press = (key) => {
    const target = desk().querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    if (target.tagName === "SUMMARY") {
      const details = target.parentElement;
      details.open = true;
      const field = details.querySelector("input:not([type=hidden]), select, textarea");
      if (field) { field.focus(); if (field.select) field.select(); }
    } else {
      target.click();
    }
    return true;
  };

  const step = (by) => {
    const inPassages = document.activeElement && document.activeElement.closest(".col-passages");
    if (inPassages) {
      const passages = [...desk().querySelectorAll(".pass")];
      const at = passages.indexOf(document.activeElement.closest(".pass"));
      const next = passages[Math.max(0, Math.min(passages.length - 1, at + by))];
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
      return;
    }
    const lines = [...desk().querySelectorAll(".col-tree a[id^='g-']")].filter((a) => a.offsetParent);
    const at = lines.findIndex((a) => a.getAttribute("aria-current"));
    const next = lines[Math.max(0, Math.min(lines.length - 1, at + by))];
    if (next && next !== lines[at]) { next.focus(); next.click(); }
  };

  const here = () => document.activeElement.closest(".pass") || desk().querySelector(".pass");
  const tick = () => {
    const box = here()?.querySelector("input[name=passage]");
    if (box) box.checked = !box.checked;
    return Boolean(box);
  };

  const movePassages = () => {
    const into = document.getElementById("f-into-ticked");
    if (!into) return false;
    if (!desk().querySelector("input[name=passage]:checked")) tick();
    into.focus();
    return true;
  };

  const actions = {
    j: () => { step(1); return true; },
    k: () => { step(-1); return true; },
    p: () => { const p = desk().querySelector(".pass"); if (p) p.focus(); return Boolean(p); },
    t: () => { const a = desk().querySelector("[aria-current][id^='g-']"); if (a) a.focus(); return Boolean(a); },
    a: () => press("a"),
    r: () => press("r"),
    g: () => press("g"),
    d: () => press("d"),
    m: movePassages,
    n: () => press("n"),
    x: tick,
    "?": () => { dialog.showModal(); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (!desk() || dialog.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const open = document.activeElement.closest("details.form[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      return;
    }
    if (!keysOn() || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const action = actions[event.key];
    if (action && action()) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) dialog.showModal();
  });

  /* On a phone the parts of the panel are folded, but for those a person has opened. */
  const narrow = matchMedia("(max-width:46rem)");
  const opened = new Set();
  const fold = () => {
    if (!desk() || !narrow.matches) return;
    const asked = new URLSearchParams(location.search).has("by") ? "crossed" : "";
    for (const part of desk().querySelectorAll("details.fold")) {
      part.open = opened.has(part.id) || part.id === asked;
    }
  };
  document.addEventListener("toggle", (event) => {
    if (!narrow.matches || !event.target.matches("details.fold")) return;
    if (event.target.open) opened.add(event.target.id); else opened.delete(event.target.id);
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".jump a");
    const part = link && document.querySelector(link.hash)?.closest("details.fold");
    if (part) part.open = true;
  });
  fold();

  /* htmx replaces the desk whole: keep where each column was, and the focus. The settle delay is 0
     (desk.html), so this runs in the same turn as the swap: a key pressed right after it finds every
     link wired, and its focus is not taken away. */
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "desk") return;
    const focus = document.activeElement;
    kept = {
      group: desk().dataset.group,
      tree: document.getElementById("col-tree")?.scrollTop ?? 0,
      passages: document.getElementById("col-passages")?.scrollTop ?? 0,
      focus: focus && focus.id,
      passage: focus?.closest(".pass")?.id,
    };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!kept || !desk() || !event.target.closest("#desk, body")) return;
    const was = kept;
    kept = null;
    fold();
    // The header is not replaced: changing the language must come back to what is selected now.
    const comeBack = document.querySelector(".lang input[name=next]");
    if (comeBack) comeBack.value = desk().dataset.here;
    const tree = document.getElementById("col-tree");
    if (tree) tree.scrollTop = was.tree;
    const same = desk().dataset.group === was.group;
    const passages = document.getElementById("col-passages");
    if (passages && same) passages.scrollTop = was.passages;
    const selected = desk().querySelector("[aria-current][id^='g-']");
    if (selected) selected.scrollIntoView({ block: "nearest" });
    const problem = document.getElementById("problem");
    const stays = was.focus && document.getElementById(was.focus);
    const passage = was.passage && (document.getElementById(was.passage) || desk().querySelector(".pass"));
    const next = problem || (same && stays) || (same && passage) || selected;
    if (next && document.activeElement !== next) next.focus({ preventScroll: true });
    // On a phone the columns are below each other: go to what was asked for.
    if (!same && !problem && narrow.matches) {
      document.getElementById("col-details")?.scrollIntoView();
    }
  });
})();
