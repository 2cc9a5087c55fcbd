/* ptrace(2), PTRACE_SECCOMP_GET_METADATA and PTRACE_GET_RSEQ_CONFIGURATION: what a checkpointer asks. */
#include <linux/rseq.h>

#include "harness.h"

static struct rseq area __attribute__((aligned(32)));

int main(int argc, char **argv, char **envp)
{
	static struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 1, allow };
	struct seccomp_metadata metadata = { 0, 99 };
	struct ptrace_rseq_configuration rseq = { 0 };
	long pid;
	traced_child(pid, {
		must(sys(rseq, &area, 32, 0, 0x1234));
		must(sys(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
		must(sys(seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
		must(sys(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program));
		sys(kill, self(), SIGSTOP);
	});
	say("no filter: %e", ptrace(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(metadata), &metadata));
	say("no rseq: %d bytes", ptrace(PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof(rseq), &rseq));
	say("at %d, size %d", N(rseq.rseq_abi_pointer != 0), N(rseq.signature));
	resume(PTRACE_CONT, pid, 0);
	reap("stopped", pid);
	say("first: %d", ptrace(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(metadata), &metadata));
	say("flags %x", N(metadata.flags));
	metadata.filter_off = 1;
	say("second: %d", ptrace(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(metadata), &metadata));
	say("flags %x", N(metadata.flags));
	metadata.filter_off = 2;
	say("third: %e", ptrace(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(metadata), &metadata));
	say("too short: %e", ptrace(PTRACE_SECCOMP_GET_METADATA, pid, 4, &metadata));
	say("the first program's length: %d", ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, 0));
	say("rseq: %d bytes", ptrace(PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof(rseq), &rseq));
	say("at the area: %d, size %d", N(rseq.rseq_abi_pointer == (unsigned long)&area), N(rseq.rseq_abi_size));
	say("signature %x, flags %d", N(rseq.signature), N(rseq.flags));
	sys(kill, pid, SIGKILL);
	reap("end", pid);
	return 0;
}
