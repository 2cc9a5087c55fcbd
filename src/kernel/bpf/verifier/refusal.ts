/**
 * A refused program: the errno, the instruction, and why. Thrown inside the verifier, where a check
 * may be many calls deep, and caught at its door.
 */

export type RefusalErrno = "EACCES" | "EINVAL" | "E2BIG" | "EPERM";

export class Refusal extends Error {
  readonly errno: RefusalErrno;
  readonly slot: number;

  constructor(errno: RefusalErrno, slot: number, message: string) {
    super(message);
    this.errno = errno;
    this.slot = slot;
  }
}
