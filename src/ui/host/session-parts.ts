/**
 * Everything a real session is made of: release images, a booting machine with userland on its disk,
 * and kbuild.
 */
import type { RootTree } from "#kernel";
import { type ModuleBuilder, makeProgram, userlandRoot } from "#userland";
import { createBoot } from "./boot-machine.ts";
import type { Catalogue } from "./catalogue.ts";
import type { BootRequest } from "./hosted-machine.ts";
import { createModuleBuilder } from "./module-builder.ts";
import type { BuildModule, SessionParts } from "./session.ts";

/** What `reboot` finds to choose from: a kernel in /boot for each release. */
function bootFolder(catalogue: Catalogue): RootTree {
  return Object.fromEntries(
    catalogue.releases.map(({ release, branch, tag }) => [
      `/boot/vmlinuz-${release}`,
      `${release} (${branch} ${tag})\n`,
    ]),
  );
}

/** kbuild as make(1) in the machine wants it. */
function guestBuilder(build: BuildModule): ModuleBuilder {
  return ({ file, source, release }) => {
    const built = build(release, file, source);
    return "ko" in built
      ? { ok: true, ko: built.ko }
      : { ok: false, diagnostics: built.diagnostics };
  };
}

export function sessionParts(catalogue: Catalogue): Omit<SessionParts, "publish" | "breathe"> {
  const buildModule = createModuleBuilder(catalogue);
  const make = makeProgram(guestBuilder(buildModule));
  const rootFor = (request: BootRequest): RootTree => {
    // What a learner changed on the disk outlives a reboot, so only the first boot lays it out.
    if (request.root !== undefined) return {};
    return { ...userlandRoot(), "/usr/bin/make": make, ...bootFolder(catalogue), ...request.files };
  };
  return {
    catalogue,
    boot: createBoot(rootFor),
    buildModule,
  };
}
