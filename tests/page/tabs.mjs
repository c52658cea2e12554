// A long list in one tab: a bar that moves to its end; meanwhile in another the same folder, refused in words; then the
// program ended in the middle of one more, which its tab says.
//     node tabs.mjs ADDRESS FOLDER_OF_NODE_MODULES LIST.csv OTHER.csv PROCESS
import { createRequire } from "node:module";

const [address, modules, list, other, process_id] = process.argv.slice(2);
const puppeteer = createRequire(`${modules}/package.json`)("puppeteer-core");
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const wrong = [];

async function begun(list) {
  const page = await browser.newPage();
  await page.goto(`${address}liste`);
  await page.click("input[name=force]");
  await (await page.$("#liste")).uploadFile(list);
  await Promise.all([page.waitForNavigation(), page.click("button[value=produire]")]);
  return page;
}

async function words(page, wanted) {
  for (let wait = 0; wait < 300; wait += 1) {
    const text = await page.$eval("main", (main) => main.innerText).catch(() => ""); // none while it reloads
    if (text.includes(wanted)) return;
    await new Promise((ready) => setTimeout(ready, 200));
  }
  wrong.push(`« ${wanted} » is not said`);
}

const first = await begun(list);
const seen = new Set();
await first.exposeFunction("note", (value) => seen.add(value));
await first.evaluate(() => {
  const bar = document.getElementById("bar");
  new MutationObserver(() => window.note(`${bar.value} of ${bar.max}`)).observe(bar, { attributes: true });
});
const second = await begun(list);
await words(second, "Une autre commande conventool écrit en ce moment dans ce dossier");
await words(first, "C’est fait");
const last = [...seen].at(-1)?.split(" of ");
if (seen.size < 3 || last[0] !== last[1]) wrong.push(`the bar: ${[...seen].join(", ")}`);

const third = await begun(other);
process.kill(Number(process_id), "SIGINT");
await words(third, "Le programme s’est arrêté");
await browser.close();
console.log(wrong.join("\n"));
process.exit(wrong.length ? 1 : 0);
