"use strict";
/* The ledger side: sheets as tables of which only the rows in view exist. */
const data = JSON.parse(document.getElementById("data").textContent);
const ROW = 28, HEAD = 30, MARGIN = 10, NUMBER = 48;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const letters = (column) => column > 26 ? letters((column - 1) / 26 | 0) + letters((column - 1) % 26 + 1)
  : String.fromCharCode(64 + column);

/* Whether sorted runs [first, last, first, last, …] hold a row. */
function within(runs, row) {
  let low = 0, high = runs.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (row < runs[2 * middle]) high = middle - 1;
    else if (row > runs[2 * middle + 1]) low = middle + 1;
    else return true;
  }
  return false;
}

const Ledger = {
  sheet: -1, rows: [], lit: new Map(), picked: 0, only: false, sought: "", opened: () => {},

  start(opened) {
    this.opened = opened;
    this.scroll = document.getElementById("scroll");
    this.tabs = document.getElementById("sheets");
    data.sheets.forEach((sheet, number) => {
      if (sheet.rows.length) this.tabs.append(make("button", { type: "button", role: "tab", "data-sheet": number,
        text: `${sheet.name} ${sheet.rows.length}`, onclick: () => this.show(number) }));
    });
    this.box = make("input", { type: "checkbox", id: "only", onchange: () => {
      this.only = this.box.checked;
      this.lay();
    } });
    this.tabs.append(make("label", {}, this.box, " 只看有关的行"));
    this.scroll.addEventListener("scroll", () => this.paint());
    this.scroll.addEventListener("click", (event) => this.click(event));
    this.scroll.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paint()).observe(this.scroll);
    const first = data.sheets.findIndex((sheet) => sheet.rows.length);
    if (first >= 0) this.show(first);
  },

  show(number) {
    this.sheet = number;
    this.picked = 0;
    for (const tab of this.tabs.querySelectorAll("button")) {
      tab.setAttribute("aria-selected", Number(tab.dataset.sheet) === number);
    }
    this.lay();
  },

  /* One sheet with only the rows that are lit. */
  showOnly(number) {
    this.box.checked = this.only = true;
    this.show(number);
  },

  /* The rows that are to be seen, and a box as high as all of them. */
  lay() {
    const sheet = data.sheets[this.sheet];
    if (!sheet) return;
    this.rows = sheet.rows.filter((row) => (!this.only || this.litIn(row[0]))
      && (!this.sought || row.some((text) => String(text).includes(this.sought))));
    this.widths = sheet.columns.map((column) => 14 + 8 * column[3]);
    const width = NUMBER + this.widths.reduce((sum, one) => sum + one, 0);
    const head = make("div", { class: "head" }, make("div", { class: "cell number", text: "行" }));
    sheet.columns.forEach((column, at) => head.append(this.cell(`${column[0]} ${column[1]}`, at)));
    this.grid = make("div", { class: "grid" }, head);
    this.grid.style.width = `${width}px`;
    this.grid.style.height = `${HEAD + ROW * this.rows.length}px`;
    this.body = make("div", {});
    this.grid.append(this.body);
    this.scroll.replaceChildren(this.grid);
    this.paint();
  },

  paint() {
    if (!this.body) return;
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / ROW) - MARGIN);
    const bottom = this.scroll.scrollTop + this.scroll.clientHeight;
    const last = Math.min(this.rows.length, Math.ceil(bottom / ROW) + MARGIN);
    this.body.replaceChildren(...this.rows.slice(first, last).map((row, index) => this.row(row, first + index)));
  },

  row(row, at) {
    const [number, ...texts] = row, columns = data.sheets[this.sheet].columns;
    const element = make("div", { class: "row", "data-row": number }, make("div", { class: "cell number", text: number }));
    element.style.top = `${HEAD + ROW * at}px`;
    if (this.litIn(number)) element.classList.add("lit");
    if (number === this.picked) element.classList.add("picked");
    texts.forEach((text, index) => {
      const cell = this.cell(text, index);
      cell.dataset.column = columns[index][2];
      if (this.litIn(number, columns[index][2])) cell.classList.add("lit");
      element.append(cell);
    });
    return element;
  },

  cell(text, at) {
    const cell = make("div", { class: "cell", text, title: text });
    cell.style.width = `${this.widths[at]}px`;
    return cell;
  },

  /* Whether the figure that is picked came from this row, or this cell of it. */
  litIn(row, column) {
    return (this.lit.get(this.sheet) || []).some((group) => (column === undefined || group[1] === column) && within(group[2], row));
  },

  light(sets) {
    this.lit = new Map();
    for (const number of sets) for (const group of data.sets[number]) {
      if (!this.lit.has(group[0])) this.lit.set(group[0], []);
      this.lit.get(group[0]).push(group);
    }
    if (this.only) this.lay();
    else this.paint();
  },

  /* Shows a row in the middle; false where the page does not hold it. */
  reveal(sheet, row, picked = false) {
    if (!data.sheets[sheet]) return false;
    this.seek("");
    if (this.only && !(this.lit.get(sheet) || []).some((group) => within(group[2], row))) {
      this.box.checked = this.only = false;
    }
    if (sheet !== this.sheet) this.show(sheet);
    else this.lay();
    const at = this.rows.findIndex((one) => one[0] === row);
    if (at < 0) return false;
    this.picked = picked ? row : 0;
    this.scroll.scrollTop = HEAD + ROW * at - this.scroll.clientHeight / 2;
    this.paint();
    return true;
  },

  seek(text) {
    if (text === this.sought) return;
    this.sought = text;
    this.lay();
  },

  click(event) {
    const row = event.target.closest(".row");
    if (row) this.open(Number(row.dataset.row), Number(event.target.dataset.column) || 0);
  },

  open(row, column) {
    this.picked = row;
    this.paint();
    this.opened(this.sheet, row, column);
  },

  key(event) {
    if (event.key === "Enter" && this.picked) { this.open(this.picked, 0); event.stopPropagation(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.rows.length) return;
    event.preventDefault();
    const at = this.rows.findIndex((one) => one[0] === this.picked);
    const next = Math.min(this.rows.length - 1, Math.max(0, at + step));
    this.picked = this.rows[next][0];
    const top = HEAD + ROW * next, view = this.scroll;
    if (top - HEAD < view.scrollTop) view.scrollTop = top - HEAD;
    if (top + ROW > view.scrollTop + view.clientHeight) view.scrollTop = top + ROW - view.clientHeight;
    this.paint();
  },
};
