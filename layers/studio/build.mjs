// Builds the studio: one page, its script and its style, compressed, named by their content.
//
//     node layers/studio/build.mjs
//
// What the components and text styles look like comes from docs/gallery, which `make gallery` renders.
// built/ is made beside its place and then takes it, so that nobody finds half of one.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const fresh = join(here, ".built");
const gallery = join(here, "../../docs/gallery");
const named = new Map();
const pictures = {};

function put(name, content) {
  writeFileSync(join(fresh, `${name}.gz`), gzipSync(content, { level: 9 }));
}

function digestOf(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
for (const file of readdirSync(gallery)) {
  const [, stem, ending] = /^([a-z]+-\w+)\.(webp|jpg)$/.exec(file) ?? [];
  if (!stem) continue;
  const content = readFileSync(join(gallery, file));
  pictures[stem] = `${stem}-${digestOf(content)}.${ending}`;
  put(pictures[stem], content);
}

const { outputFiles } = await build({
  entryPoints: [join(here, "src/main.ts"), join(here, "src/studio.css")],
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: "es2023",
  legalComments: "inline",
  define: { PICTURES: JSON.stringify(pictures) },
  outdir: fresh,
});

for (const { path, contents } of outputFiles) {
  const [stem, ending] = path.slice(fresh.length + 1).split(".");
  const name = `${stem}-${digestOf(contents)}.${ending}`;
  named.set(`${stem}.${ending}`, name);
  put(name, contents);
}
const page = readFileSync(join(here, "src/index.html"), "utf8");
put("index.html", page.replace(/studio\/(\w+\.\w+)/g, (_, name) => `studio/${named.get(name)}`));
const built = join(here, "built");
rmSync(built, { recursive: true, force: true });
renameSync(fresh, built);
