/**
 * What can be said of a bytecode tracer on a release without running it: whether the release has
 * bpf(2), what the verifier says of the programs fitted to the release's types, and whether what they
 * hang on is there.
 */
import { Btf, btfOf, type ReleaseImage, verifyStatically } from "#kernel";
import { assemble } from "../bytecode/assemble.ts";
import { type LinkedProgram, linkProgram } from "../bytecode/link-program.ts";
import type { BpfObject, ObjectProgram } from "../bytecode/object.ts";
import type { Tracer } from "../define-tracer.ts";
import type { Prediction } from "./predict.ts";

export function predictBytecode(
  tracer: Tracer,
  image: ReleaseImage,
  isConfidential: boolean,
): Prediction {
  const assembled = assemble(tracer.declaration.name, tracer.text);
  if (!assembled.ok) return "build fails";
  if (image.config["CONFIG_BPF_SYSCALL"] !== true) return "load refused";
  const kernel = btfOf(image) ?? new Btf([]);
  const { object } = assembled;
  let isProbing = false;
  for (const program of object.programs) {
    const linked = linkProgram(object, program, kernel);
    if (typeof linked === "string") return "load refused";
    if (!isAccepted(object, program, linked, { image, isConfidential })) return "goes wrong";
    isProbing ||= linked.point.kind === "function";
  }
  // Who may not use kprobes is told when the program is to hang.
  return isConfidential && isProbing ? "denied by policy" : "works";
}

function isAccepted(
  object: BpfObject,
  { mapUses }: ObjectProgram,
  { point, attachId, insns }: LinkedProgram,
  { image, isConfidential }: { readonly image: ReleaseImage; readonly isConfidential: boolean },
): boolean {
  const uses = new Map(mapUses.map(({ slot, map }) => [slot, map]));
  const said = verifyStatically(image, {
    // A map is named by its descriptor; which one does not matter here.
    insns: insns.map((insn, slot) => (uses.has(slot) ? { ...insn, src: 1 } : insn)),
    type: point.programType,
    expectedAttachType: point.expectedAttachType,
    attachBtfId: attachId,
    isConfidential,
    mapAt: (slot) => object.maps.find((map) => map.name === uses.get(slot)),
  });
  if (typeof said === "string") return false;
  switch (point.kind) {
    case "event": {
      const event = point.target.slice(point.target.indexOf("/") + 1);
      const last = image.layouts[`trace_event_raw_${event}`]?.fields.at(-1);
      return last !== undefined && said <= last.offset + last.size;
    }
    case "function":
      return image.objects.some(({ linked }) => linked.functions.includes(point.target));
    default:
      return true;
  }
}
