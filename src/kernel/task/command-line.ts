/**
 * The kernel's command line: which of its words are parameters of ours, what is wrong with those, and
 * what becomes of the others. A word with a dot that nobody knows is for a module that may never come; any
 * other is handed to init, with `=` in its environment, without as an argument, and so is all after `--`.
 *
 * Source: init/main.c (unknown_bootoption, print_unknown_bootoptions), kernel/params.c (parse_args),
 * fs/proc/proc_sysctl.c (process_sysctl_arg), lib/kstrtox.c of 6.1; kernel-parameters.txt.
 * Left out: quotes, and most parameters: some that mean nothing here are taken in silence.
 */

/** A word that was understood; the last of a name counts. */
type Settings = ReadonlyMap<string, string>;

export interface CommandLine {
  readonly settings: Settings;
  /** What the kernel log says of it: a level and a line each. */
  readonly complaints: readonly (readonly [level: number, text: string])[];
  /** For init. */
  readonly argv: readonly string[];
  readonly envp: readonly string[];
}

const KERN_ERR = 3;
const KERN_WARNING = 4;
const KERN_NOTICE = 5;

/** kstrtobool() */
export function toBool(text: string): boolean | undefined {
  if (/^(?:[yYtT1]|[oO][nN])/.test(text)) return true;
  return /^(?:[nNfF0]|[oO][fF])/.test(text) ? false : undefined;
}

const isBool = (value: string | undefined): boolean =>
  value === undefined || toBool(value) !== undefined;
const isInt = (value: string | undefined): boolean =>
  value !== undefined && /^[+-]?(?:0x[\da-fA-F]+|\d+)$/.test(value);

/** An early one is looked at before there is anything else, and complained of in other words. */
interface Parameter {
  readonly isEarly: boolean;
  readonly takes: (value: string | undefined) => boolean;
}

const PARAMETERS: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  [
    "lockdown",
    { isEarly: true, takes: (value) => value === "integrity" || value === "confidentiality" },
  ],
  ["oops", { isEarly: true, takes: (value) => value !== undefined }],
  ["panic_on_warn", { isEarly: false, takes: isInt }],
  ["module.sig_enforce", { isEarly: false, takes: isBool }],
]);

const SYSCTLS: ReadonlySet<string> = new Set([
  "kernel.modules_disabled",
  "kernel.panic_on_oops",
  "kernel.panic_on_warn",
]);

/** Linux knows them, and here they change nothing. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  "console debug earlycon init loglevel quiet ro root rootfstype rootwait rw".split(" "),
);

/** dash2underscore(): `-` and `_` are one in a name. */
const nameOf = (word: string): string => word.replace(/=.*$/s, "").replaceAll("-", "_");

function textAfter(word: string): string | undefined {
  const at = word.indexOf("=");
  return at < 0 ? undefined : word.slice(at + 1);
}

class Reader {
  readonly settings: Map<string, string> = new Map();
  readonly complaints: (readonly [number, string])[] = [];
  readonly argv: string[] = [];
  readonly envp: string[] = [];

  read(word: string): void {
    const name = nameOf(word);
    const value = textAfter(word);
    const parameter = PARAMETERS.get(name);
    if (parameter !== undefined) this.#set(name, value, parameter);
    else if (name.startsWith("sysctl.")) this.#setSysctl(name.slice("sysctl.".length), value);
    else if (!WITHOUT_EFFECT.has(name) && !name.includes("."))
      (value === undefined ? this.argv : this.envp).push(word);
  }

  #set(name: string, value: string | undefined, { isEarly, takes }: Parameter): void {
    if (takes(value)) this.settings.set(name, value ?? "1");
    else if (isEarly) this.complaints.push([KERN_WARNING, `Malformed early option '${name}'`]);
    else {
      const what = `\`${value ?? ""}' invalid for parameter \`${name}'`;
      this.complaints.push([KERN_ERR, `Booting kernel: ${what}`]);
    }
  }

  #setSysctl(name: string, value: string | undefined): void {
    if (value === undefined || value === "") return;
    const isFlag = value === "0" || value === "1";
    if (SYSCTLS.has(name) && isFlag) this.settings.set(`sysctl.${name}`, value);
    else {
      const why = SYSCTLS.has(name) ? "invalid value" : "parameter not found";
      const text = `Failed to set sysctl parameter '${name}=${value}': ${why}`;
      this.complaints.push([KERN_ERR, text]);
    }
  }

  /** Everything unknown in one line, arguments first. */
  end(): void {
    if (this.argv.length + this.envp.length === 0) return;
    const words = [...this.argv, ...this.envp].join(" ");
    const what = `Unknown kernel command line parameters "${words}"`;
    this.complaints.push([KERN_NOTICE, `${what}, will be passed to user space.`]);
  }
}

export function readCommandLine(text: string): CommandLine {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const dashes = words.indexOf("--");
  const reader = new Reader();
  for (const word of dashes < 0 ? words : words.slice(0, dashes)) reader.read(word);
  reader.end();
  if (dashes >= 0) reader.argv.push(...words.slice(dashes + 1));
  return reader;
}
