// Unpacks the pinned browser from its npm package into browser/: the executable, and the libraries
// it needs beyond glibc. Node >= 20, no network. Does nothing when this version is there already,
// and nothing on systems that the binary is not for: there a system Chromium is used.
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

const here = fileURLToPath(new URL(".", import.meta.url));
const packed = join(here, "node_modules", "@sparticuz", "chromium");
const { version } = JSON.parse(readFileSync(join(packed, "package.json"), "utf8"));
const target = join(here, "browser");
const stamp = join(target, "VERSION");

function unpack(name, sink) {
  const source = createReadStream(join(packed, "bin", name));
  return pipeline(source, createBrotliDecompress({ chunkSize: 1 << 20 }), sink);
}

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("no bundled browser for this system: a system Chrome or Chromium will be used");
} else if (!existsSync(stamp) || readFileSync(stamp, "utf8").trim() !== version) {
  const fresh = await mkdtemp(join(here, "node_modules", ".browser-"));
  try {
    await Promise.all([
      unpack("chromium.br", createWriteStream(join(fresh, "chromium"), { mode: 0o755 })),
      unpack("al2023.tar.br", extract(fresh)),
      unpack("fonts.tar.br", extract(fresh)),
    ]);
    await rm(join(fresh, "fonts.conf"));
    await chmod(fresh, 0o755);
    await writeFile(join(fresh, "VERSION"), `${version}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
