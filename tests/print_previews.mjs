// Prints Word documents as docx-preview shows them in Chromium.
//   node print_previews.mjs MODULES FOLDER: MODULES holds node_modules; each .docx in FOLDER gets a PDF beside it.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const [modules, folder] = process.argv.slice(2);
const require = createRequire(resolve(modules, "package.json"));
const puppeteer = require("puppeteer-core");
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox"],
});
const scripts = ["jszip/dist/jszip.min.js", "docx-preview/dist/docx-preview.min.js"];
for (const name of readdirSync(folder).filter((one) => one.endsWith(".docx")).sort()) {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><style>.docx-wrapper{padding:0!important;background:none!important}"
    + ".docx-wrapper>section.docx{box-shadow:none!important;margin:0!important}"
    + "tr{break-inside:avoid}</style><div id=here></div>");
  for (const script of scripts) await page.addScriptTag({ path: join(modules, "node_modules", script) });
  const data = readFileSync(join(folder, name)).toString("base64");
  await page.evaluate(async (given) => {
    const bytes = Uint8Array.from(atob(given), (sign) => sign.charCodeAt(0));
    await docx.renderAsync(bytes, document.getElementById("here"));
    await document.fonts.ready;
  }, data);
  await page.pdf({ path: join(folder, name.replace(/\.docx$/, ".pdf")), format: "A4", printBackground: true });
  await page.close();
}
await browser.close();
