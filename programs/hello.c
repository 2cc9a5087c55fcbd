/* Prints its arguments and who it is. */
#include "guest.h"

int main(int argc, char **argv, char **envp)
{
	for (int i = 1; i < argc; i++)
		say("argument %d: %s", N(i), argv[i]);
	say("hello from process %d", self());
	return 0;
}
