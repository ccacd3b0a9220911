// How quick the page is with many groups: node measure.mjs EMENDO PATH [OPTION…]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, emendo } from "./browser.mjs";

const [binary, ...args] = process.argv.slice(2);
const disk = mkdtempSync(join(tmpdir(), "emendo-measure-"));
const began = performance.now();
const { link, child, ended } = await emendo(binary, [...args, "--decisions", join(disk, "decisions.jsonl")], ".");
console.log(`cleaned and laid out in ${((performance.now() - began) / 1000).toFixed(1)} s`);
const chromium = await browser();
const page = await (await chromium.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
const asked = performance.now();
await page.goto(link);
await page.waitForSelector("#reading .items > li");
console.log(`${await page.textContent("#count")}: the first place is there after ${Math.round(performance.now() - asked)} ms`);

/** From the press of a key to the frame in which the page looks otherwise, in the page's own time. */
async function effect(key, times) {
  const all = [];
  for (let at = 0; at < times; at++) {
    await page.evaluate(() => {
      window.took = new Promise((resolve) => {
        let pressed;
        addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { capture: true, once: true });
        const seen = new MutationObserver(() => {
          if (pressed === undefined) return;
          seen.disconnect();
          requestAnimationFrame(() => { setTimeout(() => resolve(performance.now() - pressed)); });
        });
        seen.observe(document.querySelector("main"), { subtree: true, childList: true, attributes: true });
      });
    });
    await page.keyboard.press(key);
    all.push(await page.evaluate(() => window.took));
    await page.waitForTimeout(120);
  }
  all.sort((a, b) => a - b);
  console.log(`${key}: half of ${times} within ${all[Math.floor(times / 2)].toFixed(0)} ms, all within ${all.at(-1).toFixed(0)} ms`);
}

/** Until the answer that a decision is on the disk. */
async function saved(key, times) {
  const all = [];
  for (let at = 0; at < times; at++) {
    const answer = page.waitForResponse((response) => response.url().includes("/api/decide"));
    const pressed = performance.now();
    await page.keyboard.press(key);
    await answer;
    all.push(performance.now() - pressed);
    await page.waitForTimeout(150);
  }
  all.sort((a, b) => a - b);
  console.log(`${key}, on the disk: half of ${times} within ${all[Math.floor(times / 2)].toFixed(0)} ms, all within ${all.at(-1).toFixed(0)} ms`);
}

await effect("j", 40);
await effect("k", 20);
await effect("a", 40);
await saved("a", 20);
await effect("End", 1);
await effect("k", 20);
await effect("Home", 1);
const filtering = performance.now();
await page.fill("#f-text", "zzzzz");
await page.waitForFunction(() => document.querySelector("#count").textContent === "Nothing is left.");
console.log(`a filter: ${Math.round(performance.now() - filtering)} ms, 200 of them waiting for the next letter`);
await chromium.close();
child.kill("SIGINT");
await ended;
rmSync(disk, { recursive: true });
