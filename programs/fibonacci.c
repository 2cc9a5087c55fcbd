/* Fibonacci numbers by two calls each: fibonacci [N]. */
#include "guest.h"

static long __attribute__((noinline, noclone)) fibonacci(long n)
{
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

int main(int argc, char **argv, char **envp)
{
	say("%d", fibonacci(number(argv[1])));
	return 0;
}
