/**
 * Everything a real session is made of: release images, a booting machine with userland on its disk,
 * and kbuild.
 */
import type { RootTree } from "#kernel";
import { COVERAGE, FUNCTRACE, QDB, STRACE_TRACER } from "#tracers";
import {
  dkmsProgram,
  type ModuleBuilder,
  makeProgram,
  signFileProgram,
  userlandRoot,
} from "#userland";
import { createBoot } from "./boot-machine.ts";
import type { Catalogue } from "./catalogue.ts";
import type { BootRequest } from "./hosted-machine.ts";
import { type BuildModule, createModuleBuilder } from "./module-builder.ts";
import { ownerFiles, signModule } from "./module-signer.ts";
import type { SessionParts } from "./session.ts";

/**
 * What `reboot` finds to choose from, a kernel in /boot for each release, and what make(1) looks for: the
 * headers of each. Without its folder a release has no kbuild on this machine.
 */
function installedKernels(catalogue: Catalogue): RootTree {
  return Object.fromEntries(
    catalogue.releases.flatMap(({ release, branch, tag }) => [
      [`/boot/vmlinuz-${release}`, `${release} (${branch} ${tag})\n`],
      [`/lib/modules/${release}/build`, { link: `/usr/src/linux-headers-${release}` }],
      [`/usr/src/linux-headers-${release}/Makefile`, "# kbuild is part of make(1) here\n"],
    ]),
  );
}

/** The tracers that are programs, by their names. */
export function programTracers(): RootTree {
  const declaration = STRACE_TRACER;
  const strace =
    declaration.house === "rock" ? { [`/usr/bin/${declaration.name}`]: declaration.main } : {};
  const others = [FUNCTRACE, COVERAGE, QDB].map((tool) => [`/usr/bin/${tool.name}`, tool]);
  return { ...strace, ...Object.fromEntries(others) };
}

/** kbuild as make(1) in the machine wants it. */
function guestBuilder(build: BuildModule): ModuleBuilder {
  return ({ release, name, sources: [{ file, source }, ...others], symvers: theirs }) => {
    const symvers = theirs.map((symbol) => ({ ...symbol, file: `${symbol.module}.ts` }));
    const built = build(release, {
      name: name.replaceAll("-", "_"),
      file,
      source,
      others,
      symvers,
    });
    const { features = [] } = built;
    return "ko" in built
      ? { ok: true, ko: built.ko, features }
      : { ok: false, diagnostics: built.diagnostics, features };
  };
}

/** `modules` are laid into the root file system beside the userland: see `module-sources.ts`. */
export function sessionParts(
  catalogue: Catalogue,
  modules: RootTree,
): Omit<SessionParts, "publish" | "breathe"> {
  const build = guestBuilder(createModuleBuilder(catalogue));
  const rootFor = (request: BootRequest): RootTree => {
    // What a learner changed on the disk outlives a reboot, so only the first boot lays it out.
    if (request.root !== undefined) return {};
    return {
      ...userlandRoot(),
      "/usr/bin/make": makeProgram(build),
      "/sbin/dkms": dkmsProgram({ build, sign: signModule }),
      "/usr/bin/sign-file": signFileProgram(signModule),
      ...ownerFiles(),
      "/etc/default/grub": 'GRUB_CMDLINE_LINUX=""\n',
      ...programTracers(),
      ...installedKernels(catalogue),
      ...modules,
      ...request.files,
    };
  };
  return {
    catalogue,
    boot: createBoot(rootFor),
  };
}
