// How many characters are left, counted as the server counts them. Without it the limit is said
// once; the server's answer is the one that counts.
"use strict";
const numbers = new Intl.NumberFormat(document.documentElement.lang === "fr" ? "fr-CA" : "en-CA");
for (const field of document.querySelectorAll("[data-limit]")) {
  const shown = document.getElementById(field.id + "-count");
  const limit = Number(field.dataset.limit);
  if (!shown) continue;
  // Read out once typing pauses, and only near the end: a number at each key helps nobody.
  const spoken = document.createElement("span");
  spoken.className = "sr-only";
  spoken.setAttribute("role", "status");
  shown.after(spoken);
  let pause;
  const update = () => {
    const left = limit - Array.from(field.value).length;
    const words = left < 0 ? shown.dataset.over : shown.dataset.left;
    shown.textContent = `${words} ${numbers.format(Math.abs(left))}`;
    shown.classList.toggle("over", left < 0);
    clearTimeout(pause);
    if (left < limit * 0.1) pause = setTimeout(() => (spoken.textContent = shown.textContent), 1000);
    else spoken.textContent = "";
  };
  field.addEventListener("input", update);
  if (field.value) update();
}
