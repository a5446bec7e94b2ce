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

  // On a page of groups a key means the group that is looked at, or what belongs to none.
  const press = (key) => {
    const group = document.querySelector(".pk-group.pk-focus");
    const elements = [...document.querySelectorAll("[data-key]")].filter((element) => {
      const own = element.closest(".pk-group");
      return !own || own === group;
    });
    elements.sort((one, other) => Boolean(other.closest(".pk-group")) - Boolean(one.closest(".pk-group")));
    for (const element of elements) {
      if (element.dataset.key.split(" ").includes(key) && shown(element)) {
        if (element.tagName === "SELECT" || (element.tagName === "INPUT" && element.type !== "checkbox")) element.focus();
        else element.click();
        return true;
      }
    }
    return false;
  };

  // Unmapped vendors: 1, 2 and 3 choose a card for the first administration that has none, then for the next one.
  const choose = (key) => {
    const group = document.querySelector(".pk-group.pk-focus");
    if (!group || !"123".includes(key)) return false;
    const rows = [...group.querySelectorAll(".pk-question")].filter((row) => row.querySelector("[type=radio]"));
    const row = rows.find((one) => !one.querySelector("[type=radio]:checked")) || rows.find((one) => one.classList.contains("pk-row")) || rows[0];
    const radio = row?.querySelectorAll("[type=radio]")[Number(key) - 1];
    if (!radio || radio.disabled) return false;
    radio.checked = true;
    rows.forEach((one) => one.classList.toggle("pk-row", one === row));
    return true;
  };

  const look = (rows, row) => {
    rows.forEach((one) => one.classList.toggle("pk-focus", one === row));
    row.scrollIntoView({ block: "nearest" });
    sessionStorage.setItem(`place ${location.pathname}`, rows.indexOf(row));
  };

  // Lists: j and k move over the rows, Enter opens, x selects.
  const walk = (key) => {
    const rows = [...document.querySelectorAll("#result_list tbody, .pk-group")];
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row.classList.contains("pk-focus"));
    if (key === "j" || key === "k") {
      const next = rows[Math.max(0, Math.min(rows.length - 1, at + (key === "j" ? 1 : -1)))];
      look(rows, next);
      return true;
    }
    if (at < 0) return false;
    if (key === "Enter") rows[at].querySelector("th a, td a, [data-enter]")?.click();
    else if (key === "x") rows[at].querySelector("input.action-select")?.click();
    else return false;
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing()) document.activeElement.blur();
    if (typing() || document.querySelector("dialog[open]")) return;
    if (press(event.key) || choose(event.key) || walk(event.key)) event.preventDefault();
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
    const groups = [...document.querySelectorAll(".pk-group")];
    const place = Number(sessionStorage.getItem(`place ${location.pathname}`) || 0);
    if (groups.length) look(groups, groups[Math.min(place, groups.length - 1)]);
    document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  });
})();
