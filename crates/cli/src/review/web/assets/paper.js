// A whole document, source and cleaned side by side.

import { ask } from "./server.js";
import { bare, counted, el, grouped, isUndecided, run } from "./text.js";

export class Paper {
  /** `chosen(id)` is told which change was chosen. */
  constructor(box, { back, chosen }) {
    this.bar = el("div", { class: "paper-bar" });
    Object.assign(this, { box, back, chosen, number: null, item: null, marks: new Map() });
    box.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-item]");
      if (mark) this.choose(mark.dataset.item);
    });
  }

  /** Opens a document, at a change of it if one is named. */
  async open(number, item) {
    const part = await ask("document", { number, from: 0, at: item ?? "" });
    this.lay(number, item, part);
    this.box.scrollTop = 0;
    this.box.querySelector(".chosen")?.scrollIntoView({ block: "center" });
  }

  /** Shows the same lines again, as they are now. */
  async renew() {
    const { number, item, from, to } = this;
    const part = await ask("document", { number, from });
    while (part.from + part.rows.length < Math.min(to, part.total)) {
      part.rows.push(...(await ask("document", { number, from: part.from + part.rows.length })).rows);
    }
    if (number !== this.number) return;
    const top = this.box.scrollTop;
    this.lay(number, this.item ?? item, part);
    this.box.scrollTop = top;
  }

  lay(number, item, part) {
    Object.assign(this, { number, item, from: part.from, to: part.from + part.rows.length, total: part.total });
    const { applied, pending, rejected } = part.counts;
    const back = el("button", { type: "button", class: "quiet" }, el("span", { "aria-hidden": "true" }, "← "), "Back ", el("kbd", {}, "Esc"));
    back.addEventListener("click", () => this.back());
    this.earlier = this.moreButton("Earlier lines", () => this.more(-1));
    this.later = this.moreButton("Later lines", () => this.more(1));
    this.sheet = el("div", { class: "sheet" }, this.earlier, ...part.rows.map((row) => this.row(row)), this.later);
    this.box.replaceChildren(
      el("div", { class: "paper-head" }, back, el("h2", {}, run(part.name)),
        el("p", { class: "small" }, `${grouped(applied)} applied, ${grouped(pending)} pending, ${grouped(rejected)} rejected; ${counted(part.total, "line")}`),
        el("div", { class: "heads", "aria-hidden": "true" }, el("span", {}, "Source"), el("span", {}, "Cleaned, as decided now"))),
      this.sheet,
      this.bar,
    );
    this.shown();
    this.choose(item, false);
  }

  moreButton(text, then) {
    const button = el("button", { type: "button", class: "more" }, text);
    button.addEventListener("click", then);
    return button;
  }

  shown() {
    this.earlier.hidden = this.from === 0;
    this.later.hidden = this.to >= this.total;
    this.marks = new Map([...this.sheet.querySelectorAll("[data-item]")].map((mark) => [mark.dataset.item, mark.dataset.state]));
  }

  async more(way) {
    const from = way < 0 ? Math.max(0, this.from - 200) : this.to;
    const part = await ask("document", { number: this.number, from });
    const rows = way < 0 ? part.rows.slice(0, this.from - from) : part.rows;
    if (way < 0) {
      this.earlier.after(...rows.map((row) => this.row(row)));
      this.from = from;
    } else {
      this.later.before(...rows.map((row) => this.row(row)));
      this.to += rows.length;
    }
    this.shown();
    this.choose(this.item, false);
  }

  row(row) {
    if (row.heading !== undefined) return el("h3", {}, run(row.heading));
    if (row.problem !== undefined) return el("p", { class: "problem" }, "Not cleaned: ", run(row.problem));
    const same = row.left.every((part) => part.kind === undefined);
    return el("div", { class: `pair ${same ? "same" : ""} ${row.left.length === 0 ? "blank" : ""}` },
      el("div", { class: "left" }, ...row.left.map((part) => this.part(part, "del"))),
      el("div", { class: "right" }, ...row.right.map((part) => this.part(part, "ins"))));
  }

  part(part, side) {
    if (part.cut !== undefined) return el("span", { class: "cut" }, ` … ${grouped(part.cut)} characters … `);
    if (part.kind === undefined) return run(part.text);
    const text = part.text === "" ? el("span", { class: "nothing" }, "∅") : run(part.text);
    const tag = part.kind === "done" ? side : "mark";
    const mark = el(tag, { class: `${part.kind} ${bare(part.text)}`, "data-state": part.state ?? false, "data-item": part.item ?? false, tabindex: part.item ? "-1" : false, title: part.state ?? "" }, text);
    if (part.proposed !== undefined) mark.append(el("span", { class: "proposed" }, " → ", part.proposed === "" ? "∅" : run(part.proposed), "?"));
    return mark;
  }

  choose(item, tell = true) {
    this.item = item;
    for (const mark of this.box.querySelectorAll("[data-item]")) mark.classList.toggle("chosen", mark.dataset.item === item);
    if (tell && item) this.chosen(item);
  }

  move(step) {
    const marks = [...this.marks.keys()];
    const at = marks.indexOf(this.item);
    this.go(marks[at < 0 ? 0 : at + step]);
  }

  /** On to the next change that is not decided. Whether there is one. */
  next() {
    const marks = [...this.marks.keys()];
    const next = marks.slice(marks.indexOf(this.item) + 1).find((item) => isUndecided(this.marks.get(item)));
    this.go(next);
    return next !== undefined;
  }

  go(item) {
    if (item === undefined) return;
    this.choose(item);
    this.box.querySelector(".chosen")?.scrollIntoView({ block: "center" });
  }
}
