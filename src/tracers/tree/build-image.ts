/**
 * From one release of the kernel tree to the image that boots: headers read, layouts laid out,
 * sources compiled and transformed, symbols checked, bindings turned into scripts.
 *
 * An object whose source and headers are what they were is not compiled again; whole images are kept
 * by whoever calls this.
 */

import type TypeScript from "typescript";
import {
  compileKo,
  type ExportedSymbol,
  encodeBase64,
  KPROBE_BLACKLIST_START,
  KPROBE_BLACKLIST_STOP,
  portHeader,
  type ReleaseImage,
} from "#kernel";
import type { BuildKeys } from "../kbuild/build-key.ts";
import type { HeaderSet } from "../kbuild/header-set.ts";
import type { Kbuild } from "../kbuild/kbuild.ts";
import { preprocess, versionCode } from "../kbuild/preprocess.ts";
import type { TreeFiles } from "./apply-patch.ts";
import { type ConfigOptions, readConfig } from "./config.ts";
import type { TreeRelease } from "./history.ts";
import { checkKabi } from "./kabi.ts";
import { kernelRelease, releaseName } from "./release-name.ts";

type Ts = typeof TypeScript;
type Builtin = ReleaseImage["objects"][number];

/** One reason why a release does not build, in a compiler's form. */
export interface BuildComplaint {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type ImageResult =
  | { readonly ok: true; readonly image: ReleaseImage }
  | { readonly ok: false; readonly diagnostics: readonly BuildComplaint[] };

export interface ImageBuilder {
  readonly ts: Ts;
  readonly kbuild: Kbuild;
  /** What objects are remembered by: most of a release's are those of the one before. */
  readonly keys: BuildKeys;
  readonly objects: Map<string, CompiledSource>;
}

/** An object of the kernel and what it exports, or what is wrong with its source. */
export interface CompiledSource {
  readonly object: Builtin | undefined;
  readonly exports: readonly ExportedSymbol[];
  readonly complaints: readonly BuildComplaint[];
}

const HEADER_FOLDER = "include/";
const BINDING_FOLDER = "bind/";

const named = (
  config: ConfigOptions,
  ...options: readonly (readonly [string, string])[]
): string[] => options.flatMap(([option, word]) => (config[option] === true ? [word] : []));

/** VERMAGIC_STRING of include/linux/vermagic.h. */
export function vermagicOf(release: string, config: ConfigOptions): string {
  const words = named(
    config,
    ["CONFIG_SMP", "SMP"],
    ["CONFIG_PREEMPT", "preempt"],
    ["CONFIG_MODULE_UNLOAD", "mod_unload"],
    ["CONFIG_MODVERSIONS", "modversions"],
    ["CONFIG_RISCV", "riscv64"],
  );
  return [release, ...words].join(" ");
}

/** A tree's files by what they are for. */
export interface Sorted {
  readonly headers: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, string>>;
  readonly bindings: Readonly<Record<string, string>>;
}

export function sortFiles(files: TreeFiles): Sorted {
  const headers: Record<string, string> = {};
  const sources: Record<string, string> = {};
  const bindings: Record<string, string> = {};
  for (const path of Object.keys(files).sort()) {
    const text = files[path] ?? "";
    if (path.startsWith(HEADER_FOLDER))
      headers[path.slice(HEADER_FOLDER.length).replace(/\.ts$/, "")] = text;
    else if (path.startsWith(BINDING_FOLDER)) bindings[path] = text;
    else if (path.endsWith(".ts")) sources[path] = text;
  }
  return { headers, sources, bindings };
}

const baseName = (path: string): string => path.replace(/^.*\//, "").replace(/\.ts$/, "");

interface Compiled {
  readonly objects: readonly Builtin[];
  readonly exports: readonly ExportedSymbol[];
  readonly complaints: readonly BuildComplaint[];
}

function compileSources(
  { kbuild, keys, objects: known }: ImageBuilder,
  headers: HeaderSet,
  { headers: texts, sources }: Sorted,
): Compiled {
  const portText = portHeader();
  const all: CompiledSource[] = [];
  for (const [file, source] of Object.entries(sources)) {
    // obj-$(CONFIG_X) += x.o
    if (preprocess(source, headers.definitions).text.trim() === "") continue;
    const key = keys.ofBuiltin({ file, source }, { config: headers.config, headers: texts });
    const compiled = known.get(key) ?? compileSource(kbuild, headers, file, source, portText);
    known.set(key, compiled);
    all.push(compiled);
  }
  return {
    objects: all.flatMap(({ object }) => (object === undefined ? [] : [object])),
    exports: all.flatMap(({ exports }) => exports),
    complaints: all.flatMap(({ complaints }) => complaints),
  };
}

function compileSource(
  kbuild: Kbuild,
  headers: HeaderSet,
  file: string,
  source: string,
  portText: string,
): CompiledSource {
  const built = kbuild.compile({
    name: baseName(file),
    file,
    source,
    headers,
    symvers: [],
    // Whoever is part of the kernel need not say for which one it was built.
    vermagic: "",
    builtin: true,
    portHeader: portText,
  });
  if (!built.ok) return { object: undefined, exports: [], complaints: built.diagnostics };
  const exports = kbuild.exportsOf(file, source, headers);
  const compiled = compileKo(built.ko, file);
  return compiled.kind === "bad"
    ? { object: undefined, exports, complaints: compiled.diagnostics }
    : { object: { file, ko: compiled.ko, linked: compiled.linked }, exports, complaints: [] };
}

const PORT_FUNCTION = /^export declare function (\w+)\(/gm;

/** What the linker would say: a symbol that neither an object nor the port defines. */
function undefinedSymbols(objects: readonly Builtin[]): readonly BuildComplaint[] {
  const defined = new Set([...portHeader().matchAll(PORT_FUNCTION)].map((match) => match[1]));
  for (const name of [KPROBE_BLACKLIST_START, KPROBE_BLACKLIST_STOP]) defined.add(name);
  for (const { ko, linked } of objects) {
    for (const name of linked.functions) defined.add(name);
    for (const { name } of ko.data) defined.add(name);
  }
  return objects.flatMap(({ file, linked }) =>
    [...new Set([...linked.imports, ...linked.addresses])]
      .filter((name) => !defined.has(name))
      .map((name) => {
        const message = `ld: ${file}: undefined reference to \`${name}'`;
        return { code: "QS2411", message, file, line: 1, column: 1 };
      }),
  );
}

interface BindingScript {
  readonly file: string;
  readonly code: string;
  readonly complaints: readonly BuildComplaint[];
}

/** A binding as an expression: a function of the API that it is handed. */
function bindingScript(ts: Ts, file: string, source: string): BindingScript {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    compilerOptions,
    fileName: file,
    reportDiagnostics: true,
  });
  const code = `((api) => {\nconst exports = {};\n${outputText}\nexports.bind(api);\n})`;
  const complaints = diagnostics.map((each) => {
    const at = each.file?.getLineAndCharacterOfPosition(each.start ?? 0);
    const message = ts.flattenDiagnosticMessageText(each.messageText, " ");
    const place = { file, line: (at?.line ?? 0) + 1, column: (at?.character ?? 0) + 1 };
    return { code: `TS${each.code}`, message, ...place };
  });
  return { file, code, complaints };
}

/**
 * A header is read again for every file that includes it, and complained of each time. What is wrong in
 * one place is said once, by TypeScript if it has a word for it.
 */
function eachOnce(complaints: readonly BuildComplaint[]): readonly BuildComplaint[] {
  const placeOf = ({ file, line, column }: BuildComplaint): string => `${file}:${line}:${column}`;
  const isTypeScript = ({ code }: BuildComplaint): boolean => code.startsWith("TS");
  const places = new Set(complaints.filter(isTypeScript).map(placeOf));
  const said = complaints.filter((each) => isTypeScript(each) || !places.has(placeOf(each)));
  const keyOf = (each: BuildComplaint): string => `${placeOf(each)}: ${each.code}: ${each.message}`;
  return [...new Map(said.map((each) => [keyOf(each), each])).values()];
}

/** Builds one release, or says everything that keeps it from building. */
export function buildImage(builder: ImageBuilder, release: TreeRelease): ImageResult {
  const { ts, kbuild } = builder;
  const sorted = sortFiles(release.files);
  const { headers, sources, bindings } = sorted;
  const config: ConfigOptions = {
    ...readConfig(release.files, release.config),
    LINUX_VERSION_CODE: versionCode(release.version),
  };
  const uname = `${kernelRelease(release)}${config["CONFIG_LOCALVERSION"] ?? ""}`;
  const vermagic = vermagicOf(uname, config);
  const set = kbuild.readHeaders(headers, config);
  const wrong = kbuild.checkHeaders(set, portHeader());
  if (wrong.length > 0) return { ok: false, diagnostics: eachOnce(wrong) };
  const compiled = compileSources(builder, set, sorted);
  const scripts = Object.entries(bindings).map(([file, text]) => bindingScript(ts, file, text));
  const diagnostics = [
    ...compiled.complaints,
    ...scripts.flatMap(({ complaints }) => complaints),
    // What did not compile defines nothing, and is not to be missed on top of that.
    ...(compiled.complaints.length > 0 ? [] : undefinedSymbols(compiled.objects)),
    ...(compiled.complaints.length > 0 || release.config !== undefined
      ? []
      : checkKabi(release.files, compiled.exports)),
  ];
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const image: ReleaseImage = {
    format: "quicksand-image 1",
    branch: release.branch,
    tag: release.tag,
    release: releaseName(release),
    uname,
    vermagic,
    ...(release.config === undefined ? {} : { configName: release.config }),
    config,
    layouts: kbuild.layouts(set),
    btf: config["CONFIG_DEBUG_INFO_BTF"] === true ? encodeBase64(kbuild.btf(set)) : "",
    exports: compiled.exports,
    headers,
    sources: { ...sources, ...bindings },
    objects: compiled.objects,
    bindings: scripts.map(({ file, code }) => ({ file, code })),
    patches: release.patches.map((patch) => patch.name.slice(0, 4)),
  };
  return { ok: true, image };
}
