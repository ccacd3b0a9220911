// Text of the corpus becomes text nodes, and nothing else. The server has named all that cannot be seen: a name becomes a chip.

const NAMED = /⟦[^⟧]*⟧|[⏎⇥␣]/gu;

/** An element with attributes and children; a child that is a text becomes a text node. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function chip(label) {
  const inner = label.startsWith("⟦") ? label.slice(1, -1) : label;
  return el("span", { class: inner.length > 1 ? "chip" : "chip sign" }, inner);
}

/** A run of text, isolated in its direction from all round it. */
export function run(shown) {
  const isolated = el("bdi");
  let at = 0;
  for (const found of shown.matchAll(NAMED)) {
    if (found.index > at) isolated.append(shown.slice(at, found.index));
    isolated.append(chip(found[0]));
    at = found.index + found[0].length;
  }
  if (at < shown.length) isolated.append(shown.slice(at));
  return isolated;
}

/** Blanks at the ends of a marked text would not be seen. */
function spaced(shown) {
  const inner = shown.replace(/^ +| +$/gu, (blanks) => "␣".repeat(blanks.length));
  return run(inner);
}

/** Whether a line through or under it would hide it. */
export function bare(shown) {
  return /[\p{L}\p{N}]/u.test(shown.replace(NAMED, "")) ? "" : "bare";
}

/** What stood there and what is to stand there. An empty side is nothing. */
export function change([before, after], extra = "") {
  const marks = [];
  if (before !== "") marks.push(el("del", { class: `${extra} ${bare(before)}` }, spaced(before)));
  if (after !== "") marks.push(el("ins", { class: `${extra} ${bare(after)}` }, spaced(after)));
  return marks;
}

/** The same as a heading: both sides with an arrow between them. */
export function arrow([before, after]) {
  const side = (tag, shown) => el(tag, {}, shown === "" ? el("span", { class: "nothing", title: "nothing" }, "∅") : spaced(shown));
  return [side("del", before), el("span", { class: "arrow", "aria-label": " becomes " }, "→"), side("ins", after)];
}

/** A number with its thousands parted. */
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/gu, ",");
}

export function counted(number, one, many = `${one}s`) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

const ZONES = {
  none: "running text", quotation: "a quotation", field: "a title or field", url: "a link", email: "an address", handle: "an account name",
  hashtag: "a hashtag", code: "code", sic: "[sic]",
};

export function zone(name) {
  return ZONES[name] ?? name;
}

const STATES = {
  open: ["●", "asks"], applied: ["○", "applied by its rule"], disputed: ["!", "disputed"],
  accepted: ["✓", "accepted"], replaced: ["✎", "replaced"], rejected: ["✕", "rejected"],
  saving: ["…", "saving"],
};

export function state(name) {
  const [sign, word] = STATES[name] ?? ["", name];
  return el("span", { class: `state ${name}` }, el("span", { class: "sign", "aria-hidden": "true" }, sign), ` ${word}`);
}

export function stateSign(states, count) {
  const names = Object.keys(states).filter((name) => states[name] > 0);
  const open = (states.open ?? 0) + (states.applied ?? 0) + (states.disputed ?? 0);
  if (states.disputed > 0) return ["disputed", "!"];
  if (open === 0 && names.length === 1) return [names[0], STATES[names[0]][0]];
  if (open === 0) return ["accepted", "✓"];
  if (open < count) return ["partly", "◐"];
  return states.open > 0 ? ["open", "●"] : ["applied", "○"];
}

export function undecided(states) {
  return (states.open ?? 0) + (states.applied ?? 0) + (states.disputed ?? 0);
}

export const isUndecided = (name) => name === "open" || name === "applied" || name === "disputed";
