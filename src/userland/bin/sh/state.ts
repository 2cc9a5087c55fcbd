/**
 * What a shell knows between two commands. A subshell gets a copy as JSON, because it is a new
 * program start and not a fork.
 */
import type { Proc } from "../../libc/proc.ts";
import type { Node } from "./ast.ts";
import type { Job } from "./jobs.ts";

export interface Variable {
  value: string;
  exported: boolean;
}

/** Why the commands that follow are skipped. */
export type Flow =
  | { readonly kind: "break" | "continue"; depth: number }
  | { readonly kind: "return" | "exit"; readonly status: number }
  | { readonly kind: "interrupt" };

export interface SavedState {
  readonly name: string;
  readonly pid: number;
  readonly vars: readonly (readonly [string, Variable])[];
  readonly functions: readonly (readonly [string, Node])[];
  readonly positional: readonly string[];
  readonly status: number;
  readonly lastBackground: number;
  readonly errexit: boolean;
  readonly xtrace: boolean;
}

export class Shell {
  readonly p: Proc;
  /** `$0`, which also starts error messages. */
  name = "sh";
  /** `$$`: a subshell keeps its parent's. */
  pid = 0;
  vars: Map<string, Variable> = new Map();
  functions: Map<string, Node> = new Map();
  positional: readonly string[] = [];
  status = 0;
  /** `$!` */
  lastBackground = 0;
  errexit = false;
  xtrace = false;
  flow: Flow | null = null;
  /** Inside `if`, `while`, `&&`, `||` and `!`, where a failure does not end a `set -e` shell. */
  conditionDepth = 0;
  loopDepth = 0;
  /** Reads commands from a terminal. */
  interactive = false;
  /** The shell's own descriptor of its terminal. */
  terminal: number | null = null;
  /** Gives each job a process group and the terminal. */
  jobControl = false;
  jobs: Job[] = [];
  /** Command text by signal name; EXIT among them. */
  traps: Map<string, string> = new Map();

  constructor(p: Proc) {
    this.p = p;
  }

  get(name: string): string | undefined {
    return this.vars.get(name)?.value;
  }

  set(name: string, value: string): void {
    const variable = this.vars.get(name);
    if (variable === undefined) this.vars.set(name, { value, exported: false });
    else variable.value = value;
  }

  environ(): string[] {
    return [...this.vars].flatMap(([name, variable]) =>
      variable.exported ? [`${name}=${variable.value}`] : [],
    );
  }

  save(): SavedState {
    return {
      name: this.name,
      pid: this.pid,
      vars: [...this.vars],
      functions: [...this.functions],
      positional: this.positional,
      status: this.status,
      lastBackground: this.lastBackground,
      errexit: this.errexit,
      xtrace: this.xtrace,
    };
  }

  restore(saved: SavedState): void {
    this.name = saved.name;
    this.pid = saved.pid;
    this.vars = new Map(saved.vars.map(([name, variable]) => [name, { ...variable }]));
    this.functions = new Map(saved.functions);
    this.positional = saved.positional;
    this.status = saved.status;
    this.lastBackground = saved.lastBackground;
    this.errexit = saved.errexit;
    this.xtrace = saved.xtrace;
  }
}
