// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell has these too.
import { describe, expect, test } from "vitest";
import { runCommand, ShellSession } from "../../support/shell-session.ts";

describe("commands", () => {
  test.each([
    ["echo a 'b  c' \"d  e\"", "a b  c d  e\n"],
    ["x='1  2'; echo $x \"$x\"", "1 2 1  2\n"],
    ["false || echo no; true && echo yes", "no\nyes\n"],
    ["! true; echo $?", "1\n"],
    ["(exit 4); echo $?", "4\n"],
    ["echo $(echo in; echo out)", "in out\n"],
    ["echo `echo old`", "old\n"],
    ["echo one | cat | cat", "one\n"],
    ["nosuch; echo $?", "sh: nosuch: not found\n127\n"],
    ["/etc/passwd; echo $?", "sh: /etc/passwd: Permission denied\n126\n"],
    ["sh -c 'echo $0 $1' name arg", "name arg\n"],
    ["echo /etc/pass*", "/etc/passwd\n"],
    ["echo '/etc/pass*' nope*", "/etc/pass* nope*\n"],
    ["x=abc.ts; echo ${x%.ts} ${x#a} ${#x} ${y:-def} ${x:+set}", "abc bc.ts 6 def set\n"],
    ["set -- p 'q r'; for i; do echo \"<$i>\"; done", "<p>\n<q r>\n"],
    ["case abc in x) echo 1;; a*|b) echo 2;; esac", "2\n"],
    ["i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done", "1\n3\n"],
    ["for i in 1 2; do for j in a b; do [ $j = b ] && break 2; echo $i$j; done; done", "1a\n"],
    ['f() { echo "f $1"; return 3; }; f x; echo $?', "f x\n3\n"],
    ["A=1 env | grep ^A=; echo ${A:-unset}", "A=1\nunset\n"],
    ["export B=2; sh -c 'echo $B'", "2\n"],
    ["eval 'echo evaluated'", "evaluated\n"],
    ["echo 'a b' | while read x y; do echo $y-$x; done", "b-a\n"],
    ["cd /nope; echo $?", "sh: cd: can't cd to /nope: No such file or directory\n2\n"],
    ["set -x; echo hi", "+ echo hi\nhi\n"],
    ["sh -ec 'false; echo not'; echo $?", "1\n"],
    ["sh -ec 'if false; then :; fi; false || echo on'; echo $?", "on\n0\n"],
    ["umask; umask 077; umask", "0022\n0077\n"],
    ["type cd ls", "cd is a shell builtin\nls is /bin/ls\n"],
    ["echo ok & wait; echo $?", "[1] 3\nok\n0\n[1]+  Done                    echo ok\n"],
    ["fi", 'sh: syntax error: unexpected "fi"\n'],
    [
      "kill -USR1 $$ & trap 'echo caught' USR1; sleep 1",
      "[1] 3\ncaught\n[1]+  Done                    kill -USR1 $$\n",
    ],
    ["sh -c 'trap \"echo bye\" EXIT; exit 3'; echo $?", "bye\n3\n"],
    ["sh -c 'kill -9 $$'; echo $?", "Killed\n137\n"],
  ])("%s", (command, output) => {
    expect(runCommand(command)).toBe(output);
  });
});

describe("redirections", () => {
  test.each([
    ["echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f", "a\nb\n"],
    [
      "ls /nope 2>&1 >/dev/null | cat -n",
      "     1\tls: cannot access '/nope': No such file or directory\n",
    ],
    ["cat < /nope; echo $?", "sh: can't open /nope: no such file\n1\n"],
    ["echo x > /nope/f", "sh: can't create /nope/f: No such file or directory\n"],
    ["{ echo a; echo b; } > /tmp/f; wc -l < /tmp/f", "2\n"],
    ["exec 3> /tmp/f; echo hi >&3; exec 3>&-; cat /tmp/f", "hi\n"],
    ["echo x >&7", "sh: 7: Bad file descriptor\n"],
  ])("%s", (command, output) => {
    expect(runCommand(command)).toBe(output);
  });
});

test("a script file runs with its name as $0, by sh and by its #! line", () => {
  const session = new ShellSession({ "/tmp/s.sh": "#!/bin/sh\necho $0 $# $1\n" });
  expect(session.run("sh /tmp/s.sh a b; /tmp/s.sh c; cd /tmp; ./s.sh")).toBe(
    "/tmp/s.sh 2 a\n/tmp/s.sh 1 c\n./s.sh 0\n",
  );
});

test("here-documents expand unless their delimiter is quoted; <<- strips tabs", () => {
  const script = "set -- q\ncat <<E\n$1 `echo r`\nE\ncat <<'E'\n$1\nE\ncat <<-E\n\tx\n\tE\n";
  expect(runCommand("sh /tmp/s", { "/tmp/s": script })).toBe("q r\n$1\nx\n");
});

test("a here-document may be longer than what a pipe holds", () => {
  const text = "0123456789abcde\n".repeat(5000);
  const script = `wc -c <<E\n${text}E\nls /tmp\n`;
  expect(runCommand("sh /tmp/s", { "/tmp/s": script })).toBe("80000\ns\n");
});

test("a command that is not finished gets the second prompt", () => {
  const session = new ShellSession();
  expect(session.type("if true\n")).toBe("if true\n> ");
  expect(session.type("then echo yes; fi\n")).toBe("then echo yes; fi\nyes\n# ");
});

test("^D at the prompt ends the shell, and init starts another", () => {
  const session = new ShellSession();
  const before = session.run("echo $$");
  session.type("\x04");
  expect(session.run("echo $$")).not.toBe(before);
});

test("the same commands give the same history", () => {
  const hash = (): string => {
    const session = new ShellSession();
    session.run("for i in 1 2 3; do echo $i | cat & done; wait");
    return session.machine.hash();
  };
  expect(hash()).toBe(hash());
});
