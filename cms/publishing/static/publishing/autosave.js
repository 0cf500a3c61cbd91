// The editor keeps drafts as one types. That is no other person's work: the form notes which draft
// it holds by now, or the next save would be refused as begun from an older one. And a button may be
// pressed while a draft is being kept; then two saves of one person would meet, or a page be begun
// twice. So the button waits for the draft, and nothing is kept once it was pressed.
(() => {
  // The longest wait, in milliseconds, for a reply that may never come.
  const PATIENCE = 10000;
  let isKeeping = false;
  let isLeaving = false;
  let waiting = null;

  const goOn = () => {
    isKeeping = false;
    if (!waiting) return;
    // After everybody else who listens for the reply.
    setTimeout(() => {
      const form = waiting;
      waiting = null;
      form?.requestSubmit();
    });
  };

  const stay = () => {
    isLeaving = false;
  };

  document.addEventListener("w-autosave:save", (event) => {
    if (isLeaving || waiting) event.preventDefault();
    else isKeeping = true;
  });
  document.addEventListener("w-autosave:success", ({ target, detail }) => {
    const kept = { loaded_revision_id: "revision_id", loaded_revision_created_at: "revision_created_at" };
    for (const [field, name] of Object.entries(kept)) {
      const input = target.elements?.namedItem(field);
      if (input && detail.data?.[name]) input.value = detail.data[name];
    }
    goOn();
  });
  document.addEventListener("w-autosave:error", goOn);

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("[data-edit-form]")) return;
      if (!isKeeping) {
        isLeaving = true;
        // Something may yet have kept it here.
        setTimeout(stay, PATIENCE);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waiting) return;
      // Wagtail disables the button meanwhile, and what is disabled is not sent.
      const pressed = event.submitter;
      if (pressed?.name) {
        const said = document.createElement("input");
        said.type = "hidden";
        said.name = pressed.name;
        said.value = pressed.value;
        form.append(said);
      }
      waiting = form;
      setTimeout(goOn, PATIENCE);
    },
    true,
  );
  // Back from the next page, with this one as it was left.
  window.addEventListener("pageshow", stay);
})();
