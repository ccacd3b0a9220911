// Starts emendo with its page, and a browser that asks nobody else for anything.

import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const started = [];
// A test that fails leaves nothing running.
process.on("exit", () => started.forEach((child) => child.kill("SIGKILL")));

/** emendo, and the link that it printed. */
export async function emendo(binary, args, cwd) {
  const child = spawn(binary, ["review", ...args, "--web", "--format", "json"], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  let said = "";
  child.stdout.setEncoding("utf8");
  const link = await new Promise((resolve, reject) => {
    child.stdout.on("data", (part) => {
      said += part;
      const line = said.split("\n").find((each, at, all) => at < all.length - 1 && each.includes('"link"'));
      if (line) resolve(JSON.parse(line).link);
    });
    child.on("exit", (code) => reject(new Error(`emendo ended with ${code}: ${said}`)));
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return { link, child, ended, origin: new URL(link).origin };
}

export async function browser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** A page of its own, with all that it asked for and all that went wrong in it. */
export async function open(context, link) {
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(link);
  await page.waitForSelector("body[data-ready]");
  return { page, requests, errors };
}
