// Each screen in Chromium: axe-core's rules in light and dark, the width of a telephone, the keyboard alone, no JavaScript.
//     node axe.mjs ADDRESS FOLDER_OF_NODE_MODULES LIST.csv
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [address, modules, list] = process.argv.slice(2);
const require = createRequire(`${modules}/package.json`);
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core"), "utf-8");
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const wrong = [];

async function judge(page, name) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.evaluate(axe); // by the debugger: the page itself forbids scripts of others
    const { violations } = await page.evaluate(() => axe.run());
    for (const one of violations) wrong.push(`${name} (${scheme}): ${one.id} ${one.nodes[0].html}`);
  }
  await page.setViewport({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 320) wrong.push(`${name}: ${wide} px wide at 320`);
  await page.setViewport({ width: 1000, height: 800 });
}

const page = await browser.newPage();
await page.setBypassCSP(true);
page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
page.on("request", (request) => { if (!request.url().startsWith(address)) wrong.push(`foreign: ${request.url()}`); });
for (const path of ["", "convention", "convention?q=armen", "liste", "retours", "suivi", "modeles?modele=convention-services-numeriques"]) {
  await page.goto(address + path);
  await judge(page, path || "accueil");
}

// what is refused, on each screen: a form without a value, files that are none, an address that is nowhere
const upload = async (path, field, button) => {
  await page.goto(address + path);
  await (await page.$(field)).uploadFile(process.argv[1]);
  await Promise.all([page.waitForNavigation(), page.click(button)]);
  await page.waitForSelector("section.outcome");
  await judge(page, `${path} refusé`);
};
await upload("liste", "#liste", "button[value=produire]");
await upload("retours", "#retours", "main button");
await page.goto(`${address}convention`);
await Promise.all([page.waitForNavigation(), page.click("form > p > button")]);
if (!(await page.$(".field.bad"))) wrong.push("an empty form is not refused");
await judge(page, "convention refusée");
await page.goto(`${address}nulle-part`);
await judge(page, "nulle part");

await page.goto(`${address}modeles?modele=denonciation`);
await Promise.all([page.waitForNavigation(), page.click("button[value=verifier]")]);
await judge(page, "modèle vérifié");

// a commune chosen while typing gives its fields
await page.goto(`${address}convention`);
await page.type("#q", "hazebrouck");
await page.waitForSelector("#found option");
await page.$eval("#q", (search) => {
  search.value = document.querySelector("#found option").value;
  search.dispatchEvent(new Event("input"));
});
const chosen = await page.$eval("form", (form) => ["nom", "code_insee", "forme"].map((name) => form.elements[name].value).join());
if (chosen !== "Hazebrouck,59295,commune") wrong.push(`chosen while typing: ${chosen}`);

// the form with the keyboard alone: from field to field by Tab, sent by Enter
await page.goto(`${address}convention`);
const values = { "forme": "commune", "nom": "Armentières", "adresse": "4 place du Général-de-Gaulle", "representant.civilite": "Madame",
  "representant.prenom": "Jeanne", "representant.nom": "MARTIN", "decision.date": "12/03/2026" };
let left = Object.keys(values).length;
for (let step = 0; step < 80 && left; step += 1) {
  await page.keyboard.press("Tab");
  const name = await page.evaluate(() => document.activeElement?.name);
  if (values[name]) { await page.keyboard.type(values[name]); left -= 1; }
}
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
if (!(await page.content()).includes("Les exemplaires sont prêts")) wrong.push("the keyboard alone does not fill a convention");
await judge(page, "convention remplie");

for (const script of [true, false]) {
  await page.setJavaScriptEnabled(script);
  await page.goto(`${address}liste`);
  await (await page.$("#liste")).uploadFile(list);
  await Promise.all([page.waitForNavigation(), page.click("button[value=produire]")]);
  let done = false;
  for (let wait = 0; wait < 150 && !done; wait += 1) {
    await new Promise((ready) => setTimeout(ready, 200));
    done = await page.content().then((text) => text.includes("C’est fait"), () => false); // no text while it reloads
  }
  if (!done) wrong.push(`the list does not end (script: ${script})`);
  if (script) await judge(page, "liste produite");
}
await page.setJavaScriptEnabled(true);
await page.goto(`${address}suivi`);
await Promise.all([page.waitForNavigation(), page.click("main form button")]);
await judge(page, "échéances");
await browser.close();
console.log(wrong.join("\n"));
process.exit(wrong.length ? 1 : 0);
