/**
 * What the verifier of a release says of a program, without a machine: all that it asks for is in the
 * release's image.
 */
import type { ReleaseImage } from "../../image.ts";
import { decodeBase64 } from "../../lib/base64.ts";
import { Btf } from "../btf/btf.ts";
import { readBtf } from "../btf/read.ts";
import type { Instruction } from "../isa/instruction.ts";
import type { MapShape } from "../verifier/state.ts";
import { verify } from "../verifier/verify.ts";
import { shapeFor } from "./program-shape.ts";

export interface StaticProgram {
  readonly insns: readonly Instruction[];
  readonly type: number;
  readonly expectedAttachType: number;
  readonly attachBtfId: number;
  /** The machine is locked down to confidentiality. */
  readonly isConfidential: boolean;
  /** The map that the wide load at a slot names. */
  readonly mapAt: (slot: number) => MapShape | undefined;
}

/** The release's types; undefined if it was built without. */
export function btfOf(image: ReleaseImage): Btf | undefined {
  const read = image.btf === "" ? undefined : readBtf(decodeBase64(image.btf));
  return read instanceof Btf ? read : undefined;
}

/** Why it would be refused, or how far it reads into its context. */
export function verifyStatically(image: ReleaseImage, program: StaticProgram): string | number {
  const btf = btfOf(image);
  const registersSize = image.layouts["pt_regs"]?.size ?? 0;
  const shape = shapeFor({ ...program, btf, registersSize });
  if (typeof shape === "number") return `program type ${program.type}`;
  const verified = verify({
    insns: program.insns,
    shape: shape.shape,
    mapAt: program.mapAt,
    btf,
    sources: new Map(),
    isGpl: true,
    logLinesMax: 0,
  });
  return verified.ok ? verified.contextEnd : verified.message;
}
