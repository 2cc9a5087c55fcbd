/* ptrace(2), PTRACE_PEEKSIGINFO: lists the queued signals, of the thread or of the process. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid;
	traced_child(pid, ;);
	siginfo_t infos[4];
	for (int i = 0; i < 3; i++) {
		siginfo_t info = { 0 };
		info.si_code = SI_QUEUE;
		info.si_int = 100 + i;
		must(sys(rt_sigqueueinfo, pid, 40, &info));
		must(sys(rt_tgsigqueueinfo, pid, pid, 41, &info));
	}
	struct ptrace_peeksiginfo_args args = { 0, PTRACE_PEEKSIGINFO_SHARED, 2 };
	long n = ptrace(PTRACE_PEEKSIGINFO, pid, (long)&args, infos);
	say("of the process: %d, signal %d, values %d %d", n, N(infos[0].si_signo), N(infos[0].si_int),
	    N(infos[1].si_int));
	args.off = 2;
	n = ptrace(PTRACE_PEEKSIGINFO, pid, (long)&args, infos);
	say("from the third on: %d, %d", n, N(infos[0].si_int));
	args.off = 0;
	args.flags = 0;
	args.nr = 4;
	n = ptrace(PTRACE_PEEKSIGINFO, pid, (long)&args, infos);
	say("of the thread: %d, signal %d", n, N(infos[2].si_signo));
	args.off = 9;
	say("past the end: %d", ptrace(PTRACE_PEEKSIGINFO, pid, (long)&args, infos));
	args.flags = 2;
	say("flags that are none: %e", ptrace(PTRACE_PEEKSIGINFO, pid, (long)&args, infos));
	args.flags = 0;
	args.nr = -1;
	say("a negative number: %e", ptrace(PTRACE_PEEKSIGINFO, pid, (long)&args, infos));
	sys(kill, pid, SIGKILL);
	reap("end", pid);
	return 0;
}
