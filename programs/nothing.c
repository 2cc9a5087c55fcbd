/* Exits at once. */
#include "guest.h"

int main(int argc, char **argv, char **envp)
{
	return 0;
}
