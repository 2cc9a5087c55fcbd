/* rseq(2): "restartable sequences"; a critical section that is interrupted goes on at its abort handler. */
#include <linux/rseq.h>

#include "harness.h"

#define SIGNATURE 0x53053053
static struct rseq area __attribute__((aligned(32)));
static volatile long aborted, handled;

static void on_signal(int signo)
{
	handled = 1;
}

/* Spins in a critical section that only its abort handler leads out of. */
static void spin(void)
{
#if defined(__x86_64__)
	__asm__ volatile(".pushsection .data\n\t.balign 32\n9:\t.long 0, 0\n\t.quad 1f, 2f-1f, 4f\n\t.popsection\n"
			 "\tmovq $9b, %0\n1:\tpause\n\tjmp 1b\n2:\n\t.long 0x53053053\n4:\tmovq $1, %1\n"
			 : "=m"(area.rseq_cs), "=m"(aborted)::"memory");
#else
	__asm__ volatile(".pushsection .data\n\t.balign 32\n9:\t.long 0, 0\n\t.quad 1f, 2f-1f, 4f\n\t.popsection\n"
			 "\tla t0, 9b\n\tsd t0, %0\n1:\tnop\n\tj 1b\n2:\n\t.long 0x53053053\n4:\tli t0, 1\n\tsd t0, %1\n"
			 : "=m"(area.rseq_cs), "=m"(aborted)::"t0", "memory");
#endif
}

int main(int argc, char **argv, char **envp)
{
	say("not aligned: %e", sys(rseq, (char *)&area + 8, 32, 0, SIGNATURE));
	say("too short: %e", sys(rseq, &area, 16, 0, SIGNATURE));
	say("unknown flag: %e", sys(rseq, &area, 32, 2, SIGNATURE));
	say("nothing to unregister: %e", sys(rseq, &area, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE));
	area.cpu_id = (unsigned)RSEQ_CPU_ID_UNINITIALIZED;
	say("register: %e", sys(rseq, &area, 32, 0, SIGNATURE));
	say("a processor is there: %d", N((int)area.cpu_id >= 0 && area.cpu_id == area.cpu_id_start));
	say("again: %e", sys(rseq, &area, 32, 0, SIGNATURE));
	say("again, with another signature: %e", sys(rseq, &area, 32, 0, 1));

	set_action(SIGUSR1, on_signal, 0, 0);
	long parent = self(), pid = must(fork());
	if (pid == 0) {
		say("a child has it too: %e", sys(rseq, &area, 32, 0, SIGNATURE));
		sleep_ns(20 * MILLISECOND);
		sys(kill, parent, SIGUSR1);
		finish(0);
	}
	while (!handled)
		spin();
	say("aborted: %d, and the section is forgotten: %d", aborted, N(area.rseq_cs == 0));
	reap("child", pid);

	say("wrong signature: %e", sys(rseq, &area, 32, RSEQ_FLAG_UNREGISTER, 1));
	say("unregister: %e", sys(rseq, &area, 32, RSEQ_FLAG_UNREGISTER, SIGNATURE));
	say("no processor any more: %d", N((int)area.cpu_id));
	return 0;
}
