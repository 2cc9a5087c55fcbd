/**
 * Redirections: resolving their words, applying them, and undoing them after a builtin.
 *
 * Source: POSIX.1-2017, XCU 2.7 "Redirection"; messages are those of busybox ash.
 */
import {
  EBADF,
  ENOENT,
  F_DUPFD_CLOEXEC,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "#abi";
import { encodeUtf8 } from "#kernel";
import type { Proc } from "../../libc/proc.ts";
import type { UserCall } from "../../libc/trap.ts";
import type { Redirect, RedirectOp } from "./ast.ts";
import { expandText } from "./expand.ts";
import { EXPANSION_FAILED, type Expanded } from "./parameter.ts";
import type { Shell } from "./state.ts";

export interface ResolvedRedirect {
  readonly fd: number;
  readonly op: RedirectOp;
  readonly target: string;
}

/** First descriptor that a shell may use for itself. */
export const PRIVATE_FD_MIN = 10;

const OPEN_FLAGS: Readonly<Partial<Record<RedirectOp, number>>> = {
  "<": O_RDONLY,
  ">": O_WRONLY | O_CREAT | O_TRUNC,
  ">|": O_WRONLY | O_CREAT | O_TRUNC,
  ">>": O_WRONLY | O_CREAT | O_APPEND,
  "<>": O_RDWR | O_CREAT,
};

export function* resolveRedirects(
  sh: Shell,
  redirects: readonly Redirect[],
): Expanded<ResolvedRedirect[]> {
  const resolved: ResolvedRedirect[] = [];
  for (const { fd, op, target } of redirects) {
    const text = yield* expandText(sh, target);
    if (text === EXPANSION_FAILED) return text;
    resolved.push({ fd, op, target: text });
  }
  return resolved;
}

/** Performs the redirections; false after a message when one fails. */
export function* applyRedirects(
  p: Proc,
  name: string,
  redirects: readonly ResolvedRedirect[],
): UserCall<boolean> {
  for (const redirect of redirects) {
    const result = yield* applyOne(p, redirect);
    if (result >= 0) continue;
    const creating = redirect.op !== "<" && redirect.op !== "<&" && redirect.op !== ">&";
    const verb = creating ? "create" : "open";
    const reason = result === -ENOENT && !creating ? "no such file" : p.strerror(result);
    const text =
      result === -EBADF
        ? `${redirect.target}: Bad file descriptor`
        : `can't ${verb} ${redirect.target}: ${reason}`;
    yield* p.error(`${name}: ${text}\n`);
    return false;
  }
  return true;
}

function* applyOne(p: Proc, { fd, op, target }: ResolvedRedirect): UserCall {
  const { sys } = p;
  if (op === "<&" || op === ">&") {
    if (target === "-") return yield* sys.close(fd);
    if (!/^\d+$/.test(target)) return -EBADF;
    return Number(target) === fd ? fd : yield* sys.dup3(Number(target), fd);
  }
  if (op === "<<") return yield* feedText(p, fd, target);
  const opened = yield* sys.open(target, OPEN_FLAGS[op] ?? O_RDONLY);
  return opened < 0 ? opened : yield* moveTo(p, opened, fd);
}

function* moveTo(p: Proc, from: number, to: number): UserCall {
  if (from === to) return to;
  const result = yield* p.sys.dup3(from, to);
  yield* p.sys.close(from);
  return result;
}

/** What a pipe holds, as shells assume when they are built: more would block the writer. */
const PIPE_SIZE_BYTES = 65536;

/** A here-document is a pipe with its text in it, or a file without a name where it is too long. */
function* feedText(p: Proc, fd: number, text: string): UserCall {
  if (encodeUtf8(text).length > PIPE_SIZE_BYTES) return yield* feedFile(p, fd, text);
  const ends = yield* p.sys.pipe(O_CLOEXEC);
  if (typeof ends === "number") return ends;
  yield* p.writeAll(ends[1], text);
  yield* p.sys.close(ends[1]);
  return yield* moveTo(p, ends[0], fd);
}

function* feedFile(p: Proc, fd: number, text: string): UserCall {
  const { sys } = p;
  const path = `/tmp/sh-thd.${yield* sys.getpid()}`;
  const output = yield* sys.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600);
  if (output < 0) return output;
  const written = yield* p.writeAll(output, text);
  yield* sys.close(output);
  const input = written < 0 ? written : yield* sys.open(path, O_RDONLY | O_CLOEXEC);
  yield* sys.unlink(path);
  return input < 0 ? input : yield* moveTo(p, input, fd);
}

/** Runs `body` with the redirections in force and puts the descriptors back. */
export function withRedirects(
  sh: Shell,
  redirects: readonly Redirect[],
  body: () => UserCall,
): UserCall {
  return redirects.length === 0 ? body() : redirected(sh, redirects, body);
}

function* redirected(sh: Shell, redirects: readonly Redirect[], body: () => UserCall): UserCall {
  const resolved = yield* resolveRedirects(sh, redirects);
  if (resolved === EXPANSION_FAILED) return 1;
  const { sys } = sh.p;
  const saved: (readonly [fd: number, copy: number])[] = [];
  for (const { fd } of resolved) {
    saved.push([fd, yield* sys.fcntl(fd, F_DUPFD_CLOEXEC, PRIVATE_FD_MIN)]);
  }
  const status = (yield* applyRedirects(sh.p, sh.name, resolved)) ? yield* body() : 1;
  for (const [fd, copy] of saved.reverse()) {
    if (copy < 0) {
      yield* sys.close(fd);
      continue;
    }
    yield* sys.dup3(copy, fd);
    yield* sys.close(copy);
  }
  return status;
}
