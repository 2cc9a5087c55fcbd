import { describe, expect, test } from "vitest";
import {
  AF_INET,
  AF_UNIX,
  CMSGHDR_LAYOUT,
  EADDRINUSE,
  EAFNOSUPPORT,
  EAGAIN,
  ECONNREFUSED,
  ECONNRESET,
  EINVAL,
  EMSGSIZE,
  ENOTCONN,
  ENOTSOCK,
  EPIPE,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_TRUNC,
  MSGHDR_LAYOUT,
  O_RDONLY,
  SCM_RIGHTS,
  SHUT_WR,
  SO_ERROR,
  SO_PEERCRED,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
} from "#abi";
import { encodeUtf8 } from "#kernel";
import { type Call, type Guest, runGuest } from "./guest.ts";

function* pair(g: Guest, type: number): Generator<undefined, readonly [number, number], void> {
  const at = g.room(8);
  yield* g.call("socketpair", AF_UNIX, type, 0, at);
  const view = g.view(at, 8);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}

function* send(g: Guest, fd: number, text: string, flags = 0): Call {
  const bytes = encodeUtf8(text);
  return yield* g.call("sendto", fd, g.put(bytes), bytes.length, flags, 0, 0);
}

function* receive(
  g: Guest,
  fd: number,
  size: number,
  flags = 0,
): Generator<undefined, string | number, void> {
  const at = g.room(size);
  const got = yield* g.call("recvfrom", fd, at, size, flags, 0, 0);
  return got < 0 ? got : g.text(at, Math.min(got, size));
}

/** A struct sockaddr_un and its size. */
function address(g: Guest, path: string): readonly [number, number] {
  const bytes = encodeUtf8(path);
  const all = new Uint8Array(bytes.length + 3);
  all[0] = AF_UNIX;
  all.set(bytes, 2);
  return [g.put(all), path.startsWith("\0") ? all.length - 1 : all.length];
}

describe("a pair", () => {
  test("of stream sockets carries bytes both ways, without bounds between messages", () => {
    const seen = runGuest(function* (g) {
      const [a, b] = yield* pair(g, SOCK_STREAM);
      yield* send(g, a, "one");
      yield* send(g, a, "two");
      yield* send(g, b, "back");
      return [yield* receive(g, b, 4), yield* receive(g, b, 10), yield* receive(g, a, 10)];
    });
    expect(seen).toEqual(["onet", "wo", "back"]);
  });

  test.each([
    ["datagrams", SOCK_DGRAM],
    ["sequenced packets", SOCK_SEQPACKET],
  ])("of %s keeps messages apart and cuts what does not fit", (_name, type) => {
    const seen = runGuest(function* (g) {
      const [a, b] = yield* pair(g, type);
      yield* send(g, a, "first");
      yield* send(g, a, "second");
      const peeked = yield* receive(g, b, 2, MSG_PEEK);
      const at = g.room(16);
      const whole = yield* g.call("recvfrom", b, at, 2, MSG_TRUNC, 0, 0);
      return [peeked, whole, yield* receive(g, b, 16), yield* receive(g, b, 16, MSG_DONTWAIT)];
    });
    expect(seen).toEqual(["fi", 5, "second", -EAGAIN]);
  });

  test("ends with the other side: end of file for the reader, EPIPE for the writer", () => {
    const seen = runGuest(function* (g) {
      const [a, b] = yield* pair(g, SOCK_STREAM);
      yield* send(g, a, "last");
      yield* g.call("close", a);
      return [
        yield* receive(g, b, 10),
        yield* receive(g, b, 10),
        yield* send(g, b, "x", MSG_NOSIGNAL),
      ];
    });
    expect(seen).toEqual(["last", "", -EPIPE]);
  });

  test("whose other side left with something unread was reset", () => {
    const seen = runGuest(function* (g) {
      const [a, b] = yield* pair(g, SOCK_STREAM);
      yield* send(g, b, "nobody reads this");
      yield* g.call("close", a);
      return [yield* receive(g, b, 10), yield* receive(g, b, 10)];
    });
    expect(seen).toEqual([-ECONNRESET, ""]);
  });

  test("that was shut for writing gives its reader the end of the file", () => {
    const seen = runGuest(function* (g) {
      const [a, b] = yield* pair(g, SOCK_STREAM);
      yield* g.call("shutdown", a, SHUT_WR);
      return [yield* receive(g, b, 1), yield* send(g, b, "ok"), yield* receive(g, a, 10)];
    });
    expect(seen).toEqual(["", 2, "ok"]);
  });
});

describe("a server", () => {
  test("is found by its path, and both sides know each other", () => {
    const seen = runGuest(function* (g) {
      const server = yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0);
      const [name, size] = address(g, "/sock");
      const bound = yield* g.call("bind", server, name, size);
      const twice = yield* g.call(
        "bind",
        yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0),
        name,
        size,
      );
      const client = yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0);
      const early = yield* g.call("connect", client, name, size);
      yield* g.call("listen", server, 5);
      const connected = yield* g.call("connect", client, name, size);
      const served = yield* g.call("accept", server, 0, 0);
      yield* send(g, client, "hello");
      const credentials = g.room(12);
      yield* g.call("getsockopt", served, SOL_SOCKET, SO_PEERCRED, credentials, g.words(12));
      return {
        calls: [bound, twice, early, connected],
        text: yield* receive(g, served, 10),
        pid: g.view(credentials, 4).getInt32(0, true),
      };
    });
    expect(seen).toEqual({ calls: [0, -EADDRINUSE, -ECONNREFUSED, 0], text: "hello", pid: 1 });
  });

  test("with an abstract name leaves no file behind", () => {
    const seen = runGuest(function* (g) {
      const server = yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0);
      const [name, size] = address(g, "\0abstract");
      yield* g.call("bind", server, name, size);
      yield* g.call("listen", server, 1);
      const client = yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0);
      const before = yield* g.call("connect", client, name, size);
      yield* g.call("close", server);
      const late = yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0);
      return [before, yield* g.call("connect", late, name, size)];
    });
    expect(seen).toEqual([0, -ECONNREFUSED]);
  });

  test("of datagrams answers whoever sent one, by name", () => {
    const seen = runGuest(function* (g) {
      const server = yield* g.call("socket", AF_UNIX, SOCK_DGRAM, 0);
      const client = yield* g.call("socket", AF_UNIX, SOCK_DGRAM, 0);
      const to = address(g, "/server");
      yield* g.call("bind", server, ...to);
      yield* g.call("bind", client, ...address(g, "/client"));
      const bytes = g.put(encodeUtf8("ask"));
      const sent = yield* g.call("sendto", client, bytes, 3, 0, ...to);
      const from = g.room(110);
      const size = g.words(110);
      yield* g.call("recvfrom", server, g.room(8), 8, 0, from, size);
      const length = g.view(size, 4).getInt32(0, true);
      const answered = yield* g.call("sendto", server, bytes, 3, 0, from, length);
      return [sent, g.text(from + 2, length - 3), answered, yield* receive(g, client, 8)];
    });
    expect(seen).toEqual([3, "/client", 3, "ask"]);
  });
});

test("a descriptor that is sent is the same open file at the other end", () => {
  const seen = runGuest(
    function* (g) {
      const [a, b] = yield* pair(g, SOCK_STREAM);
      const fd = yield* g.open("/f", O_RDONLY);
      yield* g.call("lseek", fd, 2, 0);
      const control = g.room(24);
      g.store32(control, [CMSGHDR_LAYOUT.size + 4, 0, SOL_SOCKET, SCM_RIGHTS, fd, 0]);
      const vector = g.words(g.str("x"), 1);
      const message = g.words(0, 0, vector, 1, control, 24, 0);
      const sent = yield* g.call("sendmsg", a, message, 0);
      yield* g.call("close", fd);
      const received = g.words(0, 0, g.words(g.room(4), 4), 1, g.room(24), 24, 0);
      const got = yield* g.call("recvmsg", b, received, 0);
      const at = Number(g.view(received, MSGHDR_LAYOUT.size).getBigUint64(32, true));
      const passed = g.view(at, 24).getInt32(16, true);
      const text = g.room(8);
      yield* g.call("read", passed, text, 8);
      return [sent, got, g.text(text, 3)];
    },
    { "/f": "abcde" },
  );
  expect(seen).toEqual([1, 1, "cde"]);
});

test("what there is not is refused", () => {
  const seen = runGuest(function* (g) {
    const fd = yield* g.call("socket", AF_UNIX, SOCK_STREAM, 0);
    const packet = yield* pair(g, SOCK_DGRAM);
    return [
      yield* g.call("socket", AF_INET, SOCK_STREAM, 0),
      yield* g.call("listen", 0, 1),
      yield* send(g, fd, "x", MSG_NOSIGNAL),
      yield* receive(g, fd, 1),
      yield* g.call("sendto", packet[0], 0x1000, 2 ** 40, 0, 0, 0),
      yield* g.call("getsockopt", fd, SOL_SOCKET, SO_ERROR, g.room(4), g.words(4)),
    ];
  });
  expect(seen).toEqual([-EAFNOSUPPORT, -ENOTSOCK, -ENOTCONN, -EINVAL, -EMSGSIZE, 0]);
});
