import { expect, test } from "vitest";
import { SIGCHLD, SIGUSR1 } from "#abi";
import { runBare } from "../../support/bare-machine.ts";

test("a thread shares memory with its starter; a spawned process has a copy", () => {
  const { output } = runBare(
    function* (p) {
      const at = yield* p.sys.alloc(4096);
      yield* p.sys.thread(p.entry("store"), at);
      while (p.mem.load32(at) === 0) yield* p.sys.yieldProcessor();
      yield* p.print(`thread ${p.mem.load32(at)}\n`);
      p.mem.store32(at, 1);
      yield* p.sys.spawn(p.entry("store"), at);
      yield* p.sys.wait4(-1);
      yield* p.print(`process ${p.mem.load32(at)}\n`);
      return 0;
    },
    {
      *store(p) {
        p.mem.store32(p.arg, 42);
        return 0;
      },
    },
  );
  expect(output).toBe("thread 42\nprocess 1\n");
});

test("a handler runs on top of a sleep, which then says EINTR", () => {
  const { output } = runBare(
    function* (p) {
      const word = yield* p.sys.alloc(4096);
      yield* p.sys.sigaction(SIGUSR1, { handler: p.entry("handler") });
      yield* p.sys.spawn(p.entry("kicker"), word);
      const result = yield* p.sys.nanosleep(5e9);
      yield* p.print(`${result}\n`);
      return 0;
    },
    {
      *handler(p) {
        yield* p.print(`signal ${p.arg}\n`);
        return 0;
      },
      *kicker(p) {
        yield* p.sys.nanosleep(1e9);
        yield* p.sys.kill(yield* p.sys.getppid(), SIGUSR1);
        return 0;
      },
    },
  );
  expect(output).toBe("signal 10\n-4\n");
});

test("strings longer than one transfer go through a pipe in order", () => {
  const { output } = runBare(
    function* (p) {
      const ends = yield* p.sys.pipe();
      if (typeof ends === "number") return 1;
      yield* p.sys.spawn(p.entry("writer"), ends[1]);
      yield* p.sys.close(ends[1]);
      const bytes = yield* p.readAll(ends[0]);
      if (typeof bytes === "number") return 1;
      yield* p.print(`${bytes.length} ${bytes[0]} ${bytes.at(-1)}\n`);
      return 0;
    },
    {
      *writer(p) {
        yield* p.writeAll(p.arg, "a".repeat(200_000).concat("z"));
        return 0;
      },
    },
  );
  expect(output).toBe("200001 97 122\n");
});

test("the stack is where it was after every call", () => {
  const { output } = runBare(function* (p) {
    const mark = p.sys.mark();
    yield* p.readFile("/nope");
    yield* p.sys.stat("/tmp");
    yield* p.sys.execve("/nope", ["a", "b"], ["c=d"]);
    yield* p.sys.sigprocmask(0, [SIGCHLD]);
    yield* p.sys.getcwd();
    yield* p.sys.uname();
    yield* p.print(`${p.sys.mark() - mark}\n`);
    return 0;
  });
  expect(output).toBe("0\n");
});
