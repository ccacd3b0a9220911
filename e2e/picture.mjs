// The picture of the page in docs/review.md: node picture.mjs EMENDO, in the root of the repository

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, emendo, open } from "./browser.mjs";

const disk = mkdtempSync(join(tmpdir(), "emendo-picture-"));
const { link, child, ended } = await emendo(process.argv[2], ["seeds", "--isolated", "--by", "A. Reader", "--decisions", join(disk, "decisions.jsonl")], ".");
const chromium = await browser();
const context = await chromium.newContext({ viewport: { width: 1180, height: 780 }, colorScheme: "light" });
const { page } = await open(context, link);
await page.keyboard.press("a");
await page.waitForSelector(".items .state.accepted");
await page.click('.group:has-text("Isrfael")');
await page.waitForSelector('#reading .change:has-text("Isrfael")');
await page.waitForSelector("#reading .items > li");
// Nothing is pointed at.
await page.mouse.move(800, 700);
await page.screenshot({ path: "docs/review-page.png" });
await chromium.close();
child.kill("SIGINT");
await ended;
rmSync(disk, { recursive: true });
