/* ptrace(2), "execve(2) under ptrace": the other threads die, the caller takes the leader's id. */
#include "harness.h"

static char *args[] = { "self", "x", NULL };
static char **environment;
static char *path;
static long executer(void *unused)
{
	sys(kill, self_thread(), 0);
	sys(execve, path, args, environment);
	return 1;
}

int main(int argc, char **argv, char **envp)
{
	if (argc > 1)
		finish(6);
	long pid, other;
	unsigned long message;
	int status;
	environment = envp;
	path = argv[0];
	traced_child(pid, {
		thread(0, executer, 0);
		for (;;)
			sleep_ns(SECOND);
	});
	must(ptrace(PTRACE_SETOPTIONS, pid, 0, (void *)(PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT)));
	resume(PTRACE_CONT, pid, 0);
	reap("clone", pid);
	must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	other = (long)message;
	must(wait_for(other, &status, __WALL));
	say_status("the thread", status);
	resume(PTRACE_CONT, pid, 0);
	resume(PTRACE_CONT, other, 0);
	must(wait_for(pid, &status, __WALL));
	say_status("the leader", status);
	resume(PTRACE_CONT, pid, 0);
	must(wait_for(pid, &status, __WALL));
	say_status("the id of the leader", status);
	must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	say("it was the thread: %d", N((long)message == other));
	say("the thread's id: %e", ptrace(PTRACE_CONT, other, 0, 0));
	resume(PTRACE_CONT, pid, 0);
	reap("exit", pid);
	resume(PTRACE_CONT, pid, 0);
	reap("end", pid);
	return 0;
}
