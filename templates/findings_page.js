"use strict";
(() => {
  const FOLD_AT = 20;
  const form = document.getElementById("filters");
  const text = document.getElementById("text");
  const names = ["level", "sheet", "rule", "office"];
  const selects = names.map((name) => document.getElementById(name)).filter(Boolean);
  const items = [...document.querySelectorAll("article")];
  const groups = [...document.querySelectorAll("details")];
  const sheets = [...document.querySelectorAll("section.sheet")];
  const words = new Map();
  let now = null;

  const wordsOf = (item) => {
    if (!words.has(item)) words.set(item, `${item.dataset.sheet}!${item.textContent}`.toLowerCase());
    return words.get(item);
  };
  const wanted = (item, chosen, sought) =>
    chosen.every(([name, value]) => (item.dataset[name] || "") === value) &&
    sought.every((word) => wordsOf(item).includes(word));
  const anyShown = (box) => box.querySelector("article:not([hidden])") !== null;

  function apply() {
    const chosen = selects.filter((one) => one.value).map((one) => [one.id, one.value]);
    const sought = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.hidden = !wanted(item, chosen, sought);
      shown += item.hidden ? 0 : 1;
    }
    for (const group of groups) {
      const left = group.querySelectorAll("article:not([hidden])").length;
      group.hidden = left === 0;
      const all = group.querySelectorAll("article").length;
      group.querySelector(".count").textContent = left === all ? `${all} 处` : `${left} / ${all} 处`;
      if (chosen.length || sought.length) group.open = left > 0 && left <= FOLD_AT;
    }
    for (const sheet of sheets) sheet.hidden = !anyShown(sheet);
    document.getElementById("shown").textContent = shown === items.length ? `共 ${shown} 处` : `${shown} / ${items.length} 处`;
    document.getElementById("none").hidden = shown > 0 || items.length === 0;
    remember(chosen, sought);
  }

  function remember(chosen, sought) {
    const state = new URLSearchParams(chosen);
    if (sought.length) state.set("text", text.value);
    const query = state.toString();
    if (query || location.hash.startsWith("#?")) history.replaceState(null, "", query ? `#?${query}` : "#");
  }

  function recall() {
    if (!location.hash.startsWith("#?")) return;
    const state = new URLSearchParams(location.hash.slice(2));
    for (const select of selects) select.value = state.get(select.id) || "";
    text.value = state.get("text") || "";
  }

  function step(by) {
    const left = items.filter((item) => !item.hidden);
    if (!left.length) return;
    const at = left.indexOf(now);
    go(left[at < 0 ? (by > 0 ? 0 : left.length - 1) : Math.min(Math.max(at + by, 0), left.length - 1)]);
  }

  function go(item) {
    if (now) now.classList.remove("now");
    now = item;
    now.classList.add("now");
    now.closest("details").open = true;
    now.focus({ preventScroll: true });
    now.scrollIntoView({ block: "center" });
  }

  function reveal() {
    const item = /^#f\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (item) go(item);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "");
    if (event.key === "Escape" && typing) event.target.blur();
    else if (typing) return;
    else if (event.key === "/") { event.preventDefault(); text.focus(); text.select(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", () => { recall(); reveal(); });
  let closed = [];
  addEventListener("beforeprint", () => { closed = groups.filter((one) => !one.open); for (const one of closed) one.open = true; });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  for (const group of groups) group.open = group.querySelectorAll("article").length <= FOLD_AT;
  form.hidden = items.length === 0;
  recall();
  apply();
  reveal();
})();
