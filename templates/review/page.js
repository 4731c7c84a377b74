/* The page: figure -> cells, row -> where it is used, tabs, search, keys. */
const $ = (id) => document.getElementById(id);
const marks = [...document.querySelectorAll(".page .mark")], passages = [...document.querySelectorAll(".page .passage")];
const untraced = [...document.querySelectorAll(".page .untraced")];
const lines = [...document.querySelectorAll(".page p, .page h1, .page h2, .page h3, .page h4, .page h5, .page tr")];
const tabs = [...document.querySelectorAll("#tabs [role=tab]")];
const MOST = 12;
let picked = -1, gap = -1, hit = -1, hits = [];

const [PHRASE, ORIGIN, VALUE, HOW, SLOT, LAST, CELLS, ROWS, PLACE] = Array(9).keys();

function tab(name) {
  for (const one of tabs) {
    const shown = one.id === `tab-${name}`;
    one.setAttribute("aria-selected", shown);
    one.tabIndex = shown ? 0 : -1;
    $(one.getAttribute("aria-controls")).classList.toggle("shown", shown);
  }
  if (name === "ledger") Ledger.paint();
}

function clear() {
  for (const one of document.querySelectorAll(".page .picked, .page .lit, #figures .picked")) one.classList.remove("picked", "lit");
}

const hint = (text) => $("card").replaceChildren(make("p", { class: "hint", text }));
const centre = (element) => element.scrollIntoView({ block: "center" });

function rowCount(group) {
  let count = 0;
  for (let at = 0; at < group[2].length; at += 2) count += group[2][at + 1] - group[2][at] + 1;
  return count;
}

function chip(sheet, first, last, column) {
  const text = `${data.sheets[sheet].name}!${letters(column)}${first}` + (last > first ? `–${last}` : "");
  return make("button", { type: "button", class: "chip", text, onclick: () => { tab("ledger"); Ledger.reveal(sheet, first, true); } });
}

/* The cells of a set as buttons, a run of rows each, at most MOST runs of a column. */
function chips(set) {
  const list = document.createElement("span");
  for (const group of data.sets[set]) {
    const [sheet, column, runs] = group;
    for (let at = 0; at < Math.min(runs.length, 2 * MOST); at += 2) list.append(chip(sheet, runs[at], runs[at + 1], column));
    if (rowCount(group) > 1) list.append(make("button", { type: "button", class: "chip more",
      text: `共 ${rowCount(group)} 行，只看这些行`, onclick: () => { tab("ledger"); Ledger.showOnly(sheet); } }));
  }
  return list;
}

function fact(list, name, value) {
  if (value) list.append(make("dt", { text: name }), make("dd", {}, value));
}

function pick(number, scroll = true) {
  if (!marks[number]) return;
  picked = number;
  clear();
  marks[number].classList.add("picked");
  if (scroll) centre(marks[number]);
  const mark = data.marks[number], row = $(`f${number + 1}`);
  row.classList.add("picked");
  if ($("figures").classList.contains("shown")) row.scrollIntoView({ block: "nearest" });
  $("card").replaceChildren(figureCard(mark, number));
  $("card").scrollTop = 0;
  Ledger.light([mark[CELLS], mark[ROWS]]);
  const first = data.sets[mark[ROWS]][0] || data.sets[mark[CELLS]][0];
  if (first) Ledger.reveal(first[0], first[2][0]);
}

function figureCard(mark, number) {
  const card = document.createDocumentFragment(), list = make("dl");
  card.append(make("h2", {}, make("span", { text: mark[PHRASE] }),
    make("small", { text: `第 ${number + 1} 个，共 ${marks.length} 个 · ${mark[ORIGIN]}` }),
    make("button", { type: "button", text: "上一个", onclick: () => step(-1) }),
    make("button", { type: "button", text: "下一个", onclick: () => step(1) })));
  fact(list, "数值", mark[VALUE]);
  fact(list, "怎么来的", mark[ORIGIN] === "待补" ? `缺${mark[HOW] || mark[SLOT]}` : mark[HOW]);
  fact(list, "去年", mark[LAST]);
  fact(list, "名称", mark[SLOT]);
  if (data.sets[mark[CELLS]].length) fact(list, "单元格", chips(mark[CELLS]));
  if (data.sets[mark[ROWS]].length) {
    const count = data.sets[mark[ROWS]].reduce((sum, group) => sum + rowCount(group), 0);
    fact(list, `相加的 ${count} 格`, chips(mark[ROWS]));
  }
  if (data.sets[mark[PLACE]].length) fact(list, "写在", chips(mark[PLACE]));
  card.append(list);
  return card;
}

function step(by) {
  const next = picked < 0 ? (by > 0 ? 0 : marks.length - 1) : picked + by;
  pick((next + marks.length) % marks.length);
}

/* Which sets of cells hold a row, or one cell of it. */
function setsWith(sheet, row, column) {
  const found = new Set();
  data.sets.forEach((set, number) => {
    if (set.some((group) => group[0] === sheet && (!column || group[1] === column) && within(group[2], row))) found.add(number);
  });
  return found;
}

function uses(sheet, row, column) {
  const found = setsWith(sheet, row, column), list = [];
  data.marks.forEach((mark, number) => {
    if (found.has(mark[CELLS]) || found.has(mark[ROWS]) || found.has(mark[PLACE])) list.push(marks[number]);
  });
  data.texts.forEach((set, number) => { if (found.has(set)) list.push(passages[number]); });
  return list.sort((one, other) => one.compareDocumentPosition(other) & 4 ? -1 : 1);
}

function openRow(sheet, row, column) {
  clear();
  picked = -1;
  const used = uses(sheet, row, 0), here = column ? uses(sheet, row, column) : [];
  const shown = here.length ? here : used;
  for (const one of shown) one.classList.add("lit");
  if (shown.length) centre(shown[0]);
  $("card").replaceChildren(rowCard(sheet, row, column, shown, here.length > 0));
  $("card").scrollTop = 0;
}

function rowCard(sheet, row, column, shown, oneCell) {
  const card = document.createDocumentFragment(), list = make("dl"), places = make("ul");
  const { name, columns, rows } = data.sheets[sheet], texts = rows.find((one) => one[0] === row).slice(1);
  const where = oneCell ? `${name}!${letters(column)}${row}` : `${name} 第 ${row} 行`;
  card.append(make("h2", {}, make("span", { text: where }), make("small", { text: `用在 ${shown.length} 处` })));
  for (const element of shown.slice(0, 200)) places.append(make("li", {}, make("button", { type: "button", class: "chip",
    text: element.textContent.slice(0, 40), onclick: () => goTo(element) })));
  texts.forEach((text, at) => fact(list, columns[at][1], text));
  card.append(places, list);
  return card;
}

function goTo(element) {
  if (element.classList.contains("mark")) pick(marks.indexOf(element));
  else { clear(); element.classList.add("picked"); centre(element); }
}

function openPassage(number) {
  clear();
  picked = -1;
  passages[number].classList.add("picked");
  const set = data.texts[number];
  if (!data.sets[set].length) return;
  const [sheet, column, runs] = data.sets[set][0];
  Ledger.light([set]);
  tab("ledger");
  Ledger.reveal(sheet, runs[0], true);
  $("card").replaceChildren(rowCard(sheet, runs[0], column, [passages[number]], true));
}

function nextUntraced(by) {
  if (!untraced.length) return;
  gap = (gap + by + untraced.length) % untraced.length;
  showUntraced(gap);
}

function showUntraced(number) {
  gap = number;
  clear();
  picked = -1;
  untraced[gap].classList.add("picked");
  centre(untraced[gap]);
  $("card").replaceChildren(make("h2", {}, make("span", { text: untraced[gap].textContent }),
    make("small", { text: `第 ${gap + 1} 个没有出处的数，共 ${untraced.length} 个` })),
    make("p", { class: "hint", text: "这个数是手写在文字里的，台账里没有哪一格管着它。"
      + "请核对；能数出来的，在“指标”里加上，正文写成 {{ 指标名称 }}。" }));
}

function seek(text) {
  for (const one of hits) one.classList.remove("hit");
  hits = text ? lines.filter((one) => one.textContent.includes(text)) : [];
  hit = -1;
  for (const one of hits) one.classList.add("hit");
  Ledger.seek(text);
  for (const row of document.querySelectorAll(".panel .list tbody tr, .findings li")) {
    row.hidden = text !== "" && !row.textContent.includes(text);
  }
  $("hits").textContent = text ? `报告 ${hits.length} 处 · 台账 ${Ledger.rows.length} 行` : "";
}

function nextHit() {
  if (hits.length) centre(hits[hit = (hit + 1) % hits.length]);
}

function escape() {
  if ($("seek").value) { $("seek").value = ""; seek(""); }
  clear();
  picked = -1;
  Ledger.picked = 0;
  Ledger.box.checked = Ledger.only = false;
  Ledger.light([]);
  Ledger.lay();
  hint("点报告里带下划线的数，看它怎么来的；点台账里的一行，看它用在哪里。");
}

function enter() {
  if (picked < 0) return;
  tab("ledger");
  const mark = data.marks[picked], first = data.sets[mark[ROWS]][0] || data.sets[mark[CELLS]][0];
  if (first) Ledger.reveal(first[0], first[2][0], true);
  $("scroll").focus();
}

const KEYS = {
  j: () => step(1), k: () => step(-1), n: () => nextUntraced(1), N: () => nextUntraced(-1), Enter: enter, Escape: escape,
  "/": () => $("seek").focus(), "?": () => $("help").showModal(), "？": () => $("help").showModal(),
};

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (event.target === $("seek")) {
    if (event.key === "Enter") nextHit();
    if (event.key === "Escape") { escape(); $("seek").blur(); }
    return;
  }
  if (event.key === "Enter" && event.target.closest("a, button")) return;
  if (event.target.closest("#tabs") && ["ArrowLeft", "ArrowRight"].includes(event.key)) return turn(event);
  const act = KEYS[event.key] || (tabs[event.key - 1] && (() => tab(tabs[event.key - 1].id.slice(4))));
  if (act) { event.preventDefault(); act(); }
}

function turn(event) {
  const at = tabs.indexOf(document.activeElement), by = event.key === "ArrowRight" ? 1 : -1;
  const next = tabs[(at + by + tabs.length) % tabs.length];
  tab(next.id.slice(4));
  next.focus();
}

/* What was clicked, from the most particular to the least. */
function click(event) {
  const at = (selector) => event.target.closest(selector);
  const mark = at(".page .mark"), line = at("#figures [data-m]"), number = at("[data-u]"), typed = at(".page .untraced");
  const passage = at(".page .passage"), place = at("[data-sheet][data-row]");
  if (mark || line || number) event.preventDefault();
  if (mark) clickMark(mark);
  else if (line) pick(line.dataset.m - 1);
  else if (number) showUntraced(number.dataset.u - 1);
  else if (typed) showUntraced(untraced.indexOf(typed));
  else if (passage && !String(getSelection())) openPassage(Number(passage.dataset.t));
  else if (place) openPlace(place);
}

function clickMark(mark) {
  pick(mark.dataset.m - 1, false);
  if (!$("figures").classList.contains("shown")) tab("ledger");
}

/* A finding's cell, where the page holds its row. */
function openPlace(place) {
  const sheet = data.sheets.findIndex((one) => one.name === place.dataset.sheet), row = Number(place.dataset.row);
  if (sheet < 0 || !data.sheets[sheet].rows.some((one) => one[0] === row)) {
    return hint(`${place.textContent}：这一行没有印进报告，核对页里没有它，请到台账里看。`);
  }
  tab("ledger");
  Ledger.reveal(sheet, row, true);
  openRow(sheet, row, 0);
}

document.documentElement.classList.add("on");
Ledger.start(openRow);
tab("ledger");
for (const one of tabs) one.addEventListener("click", () => tab(one.id.slice(4)));
document.addEventListener("click", click);
document.addEventListener("keydown", key);
let waiting = 0;
$("seek").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => seek($("seek").value.trim()), 120); });
$("print").addEventListener("click", () => print());
$("help-button").addEventListener("click", () => $("help").showModal());
