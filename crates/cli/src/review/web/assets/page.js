// The page: what is shown, what a key does. Nothing of a text is ever made into anything but text.

import { List, PAGE } from "./list.js";
import { Paper } from "./paper.js";
import { Refused, ask, write } from "./server.js";
import { arrow, change, counted, el, grouped, isUndecided, run, state as stateTag, undecided, zone } from "./text.js";

const $ = (id) => document.getElementById(id);
const PLACES = 50;
const SAMPLE = 60;

const page = {
  head: null,
  filter: {},
  view: 0,
  /** groups, places or paper: how deep the reader is. */
  level: "groups",
  /** The group that is shown, and those of its places that are there. */
  card: null,
  places: null,
  at: 0,
  sample: null,
  asked: null,
  note: "",
  ended: false,
};

// What is told to the reader.

let toastTimer;
function tell(text, kind = "") {
  const toast = $("toast");
  toast.replaceChildren(run(text));
  toast.className = kind;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.hidden = true; }, kind === "bad" ? 9000 : 4000);
  $("live").replaceChildren(run(text));
}

function failed(error) {
  if (error instanceof Refused) {
    tell(error.message, "bad");
    if (error.status === 409 || error.status === 404) refresh();
  } else if (!page.ended) {
    notice("emendo does not answer. What was saved is saved; start emendo review --web again, and open its new link.");
  }
}

function notice(text, ...buttons) {
  const box = $("notice");
  box.hidden = text === "";
  box.replaceChildren(run(text), ...buttons);
}

function button(text, then, options = {}) {
  const { key, ...attributes } = options;
  const made = el("button", { type: "button", "aria-keyshortcuts": key === undefined ? false : key.length === 1 && key !== key.toLowerCase() ? `Shift+${key}` : key, ...attributes }, text, key ? " " : null, key ? el("kbd", {}, key) : null);
  made.addEventListener("click", then);
  return made;
}

// How the review stands.

function took(head) {
  const before = page.head;
  page.head = head;
  const { decided, asked } = head;
  $("track-done").style.width = `${asked === 0 ? 100 : (100 * decided) / asked}%`;
  $("track").setAttribute("aria-valuemax", asked);
  $("track").setAttribute("aria-valuenow", decided);
  $("progress").textContent = `${grouped(decided)} of ${grouped(asked)} decided`;
  $("undo").disabled = !head.can_undo;
  $("redo").disabled = !head.can_redo;
  about(head);
  if (before && before.review !== head.review) location.reload();
}

function about(head) {
  const parts = [
    head.who === null ? "Nobody's name is known: start with --by NAME." : `Decides: ${head.who}.`,
    `Decisions go to ${head.file}.`,
    `${counted(head.changes, "change")} in ${counted(head.groups, "group")}, ${counted(head.documents, "document")}.`,
    `${head.rules.split("\n")[0]}.`,
  ];
  if (head.stale > 0) parts.push(`${counted(head.stale, "decision")} stale: what they were about is gone.`);
  if (head.problems > 0) parts.push(`${counted(head.problems, "problem")}: emendo preview names them.`);
  $("about").replaceChildren(...parts.flatMap((part) => [run(part), " "]));
  // What is there already stays: a button in it may have the focus.
  const said = JSON.stringify([head.trouble, head.questions, head.unlooked > 200 ? head.unlooked : 0]);
  if (said === page.noticed) return;
  page.noticed = said;
  if (head.trouble !== null) notice(head.trouble);
  else if (head.questions > 0) {
    const one = head.questions === 1;
    notice(`${counted(head.questions, "new change")} ${one ? "asks" : "ask"}, which ${one ? "depends" : "depend"} on what was accepted. `,
      button("Show them", again), " ");
  } else if (head.unlooked > 200) {
    notice(`Decided in ${counted(head.unlooked, "document")}: what was accepted may have brought up new questions. `, button("Look for them", look), " ");
  } else if (!page.ended) notice("");
}

function again() {
  notice("Cleaning everything again…");
  // Told anew once it is done, or has failed.
  write("again", () => ({ review: page.head.review })).then(() => { page.noticed = null; }, failed);
}

function look() {
  notice("Looking…");
  write("questions", () => ({ review: page.head.review })).then((head) => {
    page.noticed = null;
    took(head);
    if (head.questions === 0) tell("No new questions.");
  }, failed);
}

async function poll() {
  if (page.ended) return;
  try {
    const head = await ask("state");
    const isNew = page.head && head.revision !== page.head.revision;
    took(head);
    if (isNew) await refresh();
  } catch (error) {
    if (!(error instanceof Refused)) failed(error);
  }
  setTimeout(poll, document.hidden ? 5000 : 1000);
}

// Groups.

const list = new List($("list"), $("list-space"), {
  load: loadGroups,
  choose: (index) => {
    chooseGroup(index);
    // There is no room for both.
    if (matchMedia("(max-width: 760px)").matches) level("places");
  },
  open: (index) => { chooseGroup(index).then(() => deeper()); },
});

function selected(more = {}) {
  return { ...page.filter, view: String(page.view), ...more };
}

async function loadGroups(from) {
  const view = page.view;
  const got = await ask("groups", selected({ from, count: PAGE }));
  if (view !== page.view) return;
  list.put(from, got.groups);
  page.total = got.total;
  page.allPlaces = got.places;
  $("count").textContent = got.total === 0 ? "Nothing is left." : `${counted(got.total, "group")}, ${counted(got.places, "place")}`;
  return got.total;
}

/** Makes the list anew, by the filter. */
async function select() {
  page.view = Math.floor(Math.random() * 2 ** 31);
  page.sample = null;
  list.reset(0);
  try {
    const total = await loadGroups(0);
    if (total === undefined) return;
    const first = list.pages.get(0);
    list.reset(total);
    list.put(0, first);
    if (total > 0) await chooseGroup(0);
    else nothing();
    list.redraw();
  } catch (error) {
    failed(error);
  }
}

function nothing() {
  page.card = null;
  page.places = null;
  const all = page.head && page.head.changes === 0;
  $("reading").replaceChildren(el("div", { class: "empty" },
    el("p", {}, all ? "There is nothing to decide." : "Nothing is left of what was asked for."),
    all ? null : el("p", { class: "small" }, "Filters, Show: “also what is decided” brings back what was decided.")));
}

const prefetched = new Map();

function fetchPlaces(id, from) {
  return ask("items", selected({ group: id, from, count: PLACES }));
}

/** Shows a group, at the first of its places that is not decided. */
async function chooseGroup(index, { quiet = false } = {}) {
  if (index < 0 || index >= list.total) return;
  list.move(index);
  page.sample = null;
  cancelAsk();
  const view = page.view;
  const card = await list.want(index);
  if (view !== page.view || list.at !== index || !card) return;
  page.card = card;
  page.places = null;
  page.at = 0;
  drawReading();
  try {
    let got = prefetched.get(card.id);
    prefetched.delete(card.id);
    got ??= await fetchPlaces(card.id, 0);
    if (got.open !== null && got.open >= PLACES) got = await fetchPlaces(card.id, Math.floor(got.open / PLACES) * PLACES);
    if (page.card?.id !== card.id || page.sample) return;
    page.places = got;
    page.at = got.open ?? got.from;
    drawReading();
    if (!quiet) announce();
    prefetch(index + 1);
  } catch (error) {
    failed(error);
  }
}

async function prefetch(index) {
  const card = index < list.total ? await list.want(index) : null;
  if (!card || prefetched.has(card.id)) return;
  if (prefetched.size > 8) prefetched.clear();
  const view = page.view;
  const revision = page.head?.revision;
  const got = await fetchPlaces(card.id, 0);
  if (view === page.view && revision === page.head?.revision) prefetched.set(card.id, got);
}

function announce() {
  const card = page.card;
  if (!card) return;
  const makes = card.makes ? `${card.makes[0] || "nothing"} becomes ${card.makes[1] || "nothing"}` : "varies";
  $("live").replaceChildren(run(makes), `, ${counted(card.count, "place")}, in ${zone(card.zone)}. `, run(card.why));
}

// What others, or we, have decided is asked for again.

let refreshing = null;
let wanted = false;
function refresh() {
  wanted = true;
  refreshing ??= (async () => {
    while (wanted) {
      wanted = false;
      await refreshOnce();
    }
  })().catch(failed).finally(() => { refreshing = null; });
  return refreshing;
}

async function refreshOnce() {
  prefetched.clear();
  const view = page.view;
  const kept = list.inSight();
  await Promise.all(kept.map((from) => loadGroups(from)));
  if (view !== page.view) return;
  list.forgetOthers(kept);
  list.redraw();
  const card = page.card;
  if (!card) return;
  const sample = page.sample;
  const before = page.places;
  saved.clear();
  const got = before?.single ? await ask("item", { id: before.single })
    : sample ? await ask("sample", { group: card.id, size: sample.size, seed: sample.seed })
      : await fetchPlaces(card.id, before?.from ?? 0);
  // Who went on meanwhile sees what is there now: it was asked for later.
  if (view !== page.view || page.card?.id !== card.id || page.sample !== sample || page.places !== before) return;
  page.places = before?.single ? single(got) : { from: 0, ...got };
  page.card = sample ? page.card : got.group;
  keepPending();
  drawReading();
  if (page.level === "paper") await paper.renew();
}

// The chosen group.

function current() {
  return page.places?.items[page.at - page.places.from];
}

function drawReading() {
  const { card } = page;
  if (!card) return;
  const item = current();
  const makes = card.makes ?? item?.makes;
  const box = $("reading");
  const keptNote = document.activeElement?.id === "note";
  box.replaceChildren(
    el("button", { type: "button", class: "quiet up" }, el("span", { "aria-hidden": "true" }, "← "), "Groups"),
    el("p", { class: "kicker" }, el("span", { class: "rule" }, run(card.rule)), ` · in ${zone(card.zone)} · ${counted(card.count, "place")} in ${counted(card.documents, "document")}`),
    el("h2", { class: makes && makes[0].length + makes[1].length > 70 ? "change long" : "change" }, ...(makes ? arrow(makes) : ["…"])),
    el("p", { class: "why" }, run(card.why)),
    actions(),
    ...(page.sample ? [sampleBar()] : []),
    placesBox(),
  );
  box.querySelector(".up").addEventListener("click", () => level("groups"));
  if (keptNote) $("note")?.focus();
  drawPaperBar();
}

/** The chosen change below the document. */
function drawPaperBar() {
  const item = current();
  if (!item) return;
  paper.bar.replaceChildren(
    el("div", { class: "about" }, el("p", { class: "what" }, ...arrow(item.makes), stateTag(pending.has(item.id) ? "saving" : item.state)),
      el("p", { class: "small" }, run(page.card.rule), ": ", run(page.card.why))),
    el("div", { class: "line" },
      button("Accept", () => decideHere("accept"), { key: "a", class: "accept" }), button("Reject", () => decideHere("reject"), { key: "r", class: "reject" }),
      button("Next", () => paper.move(1), { key: "j" })));
}

function actions() {
  const many = page.card.count > 1;
  const note = el("input", { type: "text", id: "note", placeholder: "Note (n), kept with your next decision", "aria-label": "Note, kept with your next decision", autocomplete: "off" });
  note.value = page.note;
  note.addEventListener("input", () => { page.note = note.value; });
  return el("div", { class: "actions" },
    el("div", { class: "line", role: "group", "aria-label": "This place" },
      button("Accept", () => decideHere("accept"), { key: "a", class: "accept" }),
      button("Reject", () => decideHere("reject"), { key: "r", class: "reject" }),
      button("Edit", edit, { key: "e" }),
      button("Skip", skip, { key: "s" })),
    el("div", { class: "line wide", role: "group", "aria-label": "Everywhere" },
      button(many ? `Accept all ${grouped(page.card.count)}` : "Accept everywhere", () => decideWide("accept", "everywhere"), { key: "A" }),
      button(many ? `Reject all ${grouped(page.card.count)}` : "Reject everywhere", () => decideWide("reject", "everywhere"), { key: "R" }),
      page.card.count > 1 ? button("Sample", sample, { key: "S", title: `Judge all by ${SAMPLE} drawn at random` }) : null,
      moreMenu()),
    note,
    el("form", { class: "edit", hidden: true }));
}

function moreMenu() {
  const menu = el("details", { class: "menu" }, el("summary", {}, "More"));
  menu.append(el("div", { class: "menu-box" },
    button("Accept in this document", () => decideWide("accept", "document")),
    button("Reject in this document", () => decideWide("reject", "document")),
    button("Accept all that this rule does", () => decideWide("accept", "rule")),
    button("Reject all that this rule does", () => decideWide("reject", "rule")),
    button("Show the whole document", () => openPaper(), { key: "o" })));
  return menu;
}

function placesBox() {
  const { places } = page;
  const box = el("div", { class: "places" });
  if (!places) {
    box.append(el("p", { class: "small coming" }, " "));
    return box;
  }
  const { from, total, items } = places;
  const title = page.sample ? `Sample of ${grouped(total)}` : total > PLACES ? `Places ${grouped(from + 1)} to ${grouped(from + items.length)} of ${grouped(total)}` : counted(total, "place");
  box.append(el("h3", { class: "small" }, title));
  const listed = el("ol", { class: "items", "aria-label": title });
  items.forEach((item, index) => listed.append(placeRow(item, from + index)));
  box.append(listed);
  if (!page.sample && total > PLACES) {
    box.append(el("div", { class: "line" },
      button("Earlier", () => turn(-1), { disabled: from === 0 }), button("Later", () => turn(1), { disabled: from + items.length >= total })));
  }
  return box;
}

function placeRow(item, index) {
  const name = pending.has(item.id) ? "saving" : item.state;
  const row = el("li", { class: `item ${item.state}`, "data-at": index, "aria-current": index === page.at ? "true" : false });
  const text = el("p", { class: "context" }, edge(item.cut[0]), run(item.left), ...marked(item), run(item.right), edge(item.cut[1]));
  const where = el("p", { class: "where" }, el("button", { type: "button", class: "link", title: "The whole document (o)" }, run(item.source)), `:${item.line}:${item.column} `, stateTag(name));
  where.firstChild.addEventListener("click", (event) => {
    event.stopPropagation();
    moveTo(index);
    openPaper();
  });
  row.append(where, text);
  for (const other of item.others) row.append(el("p", { class: "other" }, "and ", run(other.rule), ": ", ...arrow(other.makes)));
  row.addEventListener("click", () => moveTo(index));
  return row;
}

function edge(isCut) {
  return isCut ? el("span", { class: "edge" }, "…") : "";
}

function marked(item) {
  if (item.state === "rejected") return [el("span", { class: "stays" }, run(item.makes[0]))];
  return change(item.makes, isUndecided(item.state) && item.pending ? "asked" : "");
}

function moveTo(index) {
  page.at = index;
  for (const row of document.querySelectorAll(".items > li")) {
    const is = Number(row.dataset.at) === index;
    if (is) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    if (is) row.scrollIntoView({ block: "nearest" });
  }
  if (!page.card.makes) drawHeading();
  drawPaperBar();
  if (page.level === "places") {
    const item = current();
    if (item) $("live").replaceChildren(run(`${item.left}${item.makes[0]}${item.right}`), `, ${item.state}`);
  }
}

function drawHeading() {
  const item = current();
  if (item) document.querySelector("#reading .change")?.replaceChildren(...arrow(item.makes));
}

async function turn(way) {
  const { from, total } = page.places;
  const next = from + way * PLACES;
  if (next < 0 || next >= total) return false;
  const card = page.card;
  const got = await fetchPlaces(card.id, next);
  if (page.card !== card) return false;
  page.places = got;
  page.at = way < 0 ? got.from + got.items.length - 1 : got.from;
  drawReading();
  moveTo(page.at);
  return true;
}

// Deciding.

/** What was decided and is not on the disk yet, by item. */
const pending = new Map();
/** What was saved since the page last asked what there is: an answer may come from before that. */
const saved = new Map();

function keepPending() {
  for (const item of page.places?.items ?? []) {
    const state = pending.get(item.id) ?? saved.get(item.id);
    if (state !== undefined) Object.assign(item, { state, judged: true });
  }
}

function restated(item, name) {
  const { states } = page.card;
  if (states[item.state] > 0) states[item.state] -= 1;
  states[name] = (states[name] ?? 0) + 1;
  item.state = name;
}

const BECOMES = { accept: "accepted", reject: "rejected", replace: "replaced" };

function decideHere(verdict, replacement) {
  cancelAsk();
  const item = current();
  // What is decided is what is seen: in a document the chosen change may not be there yet.
  if (!item || pending.has(item.id) || (page.level === "paper" && paper.item !== item.id)) return;
  const note = page.note;
  page.note = "";
  pending.set(item.id, BECOMES[verdict]);
  restated(item, BECOMES[verdict]);
  item.judged = true;
  if (replacement !== undefined) item.makes = [item.makes[0], replacement];
  write("decide", () => ({ review: page.head.review, stamp: item.stamp, id: item.id, scope: "here", verdict, with: replacement ?? null, note: note || null }))
    .then(({ head, said }) => {
      took(head);
      saved.set(item.id, BECOMES[verdict]);
      $("live").replaceChildren(run(`Saved: ${said}`));
    }, failed)
    .finally(() => {
      pending.delete(item.id);
      refresh();
    });
  advance();
}

/** On to what is not decided yet: in this group, else in the next. */
function advance() {
  if (page.level === "paper") {
    drawReading();
    if (!paper.next()) tell("That was the last change of these lines.");
    return;
  }
  const { places } = page;
  const isLeft = (item) => (page.sample ? !item.judged : isUndecided(item.state));
  const rest = places.items.findIndex((item, index) => places.from + index > page.at && isLeft(item));
  const next = rest >= 0 ? rest : places.items.findIndex(isLeft);
  if (next >= 0) {
    page.at = places.from + next;
    drawReading();
    moveTo(page.at);
    list.redraw();
  } else if (page.sample) {
    drawReading();
    tell("All places of the sample are read.");
  } else if (places.from + places.items.length < places.total && undecided(page.card.states) > 0) {
    drawReading();
    turn(1).catch(failed);
  } else {
    drawReading();
    nextGroup();
  }
}

/** On to the next group in which something is undecided. */
async function nextGroup() {
  list.redraw();
  for (let index = list.at + 1; index < list.total; index++) {
    const card = await list.want(index);
    if (card && undecided(card.states) > 0) {
      if (page.level === "places") level("groups");
      await chooseGroup(index);
      return;
    }
  }
  tell(list.total > 0 ? "That was the last of this list." : "Nothing is left.");
}

function skip() {
  cancelAsk();
  if (page.level === "paper") return paper.move(1);
  const { places } = page;
  if (!places) return;
  const next = places.items.findIndex((item, index) => places.from + index > page.at && isUndecided(item.state));
  if (next >= 0 && (page.level === "places" || page.sample)) moveTo(places.from + next);
  else if (!page.sample) nextGroup();
}

/** Says how far a decision would reach, and takes it at the second press. */
async function decideWide(verdict, scope, replacement) {
  document.querySelector("details.menu[open]")?.removeAttribute("open");
  const item = current();
  const id = scope === "everywhere" ? page.card?.id : item?.id ?? page.card?.id;
  if (!id) return;
  const key = `${verdict} ${scope} ${id} ${replacement ?? ""}`;
  if (page.asked?.key === key) return confirmed();
  cancelAsk();
  const sample = page.sample && scope === "everywhere" && verdict === "accept" && isSampleRead() ? { size: page.sample.size, seed: page.sample.seed } : null;
  try {
    const { card } = page;
    const reach = await ask("reach", { id, scope, ...(sample ?? {}) });
    if (page.card?.id !== card.id) return;
    page.asked = { key, verdict, scope, id, replacement, stamp: reach.stamp, sample };
    const verb = { accept: "Accept", reject: "Reject", replace: "Replace" }[verdict];
    $("ask-what").replaceChildren(el("strong", {}, `${verb} `), run(reach.what), ...(replacement === undefined ? [] : [" with ", run(replacement === "" ? "∅" : replacement)]), "?");
    $("ask-reach").replaceChildren(run(reach.reach), reach.checked ? run(`. ${reach.checked}`) : "", ".");
    const press = scope === "everywhere" && verdict !== "replace" ? { accept: "A", reject: "R" }[verdict] : "Enter";
    $("ask-yes").replaceChildren(`${verb} ${counted(reach.places, "place")} `, el("kbd", {}, press));
    $("ask").hidden = false;
    $("live").replaceChildren(run(`${verb} ${reach.what}: ${reach.reach}. Press again to confirm, Escape to cancel.`));
    if (press === "Enter") $("ask-yes").focus();
  } catch (error) {
    failed(error);
  }
}

function cancelAsk() {
  page.asked = null;
  $("ask").hidden = true;
}

function confirmed() {
  const { verdict, scope, id, replacement, stamp, sample } = page.asked;
  cancelAsk();
  const note = page.note;
  page.note = "";
  const touched = page.places?.items ?? [];
  if (scope === "everywhere" && page.card) {
    for (const item of touched) if (isUndecided(item.state)) restated(item, BECOMES[verdict]);
    page.card.states = { [BECOMES[verdict]]: page.card.count };
    page.sample = null;
  }
  write("decide", () => ({ review: page.head.review, stamp, id, scope, verdict, with: replacement ?? null, note: note || null, sample }))
    .then(({ head, said }) => {
      took(head);
      tell(`Saved: ${said}`);
    }, failed)
    .finally(refresh);
  if (scope === "everywhere" && page.level !== "paper") nextGroup();
  else if (page.level !== "paper") drawReading();
}

function step(path) {
  cancelAsk();
  if (!page.head?.[path === "undo" ? "can_undo" : "can_redo"]) {
    tell(path === "undo" ? "There is nothing to take back." : "There is nothing to do again.");
    return;
  }
  write(path, () => ({ review: page.head.review, revision: page.head.revision })).then(({ head, said }) => {
    took(head);
    tell(said[0].toUpperCase() + said.slice(1));
  }, failed).finally(refresh);
}

function edit() {
  cancelAsk();
  const item = current();
  const form = document.querySelector("#reading .edit");
  if (!item || !form) return;
  if (page.level !== "places") level("places");
  const text = el("input", { type: "text", class: "with", "aria-label": "What is to stand there", autocomplete: "off", spellcheck: "true" });
  text.value = item.edit;
  const scope = el("select", { "aria-label": "How far" }, el("option", { value: "here" }, "here"), el("option", { value: "document" }, "in this document"), el("option", { value: "everywhere" }, "everywhere"));
  form.replaceChildren(el("span", { class: "small" }, "instead of ", run(item.makes[0] === "" ? "∅" : item.makes[0])), text, scope,
    el("button", { class: "strong" }, "Put it there ", el("kbd", {}, "Enter")), button("Cancel", () => { form.hidden = true; }, { key: "Esc" }));
  form.hidden = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    form.hidden = true;
    form.contains(document.activeElement) && document.activeElement.blur();
    if (scope.value === "here") decideHere("replace", text.value);
    else decideWide("replace", scope.value, text.value);
  };
  text.focus();
  text.select();
}

// A sample.

async function sample() {
  if (!page.card || page.card.count < 2) return;
  cancelAsk();
  const drawn = { size: SAMPLE, seed: Math.floor(Math.random() * 2 ** 31) };
  try {
    const got = await ask("sample", { group: page.card.id, ...drawn });
    page.sample = { ...drawn, all: got.all };
    page.places = { from: 0, ...got };
    page.at = Math.max(0, got.items.findIndex((item) => !item.judged));
    level("places");
    drawReading();
    tell(`${counted(got.total, "place")} drawn at random: accept what is right, reject what is wrong.`);
  } catch (error) {
    failed(error);
  }
}

// What was decided for many at once does not tell that this place was read.
const isSampleRead = () => page.places?.items.every((item) => item.judged) ?? false;

function sampleBar() {
  const items = page.places?.items ?? [];
  const read = items.filter((item) => item.judged);
  const right = read.filter((item) => item.state === "accepted").length;
  const bar = el("div", { class: "sample", role: "status" },
    el("p", {}, `Sample: ${read.length} of ${items.length} read, ${right} right.`));
  if (isSampleRead()) bar.append(button("Accept the rest by this sample", () => decideWide("accept", "everywhere"), { key: "A", class: "accept" }));
  bar.append(button("Leave the sample", () => leaveSample(), { class: "quiet" }));
  return bar;
}

function leaveSample() {
  page.sample = null;
  level("groups");
  chooseGroup(list.at);
}

// Levels.

const paper = new Paper($("paper"), {
  back: () => level("places"),
  chosen: (id) => {
    const index = page.places?.items.findIndex((item) => item.id === id) ?? -1;
    if (index >= 0) moveTo(page.places.from + index);
    else choosePlace(id);
  },
});

/** One place alone, of a group that the list may not even have. */
const single = ({ item }) => ({ from: 0, total: 1, open: null, items: [item], single: item.id });

/** A change of another group, chosen in the document: the group comes along. */
async function choosePlace(id) {
  try {
    const got = await ask("item", { id });
    if (paper.item !== id) return;
    page.card = got.group;
    page.sample = null;
    page.places = single(got);
    page.at = 0;
    drawReading();
  } catch (error) {
    failed(error);
  }
}

function level(to) {
  cancelAsk();
  page.level = to;
  document.body.dataset.level = to;
  $("paper").hidden = to !== "paper";
  if (to === "paper") $("paper").focus({ preventScroll: true });
  else if (to === "groups") $("list").focus({ preventScroll: true });
  else $("reading").focus({ preventScroll: true });
}

async function openPaper() {
  const item = current();
  if (!item) return;
  document.querySelector("details.menu[open]")?.removeAttribute("open");
  const from = page.level;
  try {
    await paper.open(item.document, item.id);
    // Who went elsewhere meanwhile stays there.
    if (page.level !== from || current()?.id !== item.id) return;
    level("paper");
    document.querySelector("#paper .chosen")?.scrollIntoView({ block: "center" });
  } catch (error) {
    failed(error);
  }
}

function deeper() {
  if (page.level === "groups") level("places");
  else if (page.level === "places") openPaper();
  if (page.places) moveTo(page.at);
}

function up() {
  const form = document.querySelector("#reading .edit");
  if (page.asked) return cancelAsk();
  if (form && !form.hidden) {
    form.hidden = true;
    return;
  }
  if (page.sample && page.level !== "paper") return leaveSample();
  if (page.level === "paper") return level("places");
  level("groups");
  // The list has another group than the document had.
  if (page.places?.single) chooseGroup(list.at);
}

function move(step) {
  cancelAsk();
  if (page.level === "groups") return void chooseGroup(list.at + step);
  if (page.level === "paper") return paper.move(step);
  const { places } = page;
  if (!places) return;
  const next = page.at + step;
  if (next >= places.from && next < places.from + places.items.length) moveTo(next);
  else if (!page.sample) turn(step).catch(failed);
}

// Keys.

const LOOKS = ["marked", "after", "before"];

function look_() {
  const next = LOOKS[(LOOKS.indexOf(document.body.dataset.look) + 1) % LOOKS.length];
  document.body.dataset.look = next;
  $("look").textContent = next[0].toUpperCase() + next.slice(1);
  $("live").textContent = `Texts are shown ${next === "marked" ? "with their changes marked" : next === "after" ? "as they would be" : "as they were"}`;
}

const KEYS = {
  a: () => decideHere("accept"),
  r: () => decideHere("reject"),
  A: () => decideWide("accept", "everywhere"),
  R: () => decideWide("reject", "everywhere"),
  e: edit,
  s: skip,
  S: sample,
  u: () => step("undo"),
  U: () => step("redo"),
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  PageDown: () => page.level === "groups" && chooseGroup(Math.min(list.total - 1, list.at + 10)),
  PageUp: () => page.level === "groups" && chooseGroup(Math.max(0, list.at - 10)),
  Home: () => page.level === "groups" && chooseGroup(0),
  End: () => page.level === "groups" && chooseGroup(list.total - 1),
  l: deeper,
  h: up,
  ArrowRight: deeper,
  ArrowLeft: up,
  Enter: deeper,
  o: deeper,
  Escape: up,
  t: look_,
  n: () => $("note")?.focus(),
  "/": () => { level("groups"); $("f-text").focus(); $("f-text").select(); },
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const target = event.target;
  const types = target.matches?.("input, select, textarea");
  if (event.key === "Escape" && types) {
    target.blur();
    const form = target.closest(".edit");
    if (form) form.hidden = true;
    level(page.level);
    event.preventDefault();
    return;
  }
  if (types) {
    if (event.key === "Enter" && (target.id === "note" || target.id === "f-text")) {
      target.blur();
      level(page.level);
      event.preventDefault();
    }
    return;
  }
  // A button that has the focus is pressed, nothing else.
  if ((event.key === "Enter" || event.key === " ") && target.matches?.("button, summary, a")) return;
  const action = KEYS[event.key];
  if (!action || page.ended) return;
  // A key that is held down moves, and decides nothing.
  if (event.repeat && /^[aArReuUsS]$/u.test(event.key)) return;
  event.preventDefault();
  action();
});

// The frame.

function wire() {
  $("undo").addEventListener("click", () => step("undo"));
  $("redo").addEventListener("click", () => step("redo"));
  $("look").addEventListener("click", look_);
  $("refresh").addEventListener("click", select);
  $("help-open").addEventListener("click", () => $("help").showModal());
  $("ask-yes").addEventListener("click", () => page.asked && confirmed());
  $("ask-no").addEventListener("click", cancelAsk);
  $("theme").addEventListener("click", theme);
  $("finish").addEventListener("click", finish);
  $("end-no").addEventListener("click", () => $("end").close());
  $("end-yes").addEventListener("click", end);
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  $("f-more").addEventListener("click", () => {
    const panel = $("f-panel");
    panel.hidden = !panel.hidden;
    $("f-more").setAttribute("aria-expanded", String(!panel.hidden));
  });
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(filtered, 200);
  };
  $("f-text").addEventListener("input", soon);
  $("f-doc").addEventListener("input", soon);
  for (const id of ["f-rule", "f-zone", "f-show", "f-order"]) $(id).addEventListener("change", filtered);
  document.addEventListener("click", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });
}

function filtered() {
  const show = $("f-show").value;
  page.filter = {
    text: $("f-text").value, rule: $("f-rule").value, zone: $("f-zone").value, doc: $("f-doc").value, order: $("f-order").value,
    pending: show === "pending", decided: show === "all", disputed: show === "disputed",
  };
  const used = ["rule", "zone", "doc"].filter((name) => page.filter[name] !== "").length + (show === "open" ? 0 : 1);
  $("f-more").textContent = used === 0 ? "Filters" : `Filters (${used})`;
  return select();
}

function theme() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (isDark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("emendo-theme", next);
  } catch { /* then it is forgotten */ }
}

function finish() {
  const { decided, asked, saved, file } = page.head;
  const left = asked - decided;
  $("end-text").replaceChildren(
    `${counted(saved, "decision")} saved in this session. ${left === 0 ? "Nothing is left to decide." : `${counted(left, "question")} left, for another time.`} All is in `,
    run(file), ".");
  $("end").showModal();
}

function end() {
  $("end").close();
  write("finish", () => ({ review: page.head.review })).then(() => {
    page.ended = true;
    document.body.dataset.level = "ended";
    notice("The page is closed. What was decided is saved; emendo clean obeys it from now on. This window can be closed.");
  }, failed);
}

/** An option whose value is what emendo wants and whose text is what is shown. */
function option(value, text) {
  return el("option", { value }, text);
}

async function begin() {
  wire();
  try {
    const kept = localStorage.getItem("emendo-theme");
    if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  } catch { /* then it is as the system has it */ }
  try {
    const [head, { facets, first }] = await Promise.all([ask("state"), ask("facets")]);
    took(head);
    for (const [pass, count] of Object.entries(facets.passes)) {
      $("f-rule").append(option(pass, `${pass} (${grouped(count)})`));
      for (const [rule, of] of facets.rules) if (rule.startsWith(`${pass}/`)) $("f-rule").append(option(rule, `\u00a0\u00a0${rule.slice(pass.length + 1)} (${grouped(of)})`));
    }
    for (const [name, count] of Object.entries(facets.zones)) $("f-zone").append(option(name, `${zone(name)} (${grouped(count)})`));
    for (const name of ["rule", "zone"]) {
      const box = $(`f-${name}`);
      if (first[name] && ![...box.options].some((known) => known.value === first[name])) box.append(option(first[name], first[name]));
      box.value = first[name] ?? "";
    }
    $("f-text").value = first.text ?? "";
    $("f-doc").value = first.doc ?? "";
    $("f-order").value = first.order;
    $("f-show").value = first.disputed ? "disputed" : first.decided ? "all" : first.pending ? "pending" : "open";
    await filtered();
    level("groups");
  } catch (error) {
    failed(error);
  }
  document.body.dataset.ready = "true";
  poll();
}

begin();
