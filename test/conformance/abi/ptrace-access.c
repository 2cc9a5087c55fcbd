/* ptrace(2), "Ptrace access mode checking": another user's, or one that is not dumpable, is EPERM. */
#include "harness.h"

static long sleeper(void (*prepare)(void))
{
	struct handshake ready;
	handshake_init(&ready);
	long pid = must(fork());
	if (pid == 0) {
		prepare();
		signal_other(&ready);
		for (;;)
			sleep_ns(SECOND);
	}
	await_other(&ready);
	return pid;
}
static void plain(void)
{
}
static void same_user(void)
{
	must(sys(setresgid, 1000, 1000, 1000));
	must(sys(setresuid, 1000, 1000, 1000));
	must(sys(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
}
static void hidden(void)
{
	same_user();
	must(sys(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0));
}

int main(int argc, char **argv, char **envp)
{
	long roots = sleeper(plain), ours = sleeper(same_user), not_dumpable = sleeper(hidden);
	long pid = must(fork());
	if (pid == 0) {
		char byte;
		struct iovec local = { &byte, 1 }, remote = { (void *)&main, 1 };
		must(sys(setresgid, 1000, 1000, 1000));
		must(sys(setresuid, 1000, 1000, 1000));
		say("root's: %e", ptrace(PTRACE_SEIZE, roots, 0, 0));
		say("not dumpable: %e", ptrace(PTRACE_SEIZE, not_dumpable, 0, 0));
		say("reading root's memory: %e", sys(process_vm_readv, roots, &local, 1, &remote, 1, 0));
		say("reading ours: %d", sys(process_vm_readv, ours, &local, 1, &remote, 1, 0));
		say("ours: %e", ptrace(PTRACE_SEIZE, ours, 0, 0));
		finish(0);
	}
	reap("tracer", pid);
	sys(kill, roots, SIGKILL);
	sys(kill, ours, SIGKILL);
	sys(kill, not_dumpable, SIGKILL);
	return 0;
}
