/* ptrace(2): a tracer that dies lets its tracees go; with PTRACE_O_EXITKILL they die too. */
#include "harness.h"

static void run(const char *what, long options)
{
	struct handshake go, ready;
	handshake_init(&go);
	handshake_init(&ready);
	long tracee = must(fork());
	if (tracee == 0) {
		await_other(&go);
		finish(11);
	}
	long tracer = must(fork());
	if (tracer == 0) {
		must(ptrace(PTRACE_SEIZE, tracee, 0, (void *)options));
		must(ptrace(PTRACE_INTERRUPT, tracee, 0, 0));
		must(wait_for(tracee, 0, __WALL));
		finish(0);
	}
	must(wait_for(tracer, 0, 0));
	say("%s", what);
	signal_other(&go);
	reap("tracee", tracee);
}

int main(int argc, char **argv, char **envp)
{
	run("without options", 0);
	run("EXITKILL", PTRACE_O_EXITKILL);
	return 0;
}
