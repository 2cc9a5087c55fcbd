/* Calls functions of its own, for tracers that watch functions: calls [N]. */
#include "guest.h"

long __attribute__((noinline, noclone)) square(long n)
{
	return n * n;
}
long __attribute__((noinline, noclone)) sum_of_squares(long n)
{
	long sum = 0;
	for (long i = 1; i <= n; i++)
		sum += square(i);
	return sum;
}

int main(int argc, char **argv, char **envp)
{
	say("%d", sum_of_squares(argc > 1 ? number(argv[1]) : 3));
	return 0;
}
