// Compiles the style sheet and copies the scripts the pages load, so that nothing comes from another host.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = `${root}services/chassis/web/static`;
const copied = {
  "govuk-frontend.min.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
};

await mkdir(built, { recursive: true });
const sheet = compile(`${root}frontend/alongside.scss`, {
  loadPaths: [`${root}node_modules`],
  style: "compressed",
});
await writeFile(`${built}/alongside.css`, sheet.css);
for (const [name, source] of Object.entries(copied)) {
  await copyFile(`${root}node_modules/${source}`, `${built}/${name}`);
}
console.log(`style sheet ${Math.round(sheet.css.length / 1024)} kB, ${Object.keys(copied).length} files copied`);
