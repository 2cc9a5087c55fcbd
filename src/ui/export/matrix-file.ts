/**
 * A matrix as a file: what it is of, and its cells with their evidence. Parts of one matrix that were
 * run on different machines can be put together again, and come to the same file as the whole run.
 */
import type { Cell } from "#tracers";
import type { MatrixRow } from "../host/column-job.ts";

const FORMAT = "quicksand-matrix 1";

/** What a matrix is of. Files can be merged if they agree in all of it. */
export interface MatrixPlan {
  /** Digests of quicksand's own code, and of the kernel's history. */
  readonly code: string;
  readonly history: string;
  /** The script that replaced the tracers' own workloads. */
  readonly workload?: string;
  /** What was added to the kernel's command line. */
  readonly cmdline?: string;
  readonly releases: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** One part of several. */
export interface Shard {
  readonly part: number;
  readonly parts: number;
}

export interface MatrixFile {
  readonly plan: MatrixPlan;
  /** The parts that it has; none when it is the whole. */
  readonly shards: readonly Shard[];
  /** Row by row. */
  readonly cells: readonly Cell[];
}

export const shardText = ({ part, parts }: Shard): string => `${part}/${parts}`;

export function parseShard(text: string): Shard | undefined {
  const [, part, parts] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  return part !== undefined && parts !== undefined && part >= 1 && part <= parts
    ? { part, parts }
    : undefined;
}

export function matrixFileText({ plan, shards, cells }: MatrixFile): string {
  const own = shards.length === 0 ? {} : { shards: shards.map(shardText) };
  return JSON.stringify({ format: FORMAT, ...plan, ...own, cells }, null, 2);
}

/** What a file says, or what is wrong with it. */
export function readMatrixFile(text: string): MatrixFile | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "is not JSON";
  }
  if (!isRecord(value) || value["format"] !== FORMAT)
    return `is no matrix: "format" is not "${FORMAT}"`;
  const { format, shards = [], cells, ...plan } = value;
  void format;
  const lists = [shards, cells, plan["releases"], plan["rows"]];
  if (!lists.every((list) => Array.isArray(list))) return "has no cells, releases or rows";
  if (!(cells as readonly unknown[]).every(isCell)) return "has cells that are none";
  const known = (shards as readonly unknown[]).map((each) => parseShard(String(each)));
  if (known.includes(undefined)) return "has shards that are none";
  return {
    plan: plan as unknown as MatrixPlan,
    shards: known as readonly Shard[],
    cells: cells as readonly Cell[],
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** As far as merging and drawing need it. */
function isCell(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value["evidence"])) return false;
  const words = ["tracer", "house", "delivery", "branch", "release", "verdict", "predicted"];
  return words.every((word) => typeof value[word] === "string");
}

const placeOf = ({ tracer, delivery, release }: Cell): string =>
  `${tracer}, ${delivery}, on ${release}`;

/** In what two plans differ, in words; undefined if they are the same. */
function difference(a: MatrixPlan, b: MatrixPlan): string | undefined {
  if (a.code !== b.code) return "is of another version of quicksand";
  if (a.history !== b.history) return "is of another history of the kernel";
  if (a.workload !== b.workload) return "is of another workload";
  if (a.cmdline !== b.cmdline) return "is of another command line";
  const same = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);
  if (!same(a.releases, b.releases)) return "is of other releases";
  return same(a.rows, b.rows) ? undefined : "is of other tracers";
}

export interface NamedFile {
  readonly name: string;
  readonly file: MatrixFile;
}

/** The parts put together; or which file does not belong to the others, and why. */
export function mergeMatrices(
  files: readonly [NamedFile, ...NamedFile[]],
): MatrixFile | { readonly name: string; readonly problem: string } {
  const [first] = files;
  const { plan } = first.file;
  const owners = new Map<string, string>();
  const cells = new Map<string, Cell>();
  for (const { name, file } of files) {
    const problem = difference(plan, file.plan) ?? otherParts(first.file, file);
    if (problem !== undefined) return { name, problem: `${problem} than ${first.name}` };
    for (const cell of file.cells) {
      const place = placeOf(cell);
      const owner = owners.get(place);
      if (owner !== undefined)
        return { name, problem: `has a cell that ${owner} has, too: ${place}` };
      owners.set(place, name);
      cells.set(place, cell);
    }
  }
  const ordered = plan.rows.flatMap(({ tracer, delivery }) =>
    plan.releases.flatMap((release) => {
      const cell = cells.get(`${tracer}, ${delivery}, on ${release}`);
      return cell === undefined ? [] : [cell];
    }),
  );
  const shards = files.flatMap(({ file }) => file.shards).sort((a, b) => a.part - b.part);
  return { plan, cells: ordered, shards: shards.length === shards[0]?.parts ? [] : shards };
}

function otherParts(a: MatrixFile, b: MatrixFile): string | undefined {
  const [x, y] = [a.shards[0]?.parts, b.shards[0]?.parts];
  return x === y ? undefined : "is divided into another number of parts";
}

/** Parts that are not there. */
export function missingShards({ shards }: MatrixFile): readonly Shard[] {
  const parts = shards[0]?.parts ?? 0;
  return Array.from({ length: parts }, (_, index) => ({ part: index + 1, parts })).filter(
    ({ part }) => !shards.some((shard) => shard.part === part),
  );
}
