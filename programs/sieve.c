/* Counts the primes below a million, again and again: sieve [ROUNDS]. */
#include "guest.h"

#define LIMIT 1000000
static unsigned char composite[LIMIT];

int main(int argc, char **argv, char **envp)
{
	long count = 0;
	for (long round = number(argv[1]); round > 0; round--) {
		count = 0;
		for (int i = 0; i < LIMIT; i++)
			composite[i] = 0;
		for (int i = 2; i < LIMIT; i++) {
			if (composite[i])
				continue;
			count++;
			for (long j = (long)i * i; j < LIMIT; j += i)
				composite[j] = 1;
		}
	}
	say("%d", count);
	return 0;
}
