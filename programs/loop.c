/* An integer loop without memory: loop [ROUNDS]. */
#include "guest.h"

int main(int argc, char **argv, char **envp)
{
	unsigned long sum = 1;
	for (long i = number(argv[1]); i > 0; i--)
		sum = (sum ^ (unsigned long)i) * 0x9e3779b97f4a7c15 + (sum >> 7);
	say("%x", sum);
	return 0;
}
