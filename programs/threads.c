/* Eight threads count together under a lock that is a futex: threads [EACH]. */
#include "guest.h"

static int lock;
static long total, each;

static void acquire(void)
{
	int expected = 0;
	if (__atomic_compare_exchange_n(&lock, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE) != 0)
		sys(futex, &lock, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, 0, 0, 0);
}
static void release(void)
{
	if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2)
		sys(futex, &lock, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0);
}
static long count(void *unused)
{
	for (long i = 0; i < each; i++) {
		acquire();
		total++;
		release();
	}
	return 0;
}

int main(int argc, char **argv, char **envp)
{
	each = argc > 1 ? number(argv[1]) : 1000;
	for (int i = 0; i < 8; i++)
		if (thread(i, count, 0) < 0)
			return 1;
	for (int i = 0; i < 8; i++)
		join(i);
	say("%d", total);
	return 0;
}
