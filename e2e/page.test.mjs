// The review page in a real browser: node page.test.mjs EMENDO

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, emendo, open } from "./browser.mjs";

const binary = process.argv[2];
const only = process.argv[3] ?? "";
const chromium = await browser();

/** A corpus, emendo on it, and pages that open it. */
async function stage(files) {
  const disk = mkdtempSync(join(tmpdir(), "emendo-e2e-"));
  mkdirSync(join(disk, "in"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(disk, "in", name), text);
  const decisions = join(disk, "decisions.jsonl");
  const running = await emendo(binary, ["in", "--decisions", "decisions.jsonl", "--isolated", "--by", "A. Reader"], disk);
  const context = await chromium.newContext({ viewport: { width: 1280, height: 800 } });
  const first = await open(context, running.link);
  const pages = [first];
  return {
    ...first,
    running,
    context,
    async another() {
      const other = await open(context, `${running.origin}/`);
      pages.push(other);
      return other.page;
    },
    // Without what stands behind the last line end: that line is being written.
    decided: () => existsSync(decisions) ? readFileSync(decisions, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line)) : [],
    append: (line) => appendFileSync(decisions, `${JSON.stringify(line)}\n`),
    cleaned() {
      const run = spawnSync(binary, ["clean", "in", "--decisions", "decisions.jsonl", "--isolated", "-o", "out"], { cwd: disk, encoding: "utf8" });
      assert.equal(run.status, 0, run.stderr);
      return (name) => readFileSync(join(disk, "out", name), "utf8");
    },
    async end() {
      for (const { requests, errors } of pages) {
        assert.deepEqual(requests.filter((url) => !url.startsWith(`${running.origin}/`)), [], "nothing is asked of anybody else");
        assert.deepEqual(errors, []);
      }
      await context.close();
      running.child.kill("SIGINT");
      assert.equal(await running.ended, 130);
      rmSync(disk, { recursive: true });
    },
  };
}

const NEWS = {
  "a.txt": "Isrfael said -- twice -- that Isrfael would.\nBill Burns came.\n",
  "b.txt": "The Isrfael of old. Nothing else -- or little.\n",
};

const until = async (check, what) => {
  const start = Date.now();
  for (;;) {
    const got = await check();
    if (got) return got;
    assert.ok(Date.now() - start < 20_000, `${what}: never`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};
const progress = (page) => page.textContent("#progress");
/** Chooses the group whose row holds this text. */
const choose = async (page, text) => {
  await page.click(`.group:has-text("${text}")`);
  await page.waitForSelector(`.group[aria-selected="true"]:has-text("${text}")`);
  await page.waitForSelector("#reading .items > li");
};

const tests = {
  async "accept, reject, replace, undo, redo"() {
    const { page, decided, cleaned, end } = await stage(NEWS);
    await choose(page, "--");
    const places = await page.locator("#reading .items > li").count();
    assert.equal(places, 3);
    await page.keyboard.press("a");
    await until(() => decided().length === 1, "the first decision is saved");
    await page.keyboard.press("r");
    await until(() => decided().length === 2, "the second");
    assert.deepEqual(decided().map(({ decision, scope, who }) => [decision, scope, who]), [["accept", "here", "A. Reader"], ["reject", "here", "A. Reader"]]);
    await page.waitForSelector('#reading .items > li:nth-child(2) .state.rejected');

    await choose(page, "Isrfael");
    await page.keyboard.press("n");
    await page.keyboard.type("as they spell it");
    await page.keyboard.press("Enter");
    await page.keyboard.press("e");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("the State of⟦U+00A0⟧Israel");
    await page.keyboard.press("Enter");
    await until(() => decided().length === 3, "the replacement");
    const { with: text, note } = decided()[2];
    assert.deepEqual([text, note], ["the State of\u00a0Israel", "as they spell it"]);

    await until(async () => await page.isEnabled("#undo"), "undo");
    await page.keyboard.press("u");
    await until(() => decided().length === 4 && decided()[3].decision === "withdraw", "it is taken back");
    await page.waitForSelector("#redo:enabled");
    await page.keyboard.press("U");
    await until(() => decided().length === 5 && decided()[4].decision === "replace", "it is done again");
    const read = cleaned();
    assert.equal(read("a.txt"), "the State of\u00a0Israel said – twice -- that Israel would.\nBill Burns came.\n");
    await end();
  },

  async "everywhere is said before it is done, and Escape never decides"() {
    const { page, decided, cleaned, end } = await stage(NEWS);
    await choose(page, "--");
    await page.keyboard.press("A");
    await page.waitForSelector("#ask:not([hidden])");
    assert.match(await page.textContent("#ask-reach"), /^3 places now, and later ones/);
    await page.keyboard.press("Escape");
    assert.ok(await page.isHidden("#ask"));
    for (const key of ["Enter", "Enter", "Escape", "Escape", "Escape", "t", "t", "t", "s", "?"]) await page.keyboard.press(key);
    assert.ok(await page.isVisible("#help"));
    // Behind a dialog no key decides.
    await page.keyboard.press("a");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
    assert.deepEqual(decided(), []);
    await choose(page, "--");
    await page.keyboard.press("R");
    await page.waitForSelector("#ask:not([hidden])");
    // Another key than the one that was asked for again asks anew.
    await page.keyboard.press("A");
    await until(async () => (await page.textContent("#ask-what")).startsWith("Accept"), "it asks anew");
    assert.deepEqual(decided(), []);
    await page.keyboard.press("A");
    await until(() => decided().length === 1, "the decision is saved");
    assert.deepEqual([decided()[0].decision, decided()[0].scope, decided()[0].zones], ["accept", "everywhere", ["none"]]);
    assert.equal(cleaned()("b.txt"), "The Israel of old. Nothing else – or little.\n");
    await end();
  },

  async "filter, and load again"() {
    const { page, decided, end } = await stage(NEWS);
    const all = await page.locator(".group").count();
    assert.ok(all >= 2);
    await page.keyboard.press("/");
    await page.keyboard.type("little");
    await until(async () => (await page.textContent("#count")) === "2 groups, 2 places", "the filter works");
    await until(async () => (await page.textContent("#reading .context")).includes("little"), "the place is shown");
    // What is typed into a field is text, and decides nothing.
    await page.keyboard.type("aArR");
    await until(async () => (await page.textContent("#count")) === "Nothing is left.", "nothing holds that");
    assert.deepEqual(decided(), []);
    await page.fill("#f-text", "");
    await until(async () => await page.locator(".group").count() === all, "all are back");
    await page.keyboard.press("Escape");
    await page.click("#f-more");
    await page.selectOption("#f-rule", "dashes/double-hyphen");
    await until(async () => (await page.textContent("#count")) === "1 group, 3 places", "one rule");
    await page.waitForSelector("#reading .items > li");
    await page.keyboard.press("Escape");
    await page.locator("#list").focus();
    await page.keyboard.press("a");
    await until(() => decided().length === 1, "the decision is saved");
    await page.reload();
    await page.waitForSelector("body[data-ready]");
    await page.click("#f-more");
    await page.selectOption("#f-rule", "dashes/double-hyphen");
    await until(async () => (await page.textContent("#count")) === "1 group, 2 places", "the decided one is gone");
    await page.selectOption("#f-show", "all");
    await until(async () => (await page.textContent("#count")) === "1 group, 3 places", "and can be had");
    await end();
  },

  async "two pages and another program stay in step"() {
    const { page, decided, append, another, end } = await stage(NEWS);
    const other = await another();
    await choose(page, "--");
    await choose(other, "--");
    const before = await progress(other);
    await page.keyboard.press("a");
    await other.waitForSelector('#reading .items > li:nth-child(1) .state.accepted');
    assert.notEqual(await progress(other), before);
    append({ ...decided()[0], decision: "reject", who: "B. Reader" });
    await page.waitForSelector('#reading .items > li:nth-child(1) .state.disputed');
    await other.waitForSelector('#reading .items > li:nth-child(1) .state.disputed');
    await end();
  },

  async "a document side by side, in which changes are chosen and decided"() {
    const { page, decided, end } = await stage(NEWS);
    await choose(page, "--");
    await page.keyboard.press("Enter");
    await page.keyboard.press("o");
    await page.waitForSelector("#paper .chosen");
    assert.equal(await page.textContent("#paper .pair:nth-child(2) .left"), "Isrfael said -- twice -- that Isrfael would.");
    assert.match(await page.textContent("#paper .pair:nth-child(2) .right"), /^Israel said -- → –\? twice/);
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await until(() => decided().length === 1, "the decision is saved");
    assert.ok(decided()[0].span[0] > 16, "it is the second dash");
    await page.waitForSelector("#paper mark.left");
    // On through the document, from group to group; what is chosen is what is decided.
    for (const [at, what] of [[2, "Isrfael"], [3, "Bill"]]) {
      await until(async () => (await page.textContent(".paper-bar .what")).includes(what), `on to ${what}`);
      await page.keyboard.press("a");
      await until(() => decided().length === at, `${what} is saved`);
      assert.deepEqual([decided()[at - 1].before, decided()[at - 1].decision], [what, "accept"]);
    }
    await page.keyboard.press("Escape");
    await page.waitForSelector("#paper", { state: "hidden" });
    await end();
  },

  async "blanks are seen"() {
    const { page, end } = await stage({ "a.txt": "Wide  said   so -- twice.\nNarrow said so -- twice.\n" });
    await choose(page, "--");
    const shown = await page.locator("#reading .context").evaluateAll((all) => all.map((context) => context.innerText));
    assert.ok(shown[0].includes("Wide  said   so ") && shown[1].includes("Narrow said so "), shown.join("|"));
    const width = (text) => page.evaluate((text) => {
      const walker = document.createTreeWalker(document.querySelector("#reading .items"), NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(text);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        return range.getBoundingClientRect().width;
      }
      return null;
    }, text);
    assert.ok(await width("said   so") > await width("said so") + 5, "three blanks are wider than one");
    await end();
  },

  async "a group is judged by a sample"() {
    const lines = Array.from({ length: 80 }, (_, at) => `It went on -- as ever, in line ${at + 1}.`).join("\n");
    const { page, decided, cleaned, end } = await stage({ "a.txt": `${lines}\n` });
    await choose(page, "--");
    await page.keyboard.press("S");
    await page.waitForSelector(".sample");
    for (let at = 0; at < 60; at++) {
      await page.keyboard.press(at === 7 ? "r" : "a");
      await until(async () => (await page.textContent(".sample")).includes(`${at + 1} of 60 read`), `place ${at + 1}`);
    }
    await until(() => decided().length === 60, "all are saved");
    await page.keyboard.press("A");
    await page.waitForSelector("#ask:not([hidden])");
    assert.match(await page.textContent("#ask-reach"), /20 places now, and later ones; 60 stay as a narrower decision has them.*59 of 60 right: error below 7\.\d % at 95 %/);
    await page.keyboard.press("A");
    await until(() => decided().length === 61, "the rest is saved");
    assert.match(decided()[60].note, /^59 of 60 right: error below 7\.\d % at 95 %; drawn at random, seed \d+$/);
    const left = cleaned()("a.txt").split("--").length - 1;
    assert.equal(left, 1, "what was rejected stays");
    await end();
  },

  async "an answer from before a decision was saved does not take it back"() {
    const lines = Array.from({ length: 80 }, (_, at) => `It went on -- as ever, in line ${at + 1}.`).join("\n");
    const { page, decided, end } = await stage({ "a.txt": `${lines}\n` });
    await choose(page, "--");
    await page.keyboard.press("S");
    await page.waitForSelector(".sample");
    // The answer to the first question is kept back until a second decision is saved; later questions get none.
    let asked = 0;
    let release;
    const saved = new Promise((resolve) => { release = resolve; });
    await page.route("**/api/sample**", async (route) => {
      asked += 1;
      if (asked > 1) return;
      const response = await route.fetch();
      await saved;
      await route.fulfill({ response });
    });
    await page.keyboard.press("a");
    await until(() => asked === 1, "the page asks what there is now");
    await page.keyboard.press("a");
    await until(() => decided().length === 2, "both are saved");
    await page.waitForFunction(() => document.querySelector("#live").textContent.startsWith("Saved"));
    release();
    await until(() => asked === 2, "the late answer was taken in");
    assert.match(await page.textContent(".sample"), /2 of 60 read/);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await end();
  },

  async "hostile text stays text"() {
    const line = "<script>window.probe=1</script><img src=//evil.invalid/x onerror=window.probe=1>";
    const hostile = [
      `${line} Isrfael </textarea></title></script><!-- <svg onload=window.probe=1> &lt;b&gt; <a href="javascript:window.probe=1">x</a>`,
      "\u202eIsrfael\u202c \u2066Isrfael\u2069 \u001b]0;title\u0007 \u001b[31m Isrfael \u009b31m \u0001",
      "{{7*7}} ${7*7} <%= 7 %> Isrfael \u2028 \u2029 -- twice -- ]]> \ufeff",
      `Isrfael ${"\u0301".repeat(50)} a\u200bb Isrfael\u200d`,
    ].join("\n");
    const { page, another, end } = await stage({
      "<img src=x onerror=window.probe=1>.txt": hostile, "b.txt": `${hostile}\n`, "long.txt": `${"x".repeat(1 << 20)} Isrfael ${"<b>y</b> ".repeat(1 << 12)}\n`,
    });
    const groups = await page.locator(".group").count();
    assert.ok(groups > 4, `${groups} groups`);
    for (let at = 0; at < groups; at++) {
      await page.waitForSelector("#reading .items > li");
      await page.keyboard.press("j");
    }
    await choose(page, "Isrfael");
    const items = await page.locator("#reading .items > li").count();
    for (let at = 0; at < items; at++) {
      await page.locator("#reading .items > li .where button").nth(at).click();
      await page.waitForSelector("#paper .chosen");
      await page.keyboard.press("Escape");
    }
    assert.equal(await page.evaluate(() => window.probe), undefined);
    assert.equal(await page.title(), "emendo review");
    const made = await page.evaluate(() => document.querySelectorAll("img, iframe, object, embed, svg, textarea, body script, body a").length);
    assert.equal(made, 0);
    // What cannot be seen is named, and nothing of it is raw.
    await page.fill("#f-text", "⟦U+202E⟧");
    await until(async () => (await page.textContent("#reading")).includes("U+202E RIGHT-TO-LEFT OVERRIDE"), "it is named");
    const raw = await page.evaluate(() => /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.exec(document.body.innerText)?.[0]);
    assert.equal(raw, undefined);
    const alone = await page.evaluate(() => [...document.querySelectorAll("#reading .context")].every((context) => [...context.childNodes].every((node) => node.nodeType === Node.ELEMENT_NODE || node.data === "")));
    assert.ok(alone, "each text is isolated");
    await another();
    await end();
  },

  async "narrow, dark, and by touch"() {
    const { page, decided, end } = await stage(NEWS);
    await page.setViewportSize({ width: 400, height: 700 });
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    const fits = async (where) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 400), where);
    await fits("groups");
    await page.click('.group:has-text("--")');
    await page.waitForSelector("#reading .items > li");
    await fits("places");
    await page.click("#reading .accept");
    await until(() => decided().length === 1, "the decision is saved");
    await page.locator("#reading .where button").first().click();
    await page.waitForSelector("#paper .chosen");
    await fits("document");
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.click("#theme");
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), dark);
    await end();
  },

  async "another site can do nothing"() {
    const { page, running, context, decided, end } = await stage(NEWS);
    const key = await page.getAttribute('meta[name="emendo-key"]', "content");
    assert.ok(await page.evaluate(() => document.cookie === ""), "the cookie is not for scripts");
    assert.ok(!page.url().includes("open"), "the address holds no secret");
    const site = (await import("node:http")).createServer((_, response) => response.end("<!doctype html><title>site</title>")).listen(0, "127.0.0.1");
    await new Promise((resolve) => site.once("listening", resolve));
    const foreign = await context.newPage();
    await foreign.goto(`http://127.0.0.1:${site.address().port}/`);
    const got = await foreign.evaluate(async ([origin, key]) => {
      const tries = {};
      const attempt = async (name, options) => {
        try {
          const response = await fetch(`${origin}/api/${name.split(" ")[0]}`, options);
          tries[name] = response.type === "opaque" ? "opaque" : response.status;
        } catch {
          tries[name] = "failed";
        }
      };
      await attempt("state", { credentials: "include" });
      await attempt("finish text", { method: "POST", body: '{"review":1}', credentials: "include", mode: "no-cors" });
      await attempt("finish json", { method: "POST", body: '{"review":1}', credentials: "include", headers: { "content-type": "application/json", "x-emendo-key": key } });
      await new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = resolve;
        frame.src = `${origin}/`;
        document.body.append(frame);
      });
      await new Promise((resolve) => {
        const script = document.createElement("script");
        script.onload = () => { tries.script = "ran"; resolve(); };
        script.onerror = () => { tries.script = "failed"; resolve(); };
        script.src = `${origin}/assets/page.js`;
        document.body.append(script);
      });
      tries.framed = document.querySelector("iframe").contentDocument !== null;
      return tries;
    }, [running.origin, key]);
    assert.deepEqual(got, { state: "failed", "finish text": "failed", "finish json": "failed", script: "failed", framed: false });
    await foreign.close();
    site.close();
    assert.equal((await page.request.get(`${running.origin}/api/state`)).status(), 200, "it is still there");
    assert.deepEqual(decided(), []);
    await end();
  },

  async "finish"() {
    const { page, running, context } = await stage(NEWS);
    await page.click("#finish");
    await page.click("#end-yes");
    await page.waitForSelector('body[data-level="ended"]');
    assert.match(await page.textContent("#notice"), /The page is closed/);
    assert.equal(await running.ended, 0);
    await context.close();
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  if (!name.includes(only)) continue;
  try {
    await test();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
await chromium.close();
process.exit(failed === 0 ? 0 : 1);
