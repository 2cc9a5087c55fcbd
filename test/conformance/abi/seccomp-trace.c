/* ptrace(2), PTRACE_EVENT_SECCOMP: SECCOMP_RET_TRACE stops before the call, which may be changed. */
#include "harness.h"

static void filter(int nr, unsigned action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, __builtin_offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(code), code };
	must(sys(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(sys(seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

int main(int argc, char **argv, char **envp)
{
	long pid;
	unsigned long message = 0;
	struct registers r;
	traced_child(pid, {
		filter(__NR_getppid, SECCOMP_RET_TRACE | 55);
		say("allowed: %e", sys(getppid));
		say("skipped: %e", sys(getppid));
		sys(kill, self(), SIGSTOP);
		say("no tracer listens: %e", sys(getppid));
	});
	must(ptrace(PTRACE_SETOPTIONS, pid, 0, (void *)(PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD)));
	resume(PTRACE_CONT, pid, 0);
	reap("first", pid);
	must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
	say("message %d", N(message));
	get_registers(pid, &r);
	say("the call: %d", N(REG_CALL(&r) == __NR_getppid));
	resume(PTRACE_CONT, pid, 0);
	reap("second", pid);
	get_registers(pid, &r);
	REG_CALL(&r) = -1;
	REG_RESULT(&r) = -EMFILE;
	set_registers(pid, &r);
	resume(PTRACE_CONT, pid, 0);
	reap("third", pid);
	must(ptrace(PTRACE_SETOPTIONS, pid, 0, 0));
	resume(PTRACE_CONT, pid, 0);
	reap("end", pid);
	return 0;
}
