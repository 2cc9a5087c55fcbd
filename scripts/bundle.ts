/**
 * Bundles the command and its worker into dist/. The bundle is what makes the first frame appear in
 * a quarter of a second: ink from node_modules alone takes most of one. `typescript` stays outside,
 * since only module builds need it, and they load it late.
 */
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist/chunks", { recursive: true, force: true });

const result = await build({
  entryPoints: { cli: "src/ui/cli/main.ts", worker: "src/ui/host/worker.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20.19",
  conditions: ["source"],
  // ink's devtools are an optional peer that nobody installs.
  external: ["typescript", "react-devtools-core"],
  define: { "process.env.NODE_ENV": '"production"' },
  minifySyntax: true,
  metafile: true,
  logLevel: "warning",
  // The TUI's door sets NODE_ENV for whoever runs it from the sources.
  logOverride: { "assign-to-define": "silent" },
  banner: {
    // Bundled CommonJS calls require() for Node's own modules.
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});

for (const [file, { bytes, entryPoint }] of Object.entries(result.metafile.outputs))
  if (entryPoint !== undefined) process.stdout.write(`${file} ${Math.ceil(bytes / 1024)} KiB\n`);
