/* Asks for its parent: getppid [TIMES]. */
#include "guest.h"

int main(int argc, char **argv, char **envp)
{
	long parent = 0;
	for (long i = number(argv[1]); i > 0; i--)
		parent = sys(getppid);
	return parent == 0;
}
