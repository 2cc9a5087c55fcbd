/* setpgid(2), setsid(2): who may be moved to which process group, and when no more. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	struct handshake done, go;
	static char *args[] = { "self", "exec", NULL };
	handshake_init(&done);
	handshake_init(&go);
	if (argc > 1) {
		/* The descriptors are where the first run put them. */
		sys(write, 4, "!", 1);
		char c;
		sys(read, 5, &c, 1);
		finish(0);
	}
	long pid = must(fork());
	if (pid == 0) {
		sys(setpgid, 0, 0);
		say("a group leader's setsid: %e", sys(setsid));
		signal_other(&done);
		await_other(&go);
		sys(execve, argv[0], args, envp);
		finish(1);
	}
	await_other(&done);
	say("the child leads its group: %d", N(sys(getpgid, pid) == pid));
	say("back into ours: %e", sys(setpgid, pid, sys(getpgid, 0)));
	say("a group that is nowhere: %e", sys(setpgid, pid, 999999));
	say("a negative group: %e", sys(setpgid, pid, -1));
	say("a process that is no child: %e", sys(setpgid, 1, 0));
	signal_other(&go);
	await_other(&done);
	say("after its exec: %e", sys(setpgid, pid, 0));
	signal_other(&go);
	reap("child", pid);
	pid = must(fork());
	if (pid == 0) {
		long sid = sys(setsid);
		say("setsid: sid %d pgid %d", N(sid == self()), N(sys(getpgid, 0) == self()));
		finish(0);
	}
	reap("child", pid);
	say("getsid of nobody: %e", sys(getsid, 999999));
	return 0;
}
