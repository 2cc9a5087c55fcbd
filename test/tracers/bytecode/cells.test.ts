import { describe, expect, test } from "vitest";
import { btfOf } from "#kernel";
import { type Cell, runOne, type Tracer } from "#tracers";
import { cellParts, imageOf, openTestTrees, tracerOf } from "../../support/images.ts";

const cell = (tracer: Tracer, tag: string, commandLine = ""): Cell =>
  runOne({ ...cellParts(1), commandLine }, tracer, "prebuilt", imageOf(tag));

const { history } = openTestTrees();
const withBpf = history.releases
  .map(({ tag }) => tag)
  .filter((tag) => imageOf(tag).config["CONFIG_BPF_SYSCALL"] === true);

/** A tracer of one program that does nothing, hung somewhere. */
function hangsOn(section: string, body = "r0 = 0"): Tracer {
  const text = `license GPL\nprogram p: ${section}\n  ${body}\n  exit\n`;
  const declaration = {
    house: "bytecode",
    name: "probe",
    summary: "",
    source: "probe.bpf",
    workload: "$TRACE /bin/true",
    report: () => [],
    claim: () => [],
  } as const;
  return { declaration, text };
}

describe("bytecode on the releases", () => {
  test("there is none before Linux had it", () => {
    expect(cell(tracerOf("exitwatch"), "v4.11").verdict).toBe("load refused");
    expect(withBpf).toContain("v5.7");
    expect(withBpf).not.toContain("v4.11");
  });

  test.each(["exitwatch", "bpfcount"])("%s works on every release that has it", (name) => {
    const ends = [withBpf[0], withBpf.at(-1)].map((tag) => cell(tracerOf(name), tag ?? ""));
    expect(ends.map(({ verdict }) => verdict)).toEqual(["works", "works"]);
    expect(ends[0]?.evidence.reported.length).toBeGreaterThan(2);
  });

  test("a field that was renamed is found by its other name", () => {
    expect(cell(tracerOf("swcount"), "v5.7").verdict).toBe("works");
    expect(cell(tracerOf("swcount"), "v5.14").verdict).toBe("works");
  });

  test("arguments that moved are refused, and taken again when they have moved back", () => {
    const rc1 = cell(tracerOf("swcount"), "v5.18-rc1");
    expect([rc1.verdict, rc1.predicted]).toEqual(["verifier rejects", "goes wrong"]);
    expect(cell(tracerOf("swcount"), "v5.18").verdict).toBe("works");
  });

  test("what hangs on a function that is not there does not hang", () => {
    const ran = cell(hangsOn("kprobe/no_such_function"), "v5.7");
    expect([ran.verdict, ran.predicted]).toEqual(["attach fails", "goes wrong"]);
    expect(cell(hangsOn("kprobe/sys_openat"), "v5.7").verdict).toBe("works");
  });

  test("what hangs on an event that is not there does not hang", () => {
    expect(cell(hangsOn("tp/sched/no_such_event"), "v5.7").verdict).toBe("attach fails");
    expect(cell(hangsOn("tp/sched/sched_switch"), "v5.7").verdict).toBe("works");
    expect(cell(hangsOn("raw_tp/no_such_event"), "v5.7").verdict).toBe("attach fails");
  });

  test("a record is read to its end and no further, and ends elsewhere in another release", () => {
    // group_dead, of 6.16, lies behind what sched_process_exit told before.
    const reads = (off: number): Tracer =>
      hangsOn("tp/sched/sched_process_exit", `r0 = *(u8 *)(r1 + ${off})`);
    expect(cell(reads(31), "v6.13").verdict).toBe("works");
    expect(cell(reads(32), "v6.13").verdict).toBe("attach fails");
    expect(cell(reads(32), "v6.16").verdict).toBe("works");
  });

  test("a bare argument that the tracepoint does not have is refused when it is hung", () => {
    const reads = hangsOn("raw_tp/sched_process_exit", "r0 = *(u64 *)(r1 + 8)");
    expect(cell(reads, "v6.13").verdict).toBe("attach fails");
    expect(cell(reads, "v6.16").verdict).toBe("works");
  });

  test("a typed argument that it does not have is refused by the verifier", () => {
    const reads = hangsOn("tp_btf/sched_process_exit", "r0 = *(u64 *)(r1 + 8)");
    expect(cell(reads, "v6.13").verdict).toBe("verifier rejects");
    expect(cell(reads, "v6.16").verdict).toBe("works");
  });

  test("a program that could do harm is refused, by its source line", () => {
    const ran = cell(hangsOn("raw_tp/sched_switch", "r0 = *(u64 *)(r10 - 8)"), "v5.7");
    expect(ran.verdict).toBe("verifier rejects");
  });
});

test("on a machine that keeps its memory to itself there are no kprobes, and no reading of it", () => {
  const said = (tracer: Tracer): readonly unknown[] =>
    ["lockdown=integrity", "lockdown=confidentiality"].map((line) => {
      const { verdict, predicted } = cell(tracer, "v5.7", line);
      return [verdict, predicted];
    });
  const works = ["works", "works"];
  expect(said(hangsOn("kprobe/sys_openat"))).toEqual([
    works,
    ["denied by policy", "denied by policy"],
  ]);
  expect(said(hangsOn("tp/sched/sched_switch"))).toEqual([works, works]);
  const reads = "r1 = r10\n  r1 += -8\n  r2 = 8\n  r3 = 0\n  call bpf_probe_read_kernel\n  r0 = 0";
  expect(said(hangsOn("tp/sched/sched_switch", reads))).toEqual([
    works,
    ["verifier rejects", "goes wrong"],
  ]);
  const { dmesg } = cell(hangsOn("kprobe/nowhere"), "v5.7", "lockdown=confidentiality").evidence;
  expect(dmesg.at(-1)).toBe(
    "Lockdown: probe: use of kprobes is restricted; see man kernel_lockdown.7",
  );
});

test("the types of every release lie where its layouts say", () => {
  for (const tag of withBpf) {
    const image = imageOf(tag);
    const btf = btfOf(image);
    for (const layout of Object.values(image.layouts)) {
      const id = btf?.find("struct", layout.name) ?? 0;
      expect(btf?.sizeOf(id)).toBe(layout.size);
      for (const { name, offset, size } of layout.fields) {
        const member = btf?.member(id, name);
        expect([tag, layout.name, name, member?.bitOffset]).toEqual([
          tag,
          layout.name,
          name,
          8 * offset,
        ]);
        expect(btf?.sizeOf(member?.type ?? 0)).toBe(size);
      }
    }
  }
});
