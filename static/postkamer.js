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

  // The drop area: what is dropped joins what was chosen where several files may be, and each can be removed again.
  const sized = (bytes) => {
    const [size, unit] = bytes < 1048576 ? [bytes / 1024, "KB"] : [bytes / 1048576, "MB"];
    return `${size.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
  };

  const hold = (input, files) => {
    const held = new DataTransfer();
    files.forEach((file) => held.items.add(file));
    input.files = held.files;
  };

  const isTooLarge = (form, file) => {
    const whole = /\.(zip|eml)$/i.test(file.name);
    return file.size > Number(whole ? form.dataset.largestWhole : form.dataset.largest);
  };

  const removal = (form, input, file, again) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pk-button";
    button.textContent = "×";
    button.setAttribute("aria-label", form.dataset.remove.replace("{name}", file.name));
    button.addEventListener("click", () => {
      hold(input, [...input.files].filter((one) => one !== file));
      again();
      (form.querySelector("[data-names] button") || input).focus();
    });
    return button;
  };

  const listed = (list, input) => {
    const form = input.form;
    const again = () => listed(list, input);
    list.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.append(file.name);
      if ("upload" in form.dataset) {
        const size = document.createElement("small");
        size.textContent = sized(file.size);
        item.append(size);
        if (isTooLarge(form, file)) {
          size.className = "pk-error";
          size.append(` ${form.dataset.large}`);
        }
        item.append(removal(form, input, file, again));
      }
      return item;
    }));
  };

  const dropped = (input, transfer) => {
    const entries = [...(transfer.items || [])].map((item) => item.webkitGetAsEntry?.());
    const files = [...transfer.files].filter((_file, at) => !entries[at]?.isDirectory);
    if (files.length < transfer.files.length) tell(input.form, [input.form.dataset.folder]);
    return input.multiple ? files : files.slice(0, 1);
  };

  const prepareDrop = (area) => {
    const input = area.querySelector("input[type=file]");
    const list = input.form.querySelector("[data-names]");
    let before = [];
    const join = (files) => {
      hold(input, input.multiple ? [...before, ...files] : files);
      before = [...input.files];
      listed(list, input);
    };
    input.addEventListener("click", () => { before = [...input.files]; });
    // Before the theme's own listener, which expects its own file field around the input.
    input.addEventListener("change", (event) => {
      event.stopImmediatePropagation();
      if (input.files.length) join([...input.files]);
    }, true);
    for (const kind of ["dragover", "dragleave", "drop"]) {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.classList.toggle("pk-over", kind === "dragover");
      });
    }
    area.addEventListener("drop", (event) => {
      before = [...input.files];
      tell(input.form, []);
      join(dropped(input, event.dataTransfer));
    });
    if (input.files.length) listed(list, input);
  };

  // Upload: sent in the background, so that it can say how far it is. Without scripts the form does the same.
  const tell = (form, sentences) => {
    const place = form.querySelector("[data-errors]");
    place?.replaceChildren(...sentences.filter(Boolean).map((sentence) => {
      const line = document.createElement("p");
      line.className = "pk-error";
      line.textContent = sentence;
      return line;
    }));
  };

  const show = (form, percent, words) => {
    const progress = form.querySelector("[data-progress]");
    progress.hidden = percent === null;
    progress.querySelector("progress").value = percent || 0;
    progress.querySelector("[data-status]").textContent = words;
  };

  const answered = (form, request) => {
    const answer = request.response || {};
    if (request.status === 200 && answer.address) {
      location.assign(answer.address);
      return;
    }
    ended(form, answer.errors || [form.dataset.lost]);
  };

  const ended = (form, sentences) => {
    show(form, null, "");
    tell(form, sentences);
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    form.querySelector("button.pk-main").focus();
  };

  const send = (form) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.floor((event.loaded / event.total) * 100);
      const words = form.dataset.sending.replace("{percent}", `${percent} %`).replace("{size}", sized(event.total));
      show(form, percent, percent < 100 ? words : form.dataset.sent);
    });
    request.upload.addEventListener("load", () => show(form, 100, form.dataset.sent));
    request.addEventListener("load", () => answered(form, request));
    request.addEventListener("error", () => ended(form, [form.dataset.lost]));
    request.send(new FormData(form));
    form.setAttribute("aria-busy", "true");
    tell(form, []);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  };

  const prepareUpload = (form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.getAttribute("aria-busy") !== "true") send(form);
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) ended(form, []);
    });
  };

  // What follows from what is filled in is asked of the server, a moment after the last key.
  const prepareRefill = (box) => {
    const names = (box.dataset.of || "").split(" ").filter(Boolean);
    const form = box.closest("form");
    let waiting = 0;
    let asked = 0;
    const refill = async () => {
      const mine = ++asked;
      try {
        const answer = await fetch(box.dataset.refill, { method: "POST", body: new FormData(form) });
        if (answer.ok && !answer.redirected && mine === asked) box.innerHTML = await answer.text();
      } catch {
        // The line is down: what stands there is from before, and saving will tell.
      }
    };
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, (event) => {
        if (names.length && !names.includes(event.target.name)) return;
        clearTimeout(waiting);
        waiting = setTimeout(refill, 400);
      });
    }
  };

  // Filling in rows: the button and Enter in the last row add an empty one, Enter elsewhere goes to the next row.
  const prepareRows = (form) => {
    const list = form.querySelector("[data-lines]");
    const total = form.querySelector("[name$=TOTAL_FORMS]");
    const most = Number(form.querySelector("[name$=MAX_NUM_FORMS]").value);
    const add = () => {
      const number = Number(total.value);
      if (number >= most) return;
      const blank = form.querySelector("[data-blank]").innerHTML.replaceAll("__prefix__", number);
      list.insertAdjacentHTML("beforeend", blank);
      const row = list.lastElementChild;
      row.id = `row-${number + 1}`;
      row.querySelector("[data-number]").textContent = number + 1;
      total.value = number + 1;
      window.htmx?.process(row);
    };
    form.querySelector("[data-scripts]").hidden = false;
    form.querySelector("[data-add-row]").addEventListener("click", (event) => {
      event.preventDefault();
      add();
      list.lastElementChild.querySelector("input").focus();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      if (event.ctrlKey) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("button.pk-main"));
        return;
      }
      const row = event.target.tagName === "INPUT" && event.target.closest("[data-lines] > *");
      if (!row) return;
      event.preventDefault();
      if (!row.nextElementSibling) add();
      row.nextElementSibling?.querySelector("input").focus();
    });
    form.querySelector("[role=alert][tabindex]")?.focus();
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("form[data-rows]").forEach(prepareRows);
    document.querySelectorAll("[data-refill]").forEach(prepareRefill);
    document.querySelectorAll("[data-drop]").forEach(prepareDrop);
    document.querySelectorAll("[data-upload]").forEach(prepareUpload);
    const groups = [...document.querySelectorAll(".pk-group")];
    const place = Number(sessionStorage.getItem(`place ${location.pathname}`) || 0);
    if (groups.length) look(groups, groups[Math.min(place, groups.length - 1)]);
    document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
    // A field that is shown once: selected for whoever copies by hand, copied by the button.
    document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard?.writeText(field.value);
      button.lastChild.textContent = field.dataset.copied;
    }));
  });
})();
