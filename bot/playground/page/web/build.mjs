// Builds the page into the folder named first; the same sources give the same bytes.
import { build } from "esbuild";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";

const target = process.argv[2];
await build({
  entryPoints: { page: "src/main.tsx" },
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "inline",
  banner: { js: "/* Built from ../web. Contains Preact, MIT, (c) Jason Miller. */" },
});
await build({ entryPoints: ["src/page.css"], outdir: target, bundle: true, minify: true });
await copyFile("src/index.html", join(target, "index.html"));
