/* ptrace(2): the options' events at fork, vfork, clone, exec and exit, and what PTRACE_GETEVENTMSG tells. */
#include "harness.h"

static long nothing(void *unused)
{
	return 0;
}
static void step(long pid)
{
	int status;
	must(wait_for(pid, &status, __WALL));
	say_status("tracee", status);
}

int main(int argc, char **argv, char **envp)
{
	static char *args[] = { "self", "x", NULL };
	unsigned long message;
	long pid;
	if (argc > 1)
		finish(3);
	traced_child(pid, {
		long child = fork();
		if (child == 0)
			finish(4);
		wait_for(child, 0, 0);
		child = fork_with(CLONE_VM | CLONE_VFORK | SIGCHLD);
		if (child == 0)
			finish(5);
		wait_for(child, 0, 0);
		thread(0, nothing, 0);
		join(0);
		sys(execve, argv[0], args, envp);
	});
	must(ptrace(PTRACE_SETOPTIONS, pid, 0,
		    (void *)(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
			     PTRACE_O_TRACEEXIT | PTRACE_O_TRACEVFORKDONE)));
	for (int i = 0; i < 2; i++) {
		resume(PTRACE_CONT, pid, 0);
		step(pid);
		must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
		long child = (long)message;
		int status;
		must(wait_for(child, &status, __WALL));
		say_status("its child starts with", status);
		if (i == 0)
			must(ptrace(PTRACE_DETACH, child, 0, 0));
		else
			resume(PTRACE_CONT, child, 0);
		if (i == 1) {
			must(wait_for(child, &status, __WALL));
			say_status("its child", status);
			must(ptrace(PTRACE_GETEVENTMSG, child, 0, &message));
			say("with status %x", N(message));
			resume(PTRACE_CONT, child, 0);
			/* The zombie is ours first, then its parent's. */
			resume(PTRACE_CONT, pid, 0);
			step(pid);
			must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
			say("vfork done, of the child: %d", N((long)message == child));
			must(wait_for(child, &status, __WALL));
			say_status("its child", status);
		} else {
			/* Its end is a SIGCHLD for the tracee. */
			resume(PTRACE_CONT, pid, 0);
			step(pid);
		}
	}
	resume(PTRACE_CONT, pid, 0);
	step(pid);
	resume(PTRACE_CONT, pid, 0);
	step(pid);
	must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	long tid = (long)message;
	int status;
	must(wait_for(tid, &status, __WALL));
	say_status("its thread starts with", status);
	resume(PTRACE_CONT, tid, 0);
	must(wait_for(tid, &status, __WALL));
	say_status("its thread", status);
	resume(PTRACE_CONT, tid, 0);
	resume(PTRACE_CONT, pid, 0);
	must(wait_for(tid, &status, __WALL));
	say_status("its thread", status);
	step(pid);
	must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	say("exec by the thread that had the id: %d", N((long)message == pid));
	resume(PTRACE_CONT, pid, 0);
	step(pid);
	must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	say("with status %x", N(message));
	resume(PTRACE_CONT, pid, 0);
	step(pid);
	return 0;
}
