// Opens the pages in a real browser and says what is wrong with them.
// scripts/test-browser runs it. In its environment are PILOTCITIES_PYTHON, which runs the server on
// a store of its own that it seeds; SCREENSHOTS, a folder, if they are wanted; CHROMIUM, the browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const tools = createRequire(new URL("tools/browser/package.json", ROOT));
const { chromium } = tools("playwright-core");
const AXE = await readFile(tools.resolve("axe-core/axe.min.js"), "utf8");
const [python, screenshots] = [process.env.PILOTCITIES_PYTHON, process.env.SCREENSHOTS];
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update"],
];
const WIDTHS = [320, 1280];
const PAGES = {
  home: "/",
  city: "/cities/kharkiv",
  "city in Ukrainian": "/cities/tirana?lang=uk",
  workshop: "/workshops/kharkiv-2021-09-03-validation",
  document: "/documents/kharkiv-doc-2021-agenda-concept-note",
  recommendation: "/recommendations/kharkiv-later-rec-1",
  workshops: "/workshops",
  search: "/search?q=resilien",
  "nothing there": "/cities/atlantis",
  docs: "/docs",
};

let browser, server, portal, api, elsewhere, store;

before(async () => {
  store = await mkdtemp(join(tmpdir(), "pilotcities-"));
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  const settings = { DATA_DIR: store, DATABASE_URL: "", PUBLIC_URL: api, LOG_LEVEL: "error" };
  const command = ["-c", "from api.cli import main; main()", "serve", "--port", `${port}`];
  server = spawn(python, command, { cwd: ROOT, env: { ...process.env, ...settings }, stdio: "inherit" });
  process.on("exit", () => server.kill());
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  await answers(`${api}/health/ready`);
  const page = await readFile(new URL("examples/portal/index.html", ROOT));
  const guide = await readFile(new URL("docs/partner-guide.md", ROOT), "utf8");
  const built = guide.match(/```html\n(.*?)```/s)[1].replaceAll("http://127.0.0.1:8000", api);
  portal = createServer(({ url }, response) =>
    response.setHeader("Content-Type", "text/html").end(url === "/guide" ? built : page),
  );
  await new Promise((done) => portal.listen(0, "127.0.0.1", done));
  elsewhere = `http://127.0.0.1:${portal.address().port}`;
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: FLAGS });
  if (screenshots) await mkdir(screenshots, { recursive: true });
});

after(async () => {
  await browser?.close();
  portal?.close();
  if (server) {
    const ended = new Promise((done) => server.once("exit", done));
    if (server.exitCode === null && server.kill()) await ended;
  }
  await rm(store, { recursive: true, force: true });
});

for (const width of WIDTHS) {
  for (const [name, path] of Object.entries(PAGES)) {
    test(`${name} at ${width}`, async () => {
      await visit(api + path, { width }, async (page, seen) => {
        if (name === "docs") await page.locator(".opblock-tag-section").first().waitFor();
        await judge(page, seen, `${name} ${width}`, path === "/cities/atlantis" ? 404 : 200);
      });
    });
  }

  test(`the portal on another origin at ${width}`, async () => {
    const address = `${elsewhere}/?api=${encodeURIComponent(api)}&city=tirana&lang=sq`;
    await visit(address, { width }, async (page, seen) => {
      await page.locator("section ul > li").first().waitFor();
      assert.equal(await page.locator("#workshops ~ ul > li").count(), 5);
      assert.match(await page.locator("#workshops ~ ul > li").first().innerText(), /in en, not in sq/);
      await judge(page, seen, `portal ${width}`, 200);
    });
  });
}

for (const width of WIDTHS) {
  test(`a page built by the partner guide at ${width}`, async () => {
    await visit(`${elsewhere}/guide`, { width }, async (page, seen) => {
      await page.locator("li").first().waitFor();
      const answer = await fetch(`${api}/api/v1/workshops?city=kharkiv&sort=-starts_on&lang=uk`);
      const titles = (await answer.json()).data.map((each) => each.title);
      assert.deepEqual(await page.locator("li a").allInnerTexts(), titles);
      assert.equal(await page.locator("li a").first().getAttribute("lang"), "en");
      await judge(page, seen, `guide ${width}`, 200);
      await page.locator("li a").first().click();
      await page.locator("h1").waitFor();
      assert.equal(await page.locator("h1").innerText(), titles[0]);
      assert.deepEqual(seen.faults, []);
    });
  });
}

test("the portal tells of an error in words", async () => {
  await visit(`${elsewhere}/?api=${api}&city=tirana&lang=nonsense!`, {}, async (page) => {
    await page.locator("[role=alert]:not(:empty)").waitFor();
    assert.match(await page.locator("[role=alert]").innerText(), /is not a language tag/);
  });
});

test("docs try an operation", async () => {
  await visit(`${api}/docs`, { width: 1280 }, async (page, seen) => {
    const operation = page.locator("#operations-cities-list_cities");
    await operation.locator("button.opblock-summary-control").click();
    const tryIt = operation.getByRole("button", { name: "Try it out" });
    if (await tryIt.count()) await tryIt.click(); // the page may have begun with it
    await operation.getByRole("button", { name: "Execute" }).click();
    const answer = operation.locator(".live-responses-table .response-col_status").last();
    await answer.waitFor();
    assert.match(await answer.innerText(), /^200/);
    await judge(page, seen, "docs tried", 200);
  });
});

test("without JavaScript one can search and go from page to page", async () => {
  await visit(`${api}/`, { width: 320, script: false }, async (page, seen) => {
    await page.getByRole("searchbox").fill("diversifying");
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator(".hits a").first().click();
    assert.match(page.url(), /\/recommendations\//);
    await page.locator(".crumbs a").nth(1).click();
    assert.equal(await page.locator("h1").innerText(), "Kharkiv");
    await page.locator(".tongues a", { hasText: "Українська" }).click();
    assert.equal(await page.locator("h1").getAttribute("lang"), "uk");
    assert.deepEqual(seen.faults, []);
    await picture(page, "without JavaScript");
  });
});

test("a map leads to its cities by the keyboard", async () => {
  await visit(`${api}/`, { width: 1280 }, async (page) => {
    await page.locator(".map a").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/cities\//);
  });
});

test("on paper there is the text and no controls", async () => {
  await visit(`${api}/cities/kharkiv`, { width: 1000 }, async (page, seen) => {
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("h1").isVisible(), true);
    for (const control of [".top nav", ".tongues", ".formats"]) {
      assert.equal(await page.locator(control).first().isVisible(), false, control);
    }
    assert.deepEqual(seen.faults, []);
    await picture(page, "print");
  });
});

test("in the dark the contrast is still enough", async () => {
  for (const path of ["/", "/cities/kharkiv", "/search?q=plan"]) {
    await visit(api + path, { width: 1280, dark: true }, async (page, seen) => {
      await judge(page, seen, `dark ${path.replaceAll(/\W+/g, " ")}`, 200);
    });
  }
});

// Opens an address in a browser of its own and lets `look` see it; what is wrong gathers in `seen`.
async function visit(address, { width = 1280, dark = false, script = true }, look) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: script,
    bypassCSP: false,
  });
  try {
    const page = await context.newPage();
    const seen = { faults: [], status: null };
    page.on("pageerror", (error) => seen.faults.push(`script: ${error}`));
    page.on("console", (said) => {
      const own = said.location().url === address; // the browser tells of a 404 that was asked for
      if (said.type() === "error" && !(own && /status of 404/.test(said.text()))) {
        seen.faults.push(`console: ${said.text()}`);
      }
    });
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      const ours = protocol === "data:" || [api, elsewhere].includes(origin);
      if (!ours) seen.faults.push(`outside request: ${request.url()}`);
    });
    seen.status = (await page.goto(address, { waitUntil: "networkidle" })).status();
    await look(page, seen);
  } finally {
    await context.close();
  }
}

async function judge(page, seen, name, status) {
  await picture(page, name);
  assert.equal(seen.status, status);
  assert.deepEqual(seen.faults, []);
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide[0] <= wide[1], `scrolls sideways: ${wide}`);
  assert.deepEqual(await violations(page), []);
}

// axe-core is run by the browser's debugger, so that the pages' policy stays in force.
async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return found.violations.map(
    (each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).slice(0, 5).join(", ")}`,
  );
}

async function picture(page, name) {
  if (!screenshots) return;
  const path = join(screenshots, `${name.replaceAll(" ", "-")}.png`);
  await page.screenshot({ path, fullPage: !name.startsWith("docs") }); // docs are too long to show
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

async function answers(address) {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    if (server.exitCode !== null) throw new Error("The server ended by itself.");
    if (await fetch(address).then((response) => response.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${address} does not answer.`);
}
