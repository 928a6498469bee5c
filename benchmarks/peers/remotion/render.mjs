// `node render.mjs BASE OUT`: bundles the film and renders it, as `npx remotion render` does.
// BASE: what the names of its files follow. All processors draw; Remotion's default is half of them.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { bundle } from "@remotion/bundler";
import { renderMedia, selectComposition } from "@remotion/renderer";

const [base, outputLocation] = process.argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const browser = { browserExecutable: here("browser.sh"), chromeMode: "headless-shell", logLevel: "error" };

const serveUrl = await bundle({ entryPoint: here("index.jsx") });
const inputProps = { base };
const composition = await selectComposition({ ...browser, serveUrl, id: "film", inputProps });
await renderMedia({
  ...browser,
  serveUrl,
  composition,
  inputProps,
  outputLocation,
  codec: "h264",
  crf: 18,
  x264Preset: "veryfast",
  audioBitrate: "192k",
  concurrency: availableParallelism(),
});
