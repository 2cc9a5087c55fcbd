import { describe, expect, test } from "vitest";
import { runCommand, ShellSession } from "../../support/shell-session.ts";

test.each([
  // ls
  ["ls /nope; echo $?", "ls: cannot access '/nope': No such file or directory\n2\n"],
  ["ls -1 /etc", "group\nhostname\npasswd\n"],
  ["ls /etc", "group  hostname  passwd\n"],
  ["ls -d /etc/passwd /etc", "/etc  /etc/passwd\n"],
  ["cd /tmp; touch .h; mkdir d; ls -aF", "./  ../  .h  d/\n"],
  [
    "cd /tmp; ln -s /etc/passwd l; ls -l l | grep -c '^lrwxrwxrwx 1 root root .* l -> /etc/passwd$'",
    "1\n",
  ],
  ["mkdir /tmp/t; cd /tmp/t; echo x > a; printf %5000d 1 > b; ls -l | head -1", "total 12\n"],
  // files
  ["cd /tmp; mkdir -p a/b; echo x > a/b/f; cp -r a c; rm -r a; ls c; cat c/b/f", "b\nx\n"],
  [
    "rm /tmp; rm /nope; rm -f /nope; echo $?",
    "rm: cannot remove '/tmp': Is a directory\nrm: cannot remove '/nope': No such file or directory\n0\n",
  ],
  [
    "cd /tmp; echo 1 > a; mv a b; ln b c; cat c; mv nope x",
    "1\nmv: cannot stat 'nope': No such file or directory\n",
  ],
  [
    "mkdir /tmp; rmdir /nope; touch /nope/x",
    "mkdir: cannot create directory '/tmp': File exists\nrmdir: failed to remove '/nope': No such file or directory\ntouch: cannot touch '/nope/x': No such file or directory\n",
  ],
  [
    "cp /nope /tmp; cp; cp x",
    "cp: cannot stat '/nope': No such file or directory\ncp: missing file operand\ncp: missing destination file operand after 'x'\n",
  ],
  ["cat /nope /etc/hostname; echo $?", "cat: /nope: No such file or directory\nquicksand\n1\n"],
  ["cat /etc; cat -n /etc/hostname", "cat: /etc: Is a directory\n     1\tquicksand\n"],
  // text
  ["printf 'a\\nb\\nc\\n' | head -n 2; printf 'a\\nb\\nc\\n' | tail -1", "a\nb\nc\n"],
  ["printf 'a b\\nc\\n' | wc; wc -l /etc/passwd", "      2       3       6\n2 /etc/passwd\n"],
  [
    "printf 'one\\ntwo\\nTwo.\\n' > /tmp/f; grep -n two /tmp/f; grep -ic two /tmp/f; grep -v two /tmp/f",
    "2:two\n2\none\nTwo.\n",
  ],
  [
    "printf '%s\\n' 1 2 3 4 5 6 7 8 9 > /tmp/n; grep -n -A1 -B1 [39] /tmp/n; grep -C 2 5 /tmp/n; grep -A x 5 /tmp/n",
    "2-2\n3:3\n4-4\n--\n8-8\n9:9\n3\n4\n5\n6\n7\ngrep: x: invalid context length argument\n",
  ],
  [
    "grep 'o[nm]e*$' /etc/passwd; echo $?; grep x /nope; echo $?",
    "1\ngrep: /nope: No such file or directory\n2\n",
  ],
  [
    "time sleep 1.25 2> /tmp/t; cat /tmp/t; time sh -c 'exit 7' 2> /dev/null; echo $?",
    "real\t0m1.250s\nuser\t0m0.000s\nsys\t0m0.000s\n7\n",
  ],
  [
    "time nosuch 2> /tmp/e; echo $?; head -n 1 /tmp/e; time",
    "127\ntime: nosuch: not found\nUsage: time COMMAND [ARG]...\n",
  ],
  ["echo 'a+b(c)' | grep -o 'a+b(c)'; echo 'aab' | grep -o 'a\\{2\\}b'", "a+b(c)\naab\n"],
  [
    "printf 'one\\ntwo\\nthree\\nfour\\n' > /tmp/n; grep -e '^t' -e our -c /tmp/n; grep -o -e ne -e ou /tmp/n",
    "3\nne\nou\n",
  ],
  [
    "grep '[' /etc/passwd; grep -E '(' /etc/passwd; echo $?",
    "grep: Invalid regular expression\n2\n",
  ],
  ["yes | head -n 2; yes é | head -n 5000 | tail -1; head -n 0 /etc/hostname", "y\ny\né\n"],
  // small
  ["true; echo $?; false; echo $?", "0\n1\n"],
  ["sleep x; sleep; echo $?", "sleep: invalid time interval 'x'\nsleep: missing operand\n1\n"],
  ["env -i A=1 env; env nope; echo $?", "A=1\nenv: nope: not found\n127\n"],
  ["uname; uname -r; uname -m", "Linux\n0.0.0-quicksand\nriscv64\n"],
  ["id; id -u", "uid=0(root) gid=0(root) groups=0(root)\n0\n"],
  ["date", "Mon Jan 25 00:00:00 UTC 2010\n"],
  ["pwd; printf '%3d|%-3s|%x|%%\\n' 5 a 255", "/root\n  5|a  |ff|%\n"],
  ["[ -d /etc -a ! -f /etc ] && test 2 -gt 1 && [ x != y ] && echo y", "y\n"],
  ["[ a; echo $?; [ 1 -eq x ]; echo $?", "[: missing ]\n2\n[: x: bad number\n2\n"],
  ["yes | head -n 2", "y\ny\n"],
  [
    "kill -l 9; kill -l TERM; kill nope; kill 99999",
    "KILL\n15\nkill: nope: arguments must be process or job IDs\nkill: (99999) - No such process\n",
  ],
  ["kill -FOO 1", "kill: FOO: invalid signal specification\n"],
  ["ls -Z; grep", "ls: invalid option -- 'Z'\nUsage: grep [OPTION]... PATTERNS [FILE]...\n"],
  // modules
  [
    "insmod /nope.ko; insmod; rmmod foo",
    "insmod: ERROR: could not load module /nope.ko: No such file or directory\ninsmod: ERROR: missing filename.\nrmmod: ERROR: Module foo is not currently loaded\n",
  ],
  ["lsmod", "Module                  Size  Used by\n"],
  [
    "insmod /etc/passwd",
    "insmod: ERROR: could not insert module /etc/passwd: Invalid module format\n",
  ],
])("%s", (command, output) => {
  expect(runCommand(command)).toBe(output);
});

test("modinfo prints the fields of a .ko, or one of them", () => {
  const ko = "%quicksand-ko 1\n[.modinfo]\nname=x\nlicense=GPL\n[.text]\nnot=this\n[.end]\n";
  const session = new ShellSession({ "/tmp/x.ko": ko });
  expect(session.run("modinfo /tmp/x.ko")).toBe(
    "filename:       /tmp/x.ko\nname:           x\nlicense:        GPL\n",
  );
  expect(session.run("modinfo -F license /tmp/x.ko")).toBe("GPL\n");
});

describe("ps", () => {
  test("shows all with -e, in the columns that were asked for", () => {
    const session = new ShellSession();
    session.run("sleep 1000 &");
    expect(session.run("ps -eo pid,ppid,s,comm")).toBe(
      "    PID    PPID S COMMAND\n      1       0 S init\n      2       1 S sh\n      3       2 S sleep\n      4       2 R ps\n",
    );
  });

  test("names the tracer", () => {
    const session = new ShellSession();
    session.run("sleep 1000 &");
    session.run("strace -o /dev/null -p 3 &");
    session.run("sleep 1");
    expect(session.run("ps -p 3 -o pid,tracer,s")).toBe("    PID  TRACER S\n      3       4 S\n");
  });

  test("refuses a column that it does not know", () => {
    expect(runCommand("ps -o nope")).toContain('unknown user-defined format specifier "nope"');
  });
});

test("reboot asks the machine for the release it names, poweroff for the end", () => {
  const session = new ShellSession({ "/boot/vmlinuz-2.6.33-quicksand": "" });
  session.type("reboot 2.6.33-quicksand\n");
  expect(session.machine.halt).toMatchObject({ argument: "2.6.33-quicksand" });
  const other = new ShellSession();
  other.type("poweroff\n");
  expect(other.machine.halt?.reason).toBe("poweroff");
});
