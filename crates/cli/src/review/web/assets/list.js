// The list of groups: as many rows as fit are drawn, of however many there are.

import { arrow, counted, el, grouped, run, stateSign, zone } from "./text.js";

export const PAGE = 100;
const SPARE = 4;
const PAGES = 60;

export class List {
  /** `load(from)` gives a page of cards, `choose(index)` is told of a click. */
  constructor(box, space, { load, choose, open }) {
    Object.assign(this, { box, space, load, choose, open, total: 0, at: 0, pages: new Map(), asked: new Map(), rows: new Map(), drawn: "" });
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    space.addEventListener("click", (event) => this.clicked(event, choose));
    space.addEventListener("dblclick", (event) => this.clicked(event, open));
  }

  clicked(event, then) {
    const row = event.target.closest("[data-index]");
    if (row) then(Number(row.dataset.index));
  }

  /** As the styles have it: rows are taller where fingers choose them. */
  get height() {
    return this.rowHeight ??= parseFloat(getComputedStyle(this.box).getPropertyValue("--row")) || 56;
  }

  reset(total) {
    this.total = total;
    this.at = 0;
    this.pages.clear();
    this.asked.clear();
    this.space.style.height = `${total * this.height}px`;
    this.box.scrollTop = 0;
    this.redraw();
  }

  card(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  put(from, cards) {
    const page = Math.floor(from / PAGE);
    this.pages.delete(page);
    this.pages.set(page, cards);
    // The oldest goes, unless it is in sight.
    for (const old of this.pages.keys()) {
      if (this.pages.size <= PAGES) break;
      if (Math.abs(old - this.at / PAGE) > 2) this.pages.delete(old);
    }
  }

  /** The card, once it is there. */
  async want(index) {
    const page = Math.floor(index / PAGE);
    if (!this.pages.has(page)) {
      if (!this.asked.has(page)) this.asked.set(page, this.load(page * PAGE).finally(() => this.asked.delete(page)));
      await this.asked.get(page);
    }
    return this.card(index);
  }

  /** The pages in sight, to ask for them again. */
  inSight() {
    const [first, end] = this.sight();
    const pages = new Set([Math.floor(first / PAGE), Math.floor(Math.max(end - 1, 0) / PAGE), Math.floor(this.at / PAGE)]);
    return [...pages].map((page) => page * PAGE);
  }

  forgetOthers(kept) {
    for (const page of [...this.pages.keys()]) if (!kept.includes(page * PAGE)) this.pages.delete(page);
  }

  sight() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - SPARE);
    return [first, Math.min(this.total, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.height) + SPARE)];
  }

  move(index) {
    this.at = Math.max(0, Math.min(index, this.total - 1));
    const top = this.at * this.height;
    const { scrollTop, clientHeight } = this.box;
    if (top < scrollTop) this.box.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) this.box.scrollTop = top + this.height - clientHeight;
    this.redraw();
  }

  redraw() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.draw();
  }

  draw() {
    const [first, end] = this.sight();
    for (const [index, row] of this.rows) {
      if (index < first || index >= end) {
        row.remove();
        this.rows.delete(index);
      }
    }
    for (let index = first; index < end; index++) {
      if (this.rows.has(index)) continue;
      const row = this.row(index);
      this.rows.set(index, row);
      this.space.append(row);
    }
    if (this.total > 0) this.box.setAttribute("aria-activedescendant", `g-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  row(index) {
    const card = this.card(index);
    const row = el("div", {
      id: `g-${index}`, class: "group", role: "option", "data-index": index, "aria-selected": String(index === this.at),
      "aria-setsize": this.total, "aria-posinset": index + 1,
    });
    row.style.transform = `translateY(${index * this.height}px)`;
    if (!card) {
      row.classList.add("coming");
      this.want(index).then(() => this.redraw(), () => {});
      return row;
    }
    const [name, sign] = stateSign(card.states, card.count);
    row.classList.add(name);
    const states = Object.entries(card.states).map(([state, count]) => `${count} ${state}`).join(", ");
    row.append(
      el("span", { class: `mark ${name}`, title: states }, el("span", { "aria-hidden": "true" }, sign), el("span", { class: "unseen" }, states)),
      el("span", { class: "what" }, ...(card.makes ? arrow(card.makes) : [el("span", { class: "varies" }, "varies")])),
      el("span", { class: "times", title: counted(card.count, "place") }, `×${grouped(card.count)}`),
      el("span", { class: "rule" }, run(card.rule), card.zone === "none" ? null : el("span", { class: "zone" }, ` in ${zone(card.zone)}`)),
    );
    return row;
  }
}
