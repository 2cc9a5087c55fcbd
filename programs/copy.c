/* Copies 64 KiB word by word: copy [ROUNDS]. */
#include "guest.h"

static unsigned long from[8192], to[8192];

int main(int argc, char **argv, char **envp)
{
	for (int i = 0; i < 8192; i++)
		from[i] = (unsigned long)i * 3;
	for (long round = number(argv[1]); round > 0; round--) {
		for (int i = 0; i < 8192; i++)
			to[i] = from[i];
		__asm__ volatile("" ::: "memory");
	}
	say("%d", N(to[8191]));
	return 0;
}
