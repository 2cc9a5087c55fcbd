/* get_robust_list(2): a thread that dies with locks marks each with FUTEX_OWNER_DIED and wakes one. */
#include "harness.h"

struct lock {
	struct robust_list list;
	unsigned int word;
};
static struct robust_list_head head;
static struct lock locks[3];

static long holder(void *unused)
{
	head.futex_offset = (long)&locks[0].word - (long)&locks[0].list;
	head.list.next = &locks[0].list;
	locks[0].list.next = &locks[1].list;
	locks[1].list.next = &head.list;
	head.list_op_pending = &locks[2].list;
	locks[0].word = (unsigned)self_thread() | FUTEX_WAITERS;
	locks[1].word = 12345;
	locks[2].word = (unsigned)self_thread();
	must(sys(set_robust_list, &head, sizeof(head)));
	return 0;
}
static long waiter(void *unused)
{
	int word;
	while (((word = __atomic_load_n(&locks[0].word, __ATOMIC_SEQ_CST)) & FUTEX_OWNER_DIED) == 0)
		sys(futex, &locks[0].word, FUTEX_WAIT, word, 0, 0, 0);
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	struct robust_list_head *found;
	size_t size;
	thread(1, waiter, 0);
	thread(0, holder, 0);
	join(0);
	join(1);
	say("held: %x, another's: %d, pending: %x", N(locks[0].word), N(locks[1].word), N(locks[2].word));
	must(sys(set_robust_list, &head, sizeof(head)));
	must(sys(get_robust_list, 0, &found, &size));
	say("get_robust_list: %d %d", N(found == &head), N(size == sizeof(head)));
	say("another size: %e", sys(set_robust_list, &head, 8));
	return 0;
}
