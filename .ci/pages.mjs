#!/usr/bin/env node
// What .ci/pages runs: `node pages.mjs NODE_MODULES SITE [--all] [--shots FOLDER] [--only WORD] [--markup]`.
// Looks at one page of every kind of a built site, that with the most on it: its markup by html-validate, and in
// Chromium, at three widths, light and dark, with axe-core (WCAG 2.2 AA). Prints what is wrong; exit code 1 then.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";

const [modules, site, ...asked] = process.argv.slice(2);
const option = (name) => (asked.includes(name) ? asked[asked.indexOf(name) + 1] : "");
const load = createRequire(join(resolve(modules), "package.json"));
const { HtmlValidate } = load("html-validate");
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");

const BELOW = "/house/agreements/";
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const TYPES = {
  ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml",
  ".json": "application/json", ".wasm": "application/wasm", ".png": "image/png",
};
// Every width and every scheme is met; --all looks at each width in each scheme.
const VIEWS = asked.includes("--all")
  ? [360, 768, 1440].flatMap((width) => ["light", "dark"].map((scheme) => [width, scheme]))
  : [[360, "light"], [1440, "dark"]];

// What a rule of html-validate asks beyond what HTML does: how the source is spaced and written, and how a search engine
// cuts titles, which agreements have as long as they like. A list may have a name;
// an ordered list says its role, for Safari forgets that a list without markers is one.
const MARKUP = {
  extends: ["html-validate:recommended"],
  rules: {
    "no-trailing-whitespace": "off",
    "doctype-style": "off",
    "valid-id": ["error", { relaxed: true }],
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    "prefer-native-element": ["error", { exclude: ["list"] }],
    "no-redundant-role": "off",
    "long-title": "off",
  },
};
// The theme's boxes that open its menu and its search: only so does Firefox open no menu when a page is loaded again.
const THEMES = /#__(drawer|search)$/;

function kinds() {
  const found = new Map();
  for (const path of readdirSync(site, { recursive: true }).map(String).filter((name) => name.endsWith(".html")).sort()) {
    // A folder below a list is a thing of that kind, and one below "history" a redline.
    const things = (part, at, all) => at < all.length - 1 && (at % 2 === 1 || (at > 0 && all[0] === "clauses"));
    const kind = path.split("/").map((part, at, all) => (things(part, at, all) ? "*" : part)).join("/").replace("*/*", "*");
    const size = statSync(join(site, path)).size;
    if (!found.has(kind) || size > found.get(kind).size) { found.set(kind, { path, size }); }
  }
  return [...found].map(([kind, { path }]) => [kind, path]).filter(([kind]) => kind.includes(option("--only")));
}

// Runs in the page: what does not fit.
function sideways() {
  const wide = document.scrollingElement;
  const found = wide.scrollWidth > wide.clientWidth ? [`the page is ${wide.scrollWidth - wide.clientWidth} px too wide`] : [];
  for (const table of document.querySelectorAll("table, svg[role=img], pre")) {
    const box = table.getBoundingClientRect();
    if (!box.width || !table.checkVisibility()) { continue; }
    for (let at = table; at && at !== document.body; at = at.parentElement) {
      const over = at.scrollWidth - at.clientWidth;
      if (at instanceof HTMLElement && over > 1 && getComputedStyle(at).overflowX !== "visible") {
        const name = (table.caption || table).textContent.trim().replace(/\s+/g, " ").slice(0, 60);
        found.push(`a ${table.tagName.toLowerCase()} is ${over} px too wide: ${name}`);
        break;
      }
    }
  }
  return found;
}

function serve() {
  const server = createServer((request, answer) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    let file = path.startsWith(BELOW) ? join(site, path.slice(BELOW.length)) : "";
    if (file && statSync(file, { throwIfNoEntry: false })?.isDirectory()) { file = join(file, "index.html"); }
    const there = file && statSync(file, { throwIfNoEntry: false })?.isFile();
    answer.writeHead(there ? 200 : 404, { "content-type": TYPES[extname(there ? file : "404.html")] || "application/octet-stream" });
    answer.end(readFileSync(there ? file : join(site, "404.html")));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

const said = [];
const tell = (kind, path, where, what) => { said.push(kind); console.log(`${path} [${where}] ${kind}: ${what}`); };

const pages = kinds();
const checker = new HtmlValidate(MARKUP);
for (const [, path] of pages) {
  const report = await checker.validateString(readFileSync(join(site, path), "utf8"));
  for (const each of report.results.flatMap((result) => result.messages).filter((one) => !THEMES.test(one.selector))) {
    tell("markup", path, `${each.line}:${each.column}`, `${each.message} (${each.ruleId})`);
  }
}

const server = await serve();
const address = `http://127.0.0.1:${server.address().port}${BELOW}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
for (const [width, scheme] of asked.includes("--markup") ? [] : VIEWS) {
  const context = await browser.newContext({ viewport: { width, height: 1000 }, colorScheme: scheme });
  for (const [kind, path] of pages) {
    const where = `${width} ${scheme}`;
    const page = await context.newPage();
    // An address that leads nowhere is answered with that page, and its answer with an error.
    const nowhere = path === "404.html";
    page.on("console", (each) => each.type() === "error" && !nowhere && tell("console", path, where, each.text()));
    page.on("pageerror", (each) => tell("script", path, where, each.message));
    page.on("requestfailed", (each) => tell("request", path, where, `${each.url()} failed`));
    page.on("request", (each) => {
      if (!each.url().startsWith(address) && !each.url().startsWith("data:")) { tell("request", path, where, `${each.url()} is elsewhere`); }
    });
    page.on("response", (each) => each.status() >= 400 && !nowhere && tell("request", path, where, `${each.url()}: ${each.status()}`));
    await page.goto(address + (nowhere ? "no/such/page" : path.replace(/index\.html$/, "")), { waitUntil: "networkidle" });
    // A script sees to what does not fit when it has been laid out, which takes a busy machine its time.
    let wide = await page.evaluate(sideways);
    for (let again = 0; wide.length && again < 20; again += 1) {
      await page.waitForTimeout(500);
      wide = await page.evaluate(sideways);
    }
    for (const what of wide) { tell("sideways", path, where, what); }
    await page.evaluate(axe);
    const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
    for (const each of violations) {
      const first = each.nodes.slice(0, 3).map((node) => `${node.target} ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`);
      tell("axe", path, where, `${each.id} (${each.nodes.length}): ${first.join("\n      ")}`);
    }
    if (option("--shots")) {
      mkdirSync(option("--shots"), { recursive: true });
      const name = `${kind.replaceAll("/", "_").replaceAll("*", "x")}-${width}-${scheme}.png`;
      await page.screenshot({ path: join(option("--shots"), name), fullPage: false });
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
server.close();
console.log(`${pages.length} kinds of pages, ${VIEWS.length} views: ${said.length} faults`);
const counted = said.reduce((all, kind) => all.set(kind, (all.get(kind) ?? 0) + 1), new Map());
for (const [kind, number] of counted) { console.log(`  ${kind}: ${number}`); }
process.exit(said.length ? 1 : 0);
