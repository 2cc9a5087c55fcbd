/**
 * System calls about files, directories, pipes and descriptors.
 *
 * Source: the section-2 manual page of each. riscv64 has only the *at forms; the names without
 * `at` start from the current directory, as glibc's do.
 */
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  AT_SYMLINK_NOFOLLOW,
  decodeStruct,
  type FieldsOf,
  SYSCALL_NUMBERS as NR,
  readField,
  STAT_LAYOUT,
  structBytes,
  TIMESPEC_LAYOUT,
  viewOf,
} from "#abi";
import { decodeUtf8, encodeUtf8 } from "#kernel";
import { TRANSFER_SIZE_MAX, Trap, type UserCall } from "./trap.ts";

export type Stat = FieldsOf<typeof STAT_LAYOUT>;

export interface DirEntry {
  readonly ino: number;
  /** DT_REG, DT_DIR, ... */
  readonly type: number;
  readonly name: string;
}

export class FileCalls extends Trap {
  open(path: string, flags: number, mode = 0o666): UserCall {
    return this.openat(AT_FDCWD, path, flags, mode);
  }

  openat(dirfd: number, path: string, flags: number, mode = 0o666): UserCall {
    return this.withString(NR.openat, path, [dirfd], [flags, mode]);
  }

  close(fd: number): UserCall {
    return this.call(NR.close, fd);
  }

  /** Up to `size` bytes; an empty array at end of file. */
  *read(fd: number, size = 4096): UserCall<Uint8Array | number> {
    const mark = this.mark();
    const wanted = Math.min(size, TRANSFER_SIZE_MAX);
    const buffer = this.push(wanted);
    const result = yield* this.call(NR.read, fd, buffer, wanted);
    const answer = result < 0 ? result : this.mem.read(buffer, result);
    this.popTo(mark);
    return answer;
  }

  /** One write(2): the number of bytes taken may be smaller than what was given. */
  *write(fd: number, data: string | Uint8Array): UserCall {
    const mark = this.mark();
    const bytes = typeof data === "string" ? encodeUtf8(data) : data;
    const part = bytes.length > TRANSFER_SIZE_MAX ? bytes.subarray(0, TRANSFER_SIZE_MAX) : bytes;
    const result = yield* this.call(NR.write, fd, this.pushBytes(part), part.length);
    this.popTo(mark);
    return result;
  }

  lseek(fd: number, offset: number, whence: number): UserCall {
    return this.call(NR.lseek, fd, offset, whence);
  }

  dup(fd: number): UserCall {
    return this.call(NR.dup, fd);
  }

  dup3(from: number, to: number, flags = 0): UserCall {
    return this.call(NR.dup3, from, to, flags);
  }

  fcntl(fd: number, command: number, arg = 0): UserCall {
    return this.call(NR.fcntl, fd, command, arg);
  }

  /** Both ends, the one to read from first. */
  *pipe(flags = 0): UserCall<readonly [number, number] | number> {
    const bytes = yield* this.filling(NR.pipe2, 8, (buffer) => [buffer, flags]);
    if (typeof bytes === "number") return bytes;
    const view = viewOf(bytes);
    return [view.getInt32(0, true), view.getInt32(4, true)];
  }

  ftruncate(fd: number, size: number): UserCall {
    return this.call(NR.ftruncate, fd, size);
  }

  stat(path: string): UserCall<Stat | number> {
    return this.#statat(path, 0);
  }

  lstat(path: string): UserCall<Stat | number> {
    return this.#statat(path, AT_SYMLINK_NOFOLLOW);
  }

  *#statat(path: string, flags: number): UserCall<Stat | number> {
    const mark = this.mark();
    const name = this.pushString(path);
    const bytes = yield* this.filling(NR.newfstatat, STAT_LAYOUT.size, (buffer) => [
      AT_FDCWD,
      name,
      buffer,
      flags,
    ]);
    this.popTo(mark);
    return typeof bytes === "number" ? bytes : decodeStruct(STAT_LAYOUT, viewOf(bytes));
  }

  *fstat(fd: number): UserCall<Stat | number> {
    const bytes = yield* this.filling(NR.fstat, STAT_LAYOUT.size, (buffer) => [fd, buffer]);
    return typeof bytes === "number" ? bytes : decodeStruct(STAT_LAYOUT, viewOf(bytes));
  }

  access(path: string, mode: number): UserCall {
    return this.withString(NR.faccessat, path, [AT_FDCWD], [mode]);
  }

  /** The next entries of an open directory; none at its end. */
  *getdents(fd: number): UserCall<readonly DirEntry[] | number> {
    const mark = this.mark();
    const size = 4096;
    const buffer = this.push(size);
    const result = yield* this.call(NR.getdents64, fd, buffer, size);
    const answer = result < 0 ? result : parseDirents(this.mem.read(buffer, result));
    this.popTo(mark);
    return answer;
  }

  chdir(path: string): UserCall {
    return this.withString(NR.chdir, path, [], []);
  }

  *getcwd(): UserCall<string | number> {
    const mark = this.mark();
    const buffer = this.push(4096);
    const result = yield* this.call(NR.getcwd, buffer, 4096);
    const answer = result < 0 ? result : this.readString(buffer);
    this.popTo(mark);
    return answer;
  }

  mkdir(path: string, mode = 0o777): UserCall {
    return this.withString(NR.mkdirat, path, [AT_FDCWD], [mode]);
  }

  unlink(path: string): UserCall {
    return this.withString(NR.unlinkat, path, [AT_FDCWD], [0]);
  }

  rmdir(path: string): UserCall {
    return this.withString(NR.unlinkat, path, [AT_FDCWD], [AT_REMOVEDIR]);
  }

  *rename(from: string, to: string): UserCall {
    const mark = this.mark();
    const [a, b] = [this.pushString(from), this.pushString(to)];
    const result = yield* this.call(NR.renameat2, AT_FDCWD, a, AT_FDCWD, b, 0);
    this.popTo(mark);
    return result;
  }

  *link(from: string, to: string): UserCall {
    const mark = this.mark();
    const [a, b] = [this.pushString(from), this.pushString(to)];
    const result = yield* this.call(NR.linkat, AT_FDCWD, a, AT_FDCWD, b, 0);
    this.popTo(mark);
    return result;
  }

  *symlink(target: string, path: string): UserCall {
    const mark = this.mark();
    const [a, b] = [this.pushString(target), this.pushString(path)];
    const result = yield* this.call(NR.symlinkat, a, AT_FDCWD, b);
    this.popTo(mark);
    return result;
  }

  *readlink(path: string): UserCall<string | number> {
    const mark = this.mark();
    const name = this.pushString(path);
    const buffer = this.push(4096);
    const result = yield* this.call(NR.readlinkat, AT_FDCWD, name, buffer, 4096);
    const answer = result < 0 ? result : decodeUtf8(this.mem.read(buffer, result));
    this.popTo(mark);
    return answer;
  }

  chmod(path: string, mode: number): UserCall {
    return this.withString(NR.fchmodat, path, [AT_FDCWD], [mode]);
  }

  umask(mask: number): UserCall {
    return this.call(NR.umask, mask);
  }

  /** Sets both times to now, or to the given second. */
  *utimes(path: string, seconds?: number): UserCall {
    const mark = this.mark();
    const name = this.pushString(path);
    let times = 0;
    if (seconds !== undefined) {
      times = this.push(32);
      const bytes = structBytes(TIMESPEC_LAYOUT, { tv_sec: seconds });
      this.mem.write(times, bytes);
      this.mem.write(times + 16, bytes);
    }
    const result = yield* this.call(NR.utimensat, AT_FDCWD, name, times, 0);
    this.popTo(mark);
    return result;
  }

  /** ioctl(2) with a number or an address as its argument. */
  ioctl(fd: number, request: number, arg = 0): UserCall {
    return this.call(NR.ioctl, fd, request, arg);
  }

  /** ioctl(2) that fills `size` bytes. */
  ioctlRead(fd: number, request: number, size: number): UserCall<Uint8Array | number> {
    return this.filling(NR.ioctl, size, (buffer) => [fd, request, buffer]);
  }

  /** ioctl(2) that reads the given bytes. */
  *ioctlWrite(fd: number, request: number, bytes: Uint8Array): UserCall {
    const mark = this.mark();
    const result = yield* this.call(NR.ioctl, fd, request, this.pushBytes(bytes));
    this.popTo(mark);
    return result;
  }
}

function parseDirents(bytes: Uint8Array): DirEntry[] {
  const view = viewOf(bytes);
  const entries: DirEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = view.getUint16(at + 16, true);
    const end = bytes.indexOf(0, at + 19);
    entries.push({
      ino: readField(view, at, "u64"),
      type: view.getUint8(at + 18),
      name: decodeUtf8(bytes.subarray(at + 19, end)),
    });
    at += size;
  }
  return entries;
}
