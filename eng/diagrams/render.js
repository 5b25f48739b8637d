// Renders each docs/diagrams/*.mmd to an SVG beside it. The SVG names the hash of what it was made of, which a test compares.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { renderMermaid } from "@mermaid-js/mermaid-cli";
import puppeteer from "puppeteer";

const margin = 16;
const here = new URL(".", import.meta.url).pathname;
const diagrams = `${here}../../docs/diagrams/`;
const settings = readFileSync(`${here}mermaid.json`, "utf8");
const style = readFileSync(`${here}style.css`, "utf8");

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
try {
  for (const name of readdirSync(diagrams).filter((file) => file.endsWith(".mmd")).map((file) => file.slice(0, -".mmd".length))) {
    const text = readFileSync(`${diagrams}${name}.mmd`, "utf8");
    const options = { mermaidConfig: JSON.parse(settings), svgId: name, backgroundColor: "transparent", fontEmbed: false };
    const { data } = await renderMermaid(browser, text, "svg", options);
    const hash = createHash("sha256").update(text + settings + style).digest("hex");
    writeFileSync(`${diagrams}${name}.svg`, finish(Buffer.from(data).toString(), hash));
  }
} finally {
  await browser.close();
}

// Replaces Mermaid's style by ours, which follows the reader's colour scheme, and adds a size, a background and the hash.
function finish(svg, hash) {
  const [left, top, width, height] = /viewBox="([^"]*)"/.exec(svg)[1].split(" ").map(Number);
  const box = [left - margin, top - margin, width + 2 * margin, height + 2 * margin].map(Math.round);
  const [root] = /<svg[^>]*>/.exec(svg);
  const sized = root
    .replace(/ (width|height|style|viewBox)="[^"]*"/g, "")
    .replace(">", ` width="${box[2]}" height="${box[3]}" viewBox="${box.join(" ")}" data-source-sha256="${hash}">`);
  const page = `<rect class="page" x="${box[0] + 0.5}" y="${box[1] + 0.5}" width="${box[2] - 1}" height="${box[3] - 1}" rx="6"/>`;
  return svg
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/ data-(edge|et|id|look|points|type)="[^"]*"/g, "")
    .replace(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10))
    .replace(/<svg[^>]*>/, sized + page)
    .replace(/<\/svg>\s*$/, `<style>\n${style}</style></svg>\n`);
}
