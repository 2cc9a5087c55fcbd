/**
 * The kernel's door: what the layers above may use.
 */
export { Btf } from "./bpf/btf/btf.ts";
export type { BtfMember, BtfType } from "./bpf/btf/format.ts";
export { readBtf, stringAt, stringsOf } from "./bpf/btf/read.ts";
export { BtfBuilder, StringSection } from "./bpf/btf/write.ts";
export { HELPERS as BPF_HELPERS, helperByName } from "./bpf/helpers/table.ts";
export { ARITHMETIC_ROWS as BPF_ARITHMETIC } from "./bpf/isa/arithmetic.ts";
export {
  type Instruction,
  isWide,
  LDDW,
  readInstructions,
  writeInstructions,
} from "./bpf/isa/instruction.ts";
export { JUMP_ROWS as BPF_JUMPS } from "./bpf/isa/jump.ts";
export { AssemblyProblem, parseInstruction } from "./bpf/isa/parse.ts";
export { printInstruction } from "./bpf/isa/print.ts";
export { btfOf, type StaticProgram, verifyStatically } from "./bpf/service/verify-statically.ts";
export {
  EVENT_FIELDS,
  EVENT_KINDS,
  EVENT_SCHEMA_VERSION,
  type EventKind,
  type EventOf,
  type KernelEvent,
} from "./event/catalogue.ts";
export { EventLog } from "./event/log.ts";
export type { Entry, ProgramImage, UserCode, UserCpu, UserMemory } from "./exec/program.ts";
export { HostInput, type HostStreams } from "./fs/host-stream.ts";
export type { RootEntry, RootTree } from "./fs/root-tree.ts";
export { type Disassembled, disassemble } from "./hw/hart/isa/assembly.ts";
export {
  REG_A0,
  REG_A1,
  REG_A7,
  REG_PC,
  REG_SP,
  REGISTER_NAMES,
  Registers,
} from "./hw/registers.ts";
export type { ExportedSymbol, ReleaseImage } from "./image.ts";
export type { CType, Field, Layouts, StructLayout } from "./kmem/layout.ts";
export { KernelBug } from "./lib/assert.ts";
export { decodeBase64, encodeBase64 } from "./lib/base64.ts";
export { isGplCompatible } from "./lib/license.ts";
export { Prng } from "./lib/prng.ts";
export { sha256 } from "./lib/sha256.ts";
export { decodeUtf8, encodeUtf8 } from "./lib/text.ts";
export type { Evaluate } from "./machine/release.ts";
export type { DiskState } from "./machine/root-state.ts";
export { bootLoaderFile } from "./machine/security-files.ts";
export { type BootOptions, boot, Machine, type SliceEnd, type SliceLimits } from "./machine.ts";
export { UserFault } from "./mm/address-space.ts";
export { type CompileModule, compileKo } from "./module/compile.ts";
export type { KoFile } from "./module/ko.ts";
export {
  KPROBE_BLACKLIST_START,
  KPROBE_BLACKLIST_STOP,
  NOKPROBE_PREFIX,
} from "./module/kprobe-blacklist.ts";
export {
  keyId,
  MODULE_SIG_STRING,
  type ModuleKey,
  signatureText,
} from "./module/signature.ts";
export { loadStatically } from "./module/static-load.ts";
export { portHeader } from "./port.ts";
export type {
  ArgKind,
  EnumSet,
  FlagSet,
  ReturnKind,
  StructName,
  SyscallSignature,
} from "./syscall/row.ts";
export { SYSCALLS } from "./syscall/table.ts";
export { readCommandLine } from "./task/command-line.ts";
export type { Halt } from "./task/kernel.ts";
export { PctPolicy, type RunLength } from "./task/pct.ts";
export {
  commandLineOf,
  isLockedDown,
  type MachinePolicy,
  policyOf,
  refusesUnsigned,
} from "./task/policy.ts";
export { STATE_LETTERS, TRANSITIONS as RUN_STATE_TRANSITIONS } from "./task/run-state.ts";
export {
  ChancePolicy,
  type Departure,
  FixedPolicy,
  formatSchedule,
  PLAIN_TURN,
  parseSchedule,
  RecordingPolicy,
  type Schedule,
  type SchedulePolicy,
  type TaskProgress,
} from "./task/schedule.ts";
export { entryAddress } from "./task/user-context.ts";
