/* clone(2): CLONE_PARENT_SETTID, CLONE_CHILD_SETTID; CLONE_CHILD_CLEARTID clears and wakes a futex. */
#include "harness.h"

static int cleared;
static volatile int seen;

static long body(void *unused)
{
	seen = cleared == self_thread() ? 1 : -1;
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	int parent_tid = 0;
	long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |
		     CLONE_CHILD_CLEARTID;
	static char stack[8192] __attribute__((aligned(16)));
	long tid = must(clone_thread(flags, stack + sizeof(stack), body, 0, &parent_tid, &cleared));
	say("the parent's word: %d", N(parent_tid == tid));
	/* The child writes its word itself, when it first runs. */
	while (!seen)
		sys(sched_yield);
	int now;
	while ((now = __atomic_load_n(&cleared, __ATOMIC_SEQ_CST)) != 0)
		sys(futex, &cleared, FUTEX_WAIT, now, 0, 0, 0);
	say("the child saw its own: %d, cleared: %d", N(seen), N(cleared == 0));
	say("THREAD without SIGHAND: %e", fork_with(CLONE_THREAD | CLONE_VM));
	say("SIGHAND without VM: %e", fork_with(CLONE_SIGHAND | SIGCHLD));
	say("set_tid_address answers the thread: %d", N(sys(set_tid_address, &cleared) == self_thread()));
	return 0;
}
