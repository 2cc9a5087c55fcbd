/** The same source in other configurations: what is the same, and what a module meets. */
import { describe, expect, test } from "vitest";
import { boot, type ReleaseImage } from "#kernel";
import { type Delivery, releaseName, runOne, type Verdict } from "#tracers";
import { userlandRoot } from "#userland";
import {
  cellParts,
  imageOf,
  openTestTrees,
  releaseOf,
  tracerOf,
  treeHistory,
} from "../../support/images.ts";

function logOf(image: ReleaseImage): readonly string[] {
  const machine = boot({
    image,
    seed: 1,
    root: {
      ...userlandRoot(),
      "/root/script": "uname -r; uname -v; poweroff\n",
      "/tmp": { dir: true },
    },
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
    init: ["/sbin/init", "/bin/sh", "/root/script"],
  });
  machine.log.keep();
  machine.slice({ untilNs: 60e9, eventsMax: 100_000, atInput: true });
  return machine.log.events.flatMap((event) =>
    event.kind === "tty-write" || event.kind === "printk" ? [event.text.trim()] : [],
  );
}

const verdictOf = (
  tracer: string,
  delivery: Delivery,
  release: string,
  seed = 1,
): { verdict: Verdict; dmesg: string } => {
  const { verdict, evidence } = runOne(
    cellParts(seed),
    tracerOf(tracer),
    delivery,
    imageOf(release),
  );
  return { verdict, dmesg: evidence.dmesg.join("\n") };
};

test.each(treeHistory().variants.map(releaseName))("%s boots, and says what it is", (name) => {
  const image = imageOf(name);
  const log = logOf(image);
  expect(log).toContain(image.uname);
  const isPreemptible = image.config["CONFIG_PREEMPT"] === true;
  expect(log.some((line) => /^#1( SMP)? PREEMPT$/.test(line))).toBe(isPreemptible);
});

describe("vermagic", () => {
  test("names the release and the options that change what a module may assume", () => {
    expect(imageOf("v5.14+up").vermagic).toBe(
      "5.14-quicksand+up preempt mod_unload modversions riscv64",
    );
    expect(imageOf("v6.13+server").vermagic).toBe(
      "6.13-quicksand+server SMP mod_unload modversions riscv64",
    );
  });

  test("is all that is compared without checksums, and does not tell of a layout", () => {
    const [plain, custom] = [imageOf("v2.6.32+plain"), imageOf("v2.6.32+custom")];
    expect(custom.vermagic).toBe(plain.vermagic);
    expect(custom.layouts["task_struct"]).not.toEqual(plain.layouts["task_struct"]);
    expect(verdictOf("exitlog", "prebuilt", "v2.6.32+plain").verdict).toBe("works");
    expect(verdictOf("exitlog", "prebuilt", "v2.6.32+custom").verdict).toBe("reports wrong data");
    expect(verdictOf("exitlog", "rebuilt", "v2.6.32+custom").verdict).toBe("works");
    expect(verdictOf("exitlog", "prebuilt", "v2.6.32").dmesg).toMatch(
      /^exitlog: version magic '2.6.32-quicksand SMP .*' should be '2.6.32-quicksand SMP .*modversions/,
    );
  });
});

test("a checksum tells of a layout that an option changed", () => {
  expect(verdictOf("openwatch", "prebuilt", "v2.6.32").verdict).toBe("works");
  const image = openTestTrees().image({ ...releaseOf(treeHistory(), "v2.6.32"), config: "debug" });
  if (typeof image === "string") throw new Error(image);
  const { evidence } = runOne(cellParts(1), tracerOf("openwatch"), "prebuilt", image);
  expect(evidence.dmesg.join("\n")).toMatch(/disagrees about version/);
});

test("a tracepoint may not be there: that shows when the module runs", () => {
  expect(verdictOf("fdwatch", "rebuilt", "v5.14").verdict).toBe("works");
  expect(verdictOf("fdwatch", "rebuilt", "v5.14+up").verdict).toBe("attach fails");
});

test("without preemption of the kernel a table without a lock stays whole", () => {
  for (const seed of [1, 2, 3, 4])
    expect(verdictOf("fdwatch", "rebuilt", "v6.13+server", seed).verdict).toBe("works");
  expect(verdictOf("fdwatch", "rebuilt", "v6.13").verdict).toBe("reports wrong data");
});

test("a kernel that wants signatures takes no module without one, forced or not", () => {
  for (const delivery of ["prebuilt", "forced"] as const)
    expect(verdictOf("exitlog", delivery, "v6.16+hardened")).toEqual({
      verdict: "denied by policy",
      dmesg: "Loading of unsigned module is rejected",
    });
});
