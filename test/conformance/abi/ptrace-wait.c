/* ptrace(2), wait(2): stops are reported once, also to WNOWAIT; __WALL and WNOTHREAD; a zombie keeps. */
#include "harness.h"

static struct handshake go;
static long other_waits(void *pid)
{
	say("another thread waits for it: %e", wait_for((long)pid, 0, WNOHANG | __WALL));
	say("not with WNOTHREAD: %e", wait_for((long)pid, 0, WNOHANG | __WALL | __WNOTHREAD));
	say("nor may it control it: %e", ptrace(PTRACE_CONT, (long)pid, 0, 0));
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	long pid;
	handshake_init(&go);
	traced_child(pid, sys(kill, self(), SIGUSR1));
	say("reported once: %d", wait_for(pid, 0, WNOHANG));
	thread(0, other_waits, (void *)pid);
	join(0);
	resume(PTRACE_CONT, pid, 0);
	siginfo_t info = { 0 };
	must(sys(waitid, 1, pid, &info, WSTOPPED | WNOWAIT, 0));
	say("waitid: code %d status %d", N(info.si_code), N(info.si_status));
	int status = 0;
	must(wait_for(pid, &status, 0));
	say_status("again", status);
	sys(kill, pid, SIGKILL);
	reap("end", pid);
	return 0;
}
