// Keeps what is typed until it is sent, in this tab's session storage and nowhere else, so that a
// page the browser goes back to shows what was typed since, and carries it on. Without a script,
// or a store, all questions are on one page instead (docs/adr/0006).
"use strict";
(() => {
  const PREFIX = "consult.unsent.";
  const store = (() => {
    try {
      window.sessionStorage.getItem(PREFIX);
      return window.sessionStorage;
    } catch {
      return null; // Refused together with cookies.
    }
  })();
  const read = (token) => JSON.parse(store.getItem(PREFIX + token) || "null");

  const receipt = document.querySelector("[data-sent]");
  if (receipt && store) {
    const { sent } = receipt.dataset;
    store.removeItem(PREFIX + read(sent)?.replaces);
    store.removeItem(PREFIX + sent);
  }
  const form = document.querySelector("form[data-unsent]");
  if (!form) return;
  if (!store) {
    document.querySelectorAll(".paged").forEach((each) => each.remove());
    for (const each of document.querySelectorAll("main noscript")) each.outerHTML = each.textContent;
    // Back brings the page with its words; reloading it would not.
    let isTyped = false;
    form.addEventListener("input", () => (isTyped = true));
    form.addEventListener("submit", () => (isTyped = false));
    window.addEventListener("beforeunload", (event) => isTyped && event.preventDefault());
    return;
  }

  const isFresh = form.hasAttribute("data-fresh");
  const { token, stamp } = form.elements;
  // Counts what left this form, on every page of it: tells the older page from the newer. What
  // the page came with is in `data-edition`: browsers restore fields, hidden ones too.
  const edition = form.elements.edition ?? hidden("edition", "0");
  const isAnswer = (control) => /^[ct]\./.test(control.name);
  const isTick = (control) => control.type === "radio" || control.type === "checkbox";
  const controls = () => Array.from(form.elements).filter(isAnswer);
  const asked = () => controls().filter((control) => control.type !== "hidden");

  function hidden(name, value) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name });
    input.value = value;
    return form.appendChild(input);
  }

  function answers() {
    const found = {};
    for (const control of controls())
      if (control.value && (!isTick(control) || control.checked))
        (found[control.name] ??= []).push(control.value);
    return found;
  }
  const inOrder = (found) =>
    JSON.stringify(Object.keys(found).sort().map((name) => [name, [...found[name]].sort()]));

  function save(isTyped) {
    const saved = {
      reference: form.dataset.unsent,
      token: token.value,
      stamp: stamp?.value ?? "",
      edition: Number(edition.value),
      // Sent before with other answers: this is the second, with a token of its own.
      replaces: form.dataset.replaces ?? read(token.value)?.replaces,
      isTyped, // Since the page arrived: the server has not seen it.
      at: Date.now(),
      answers: answers(),
    };
    try {
      store.setItem(PREFIX + saved.token, JSON.stringify(saved));
    } catch {
      // Full: the browser's own memory of the page is what remains.
    }
  }

  function show(saved) {
    const here = asked();
    const names = new Set(here.map((control) => control.name));
    for (const control of here) {
      const given = saved.answers[control.name] ?? [];
      if (isTick(control)) control.checked = given.includes(control.value);
      else if (control.value !== (given[0] ?? "")) {
        control.value = given[0] ?? "";
        control.dispatchEvent(new Event("input", { bubbles: true })); // The counter counts.
      }
    }
    for (const control of controls()) if (control.type === "hidden") control.remove();
    for (const [name, values] of Object.entries(saved.answers))
      if (!names.has(name)) values.forEach((value) => hidden(name, value));
    token.value = saved.token;
    if (stamp && saved.stamp) stamp.value = saved.stamp;
    edition.value = saved.edition;
    mark();
  }

  // A form got anew has a new token: the entry of the history remembers which it had. Only there:
  // replacing the state of a page that was posted makes the browser get it anew, blank.
  function mark() {
    if (isFresh && history.state?.unsent !== token.value)
      history.replaceState({ ...history.state, unsent: token.value }, "");
  }

  const isNew = isFresh && !history.state?.unsent;
  if (isFresh && !read(history.state?.unsent)) mark();

  let isReady = false; // What browsers restore by themselves may be older than what is kept.
  function arrive() {
    const saved = read(isFresh ? history.state?.unsent : token.value);
    if (saved && (isFresh || saved.isTyped || saved.edition > Number(form.dataset.edition))) {
      const shown = document.getElementById("shown");
      if (shown && inOrder(saved.answers) !== inOrder(answers())) {
        shown.hidden = true;
        document.getElementById("changed").hidden = false;
      }
      show(saved);
    } else if (saved) save(false); // The server has seen what the store has not.
    if (isNew) offer();
    isReady = true;
  }

  // A fresh form where another was left unsent in this tab. Not filled in unasked: the machine may
  // be a shared one.
  function offer() {
    const notice = document.getElementById("unfinished");
    const left = Object.keys(store)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => read(key.slice(PREFIX.length)))
      .filter((saved) => saved && saved.reference === form.dataset.unsent)
      .sort((one, other) => other.at - one.at);
    if (!notice || !left.length) return;
    notice.hidden = false;
    document.getElementById("resume").onclick = () => {
      show(left[0]);
      notice.hidden = true;
      asked()[0].focus();
    };
    document.getElementById("erase").onclick = () => {
      for (const saved of left) store.removeItem(PREFIX + saved.token);
      notice.hidden = true;
      asked()[0].focus();
    };
  }

  // Browsers offer what was typed into such a field to whoever types there next; not here.
  for (const control of asked()) if (control.type === "text") control.autocomplete = "off";
  for (const kind of ["input", "change"])
    form.addEventListener(kind, (event) => {
      if (isReady && event.isTrusted) save(true);
    });
  form.addEventListener("submit", () => {
    edition.value = Number(edition.value) + 1;
    save(false);
  });
  window.addEventListener("pageshow", arrive);
  window.addEventListener("hashchange", mark);
})();
