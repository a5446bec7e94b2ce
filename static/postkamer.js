/* Keys, panels and the drop area. Every act has a button as well: a key only presses it. */
"use strict";

(() => {
  const typing = () => {
    const tag = (document.activeElement?.tagName || "").toLowerCase();
    return ["input", "textarea", "select"].includes(tag) || document.activeElement?.isContentEditable;
  };

  const shown = (element) => element.offsetParent !== null;

  const open = (name) => {
    for (const panel of document.querySelectorAll(`[data-panel="${name}"]`)) {
      if (panel.tagName === "DIALOG") panel.showModal();
      else panel.hidden = !panel.hidden;
      panel.querySelector("input:not([type=hidden]):not([type=radio]), select")?.focus();
    }
    for (const panel of document.querySelectorAll(`[data-panel-class="${name}"]`)) {
      panel.classList.toggle(`pk-${name}`);
      const missing = panel.querySelector(".pk-missing")?.closest("div")?.querySelector(".pk-input");
      (missing || panel.querySelector(".pk-input"))?.focus();
    }
  };

  const press = (key) => {
    for (const element of document.querySelectorAll("[data-key]")) {
      if (element.dataset.key.split(" ").includes(key) && shown(element)) {
        if (element.tagName === "INPUT") element.focus();
        else element.click();
        return true;
      }
    }
    return false;
  };

  // Lists: j and k move over the rows, Enter opens, x selects.
  const walk = (key) => {
    const rows = [...document.querySelectorAll("#result_list tbody")];
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.classList.contains("pk-focus"));
    if (key === "j" || key === "k") {
      const next = rows[Math.max(0, Math.min(rows.length - 1, at + (key === "j" ? 1 : -1)))];
      rows.forEach((row) => row.classList.toggle("pk-focus", row === next));
      next.scrollIntoView({ block: "nearest" });
      return true;
    }
    if (at < 0) return false;
    if (key === "Enter") rows[at].querySelector("th a, td a")?.click();
    else if (key === "x") rows[at].querySelector("input.action-select")?.click();
    else return false;
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing()) document.activeElement.blur();
    if (typing() || document.querySelector("dialog[open]")) return;
    if (press(event.key) || walk(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
  });

  // One press is enough: the second would act on a page that is gone.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    for (const button of event.target.querySelectorAll("button.pk-button")) {
      setTimeout(() => { button.disabled = true; });
    }
  });

  const names = (area, files) => {
    const list = area.querySelector("[data-names]");
    list.replaceChildren(...[...files].map((file) => {
      const item = document.createElement("li");
      item.textContent = file.name;
      return item;
    }));
  };

  const prepareDrop = (area) => {
    const input = area.querySelector("input[type=file]");
    input.addEventListener("change", () => names(area, input.files));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.classList.toggle("pk-over", kind === "dragover");
      });
    }
    area.addEventListener("drop", (event) => {
      input.files = event.dataTransfer.files;
      names(area, input.files);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-drop]").forEach(prepareDrop);
    document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  });
})();
