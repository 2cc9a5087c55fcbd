/* seccomp(2): a filter sees number and arguments, answers an errno, a signal or death; the strictest wins. */
#include "harness.h"

#define NR __builtin_offsetof(struct seccomp_data, nr)
#define ARG(n) (__builtin_offsetof(struct seccomp_data, args) + 8 * (n))
static long filter_call(int nr, unsigned action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(code), code };
	return sys(seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
static void handler(int signo, siginfo_t *info, void *context)
{
	say("signal %d code %d errno %d, the call %d", N(signo), N(info->si_code), N(info->si_errno),
	    N(info->si_syscall == __NR_getppid));
}

int main(int argc, char **argv, char **envp)
{
	long pid = must(fork());
	if (pid == 0) {
		must(sys(setresuid, 1000, 1000, 1000));
		say("without privilege: %e", filter_call(__NR_getuid, SECCOMP_RET_ALLOW));
		must(sys(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
		say("with no_new_privs: %e", filter_call(__NR_getuid, SECCOMP_RET_ERRNO | EMFILE));
		say("getuid: %e", sys(getuid));
		say("mode: %d", sys(prctl, PR_GET_SECCOMP, 0, 0, 0, 0));
		filter_call(__NR_getuid, SECCOMP_RET_ERRNO | ENOENT);
		say("two filters, the same action: %e", sys(getuid));
		filter_call(__NR_getuid, SECCOMP_RET_ALLOW);
		say("a laxer one: %e", sys(getuid));
		set_action(SIGSYS, handler, SA_SIGINFO, 0);
		must(filter_call(__NR_getppid, SECCOMP_RET_TRAP | 33));
		sys(getppid);
		long child = must(fork());
		if (child == 0) {
			say("the child has the filter: %e", sys(getuid));
			filter_call(__NR_getgid, SECCOMP_RET_KILL_PROCESS);
			sys(getgid);
			finish(0);
		}
		reap("KILL_PROCESS", child);
		struct sock_filter arguments[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_dup3, 0, 3),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(1)),
			BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 500, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | E2BIG),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog program = { COUNT(arguments), arguments };
		must(sys(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
		say("dup3 to 499: %e, to 500: %e", sys(dup3, 1, 499, 0), sys(dup3, 1, 500, 0));
		finish(0);
	}
	reap("child", pid);
	struct sock_filter no_end[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR) };
	struct sock_filter far[] = { BPF_JUMP(BPF_JMP | BPF_JA, 9, 0, 0), BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_filter outside[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 400), BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog bad[] = { { 1, no_end }, { 2, far }, { 2, outside }, { 0, no_end } };
	for (size_t i = 0; i < COUNT(bad); i++)
		say("a bad filter: %e", sys(seccomp, SECCOMP_SET_MODE_FILTER, 0, &bad[i]));
	say("no such operation: %e", sys(seccomp, 99, 0, 0));
	unsigned action = SECCOMP_RET_TRACE;
	say("RET_TRACE is there: %e", sys(seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
	return 0;
}
