/**
 * Fits the kernel's `Machine` to what a session needs, and lays out the disk of a first boot.
 */
import { boot, type DiskState, decodeUtf8, EventLog, type Machine, type RootTree } from "#kernel";
import { createEvaluator } from "./evaluate.ts";
import type { BootMachine, BootRequest, HostedMachine } from "./hosted-machine.ts";
import { trustedKeys } from "./module-signer.ts";

/** Text out, and the rest as the kernel has it. */
class Hosted implements HostedMachine {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get log(): EventLog {
    return this.#machine.log;
  }
  get nowNs(): number {
    return this.#machine.nowNs;
  }
  get busyNs(): number {
    return this.#machine.busyNs;
  }
  get halt(): HostedMachine["halt"] {
    return this.#machine.halt;
  }
  slice(limits: Parameters<HostedMachine["slice"]>[0]): ReturnType<HostedMachine["slice"]> {
    return this.#machine.slice(limits);
  }
  waitingForInput(): boolean {
    return this.#machine.waitingForInput();
  }
  type(text: string): void {
    this.#machine.type(text);
  }
  readFile(path: string): string | undefined {
    const bytes = this.#machine.readFile(path);
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  }
  writeFile(path: string, text: string): boolean {
    return this.#machine.writeFile(path, text);
  }
  takeRoot(): DiskState {
    return this.#machine.takeDisk();
  }
  finalHash(): string {
    return this.#machine.hash();
  }
}

const RC_LOCAL = "/etc/rc.local";

/** Boots with `root` on the disk: the userland, and what the host adds. */
export function createBoot(rootFor: (request: BootRequest) => RootTree): BootMachine {
  const evaluate = createEvaluator();
  const keys = trustedKeys();
  return (request) => {
    const { image, seed, log, policy } = request;
    const keeping = (log as EventLog | undefined) ?? new EventLog();
    if (log === undefined) keeping.keep();
    const disk = request.root as DiskState | undefined;
    const root = rootFor(request);
    // So that init need not look: most machines have no such file.
    const hasScript = RC_LOCAL in root || disk?.some(({ path }) => path === RC_LOCAL) === true;
    const init = hasScript ? { init: ["/sbin/init", "rc"] } : {};
    return new Hosted(
      boot({
        image,
        seed,
        root,
        log: keeping,
        evaluate,
        keys,
        policy,
        ...(disk === undefined ? {} : { disk }),
        ...init,
      }),
    );
  };
}
