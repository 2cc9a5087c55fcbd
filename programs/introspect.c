/* Looks at its own code: prints the first four bytes of one of its functions, as it finds them. */
#include "guest.h"

long __attribute__((noinline, noclone)) watched(long n)
{
	return n * 3;
}

int main(int argc, char **argv, char **envp)
{
	const volatile unsigned char *code = (const volatile unsigned char *)&watched;
	say("watched(2) is %d", watched(2));
	say("its code begins with %x %x %x %x", N(code[0]), N(code[1]), N(code[2]), N(code[3]));
	return 0;
}
