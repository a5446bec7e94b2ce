/* Choosing divisions: finding a row in a long list, and showing at once what the two boxes below mean for each row. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-choosing]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-row]")];
  const find = form.querySelector("[data-find]");
  find.hidden = false;
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.querySelector("td").textContent.toLowerCase() + row.querySelector(".pk-numbers").textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
  // Enter in the search field would send the form.
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  // A box that is ticked off stands for nothing in its rows, and ticked for what the row proposes.
  const follow = (name, act) => {
    const box = form.querySelector(`[type=checkbox][name=${name}]`);
    if (!box) return;
    const show = () => {
      for (const select of form.querySelectorAll(".pk-choice select")) {
        const option = [...select.options].find((one) => one.value.startsWith(`${name}:`));
        if (option) act(select, option, box.checked);
      }
    };
    box.addEventListener("change", show);
  };
  follow("certain", (select, option, ticked) => {
    if (ticked && select.value === "") option.selected = true;
    if (!ticked && option.selected) select.value = "";
  });
  follow("rest", (select, option, ticked) => {
    const create = [...select.options].find((one) => one.value.startsWith("create:"));
    if (ticked && option.selected) create.selected = true;
    else if (!ticked && create.selected) option.selected = true;
  });
});
