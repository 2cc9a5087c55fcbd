/**
 * Bundles the command and its worker into dist/. The bundle is what makes the first frame appear in
 * a quarter of a second: ink from node_modules alone takes most of one. `typescript` stays outside,
 * since only module builds need it, and they load it late.
 */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { digestSources } from "../src/ui/host/code-digest.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

const COMMON = {
  outdir: "dist",
  bundle: true,
  // Not minified: minifySyntax inlines constants across chunks and then loses those that an
  // `import *` still needs (esbuild 0.28.2).
  format: "esm",
  platform: "node",
  target: "node20.19",
  conditions: ["source"],
  // ink's devtools are an optional peer that nobody installs.
  external: ["typescript", "react-devtools-core"],
  define: {
    "process.env.NODE_ENV": '"production"',
    QUICKSAND_CODE_DIGEST: JSON.stringify(digestSources(ROOT)),
  },
  logLevel: "warning",
  // The TUI's door sets NODE_ENV for whoever runs it from the sources.
  logOverride: { "assign-to-define": "silent" },
  banner: {
    // Bundled CommonJS calls require() for Node's own modules.
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
} satisfies BuildOptions;

rmSync("dist/chunks", { recursive: true, force: true });

await build({
  ...COMMON,
  entryPoints: { cli: "src/ui/cli/main.ts" },
  // Each command loads what it needs and no more.
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
});

// On its own and in one piece: the order in which its modules run matters (see lockdown.ts), and
// chunks shared with the command would run before it.
await build({ ...COMMON, entryPoints: { worker: "src/ui/host/worker.ts" } });
