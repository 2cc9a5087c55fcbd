/**
 * Our own bugs. An assertion that fails is a defect of quicksand, never of a guest: it throws
 * `KernelBug`, which only the host catches and reports with the machine's seed.
 */

export class KernelBug extends Error {
  override readonly name: string = "KernelBug";
}

/** States what must hold. Throws `KernelBug` when it does not. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new KernelBug(message);
}

/** For a branch that no value can reach: the compiler checks that the union is exhausted. */
export function unreachable(value: never, message: string): never {
  throw new KernelBug(`${message}: ${String(value)}`);
}
