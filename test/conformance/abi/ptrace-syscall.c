/* ptrace(2), PTRACE_SYSCALL: stops at entry and exit; PTRACE_GET_SYSCALL_INFO tells which, and what. */
#include "harness.h"

int main(int argc, char **argv, char **envp)
{
	long pid;
	traced_child(pid, sys(dup3, 100, 101, 0); sys(getpid));
	must(ptrace(PTRACE_SETOPTIONS, pid, 0, (void *)PTRACE_O_TRACESYSGOOD));
	struct __ptrace_syscall_info {
		__u8 op;
		__u8 pad[3];
		__u32 arch;
		__u64 ip, sp;
		union {
			struct {
				__u64 nr, args[6];
			} entry;
			struct {
				__s64 rval;
				__u8 is_error;
			} exit;
		};
	} info;
	say("at a signal-stop: size %d", ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info));
	say("op %d", N(info.op));
	for (int i = 0; i < 4; i++) {
		int status;
		unsigned long message = 77;
		resume(PTRACE_SYSCALL, pid, 0);
		must(wait_for(pid, &status, 0));
		must(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message));
		memset(&info, 0, sizeof(info));
		long size = ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
		say_status("stop", status);
		say("size %d, op %d, message %d", size, N(info.op), N(message));
		if (info.op == 1)
			say("entry: dup3 %d getpid %d, arguments %d %d", N(info.entry.nr == __NR_dup3),
			    N(info.entry.nr == __NR_getpid), i < 2 ? N(info.entry.args[0]) : 0,
			    i < 2 ? N(info.entry.args[1]) : 0);
		else
			say("exit: %e, error %d, its pid %d", N(info.exit.rval), N(info.exit.is_error),
			    N(info.exit.rval == pid));
	}
	siginfo_t signal_info;
	must(ptrace(PTRACE_GETSIGINFO, pid, 0, &signal_info));
	say("siginfo: signal %d code %x", N(signal_info.si_signo), N(signal_info.si_code));
	say("unknown options: %e", ptrace(PTRACE_SETOPTIONS, pid, 0, (void *)(1 << 30)));
	must(ptrace(PTRACE_SETOPTIONS, pid, 0, 0));
	resume(PTRACE_SYSCALL, pid, 0);
	reap("without TRACESYSGOOD", pid);
	resume(PTRACE_CONT, pid, 0);
	reap("end", pid);
	return 0;
}
