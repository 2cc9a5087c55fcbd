/* rename(2): newpath is replaced at once where it can be, and otherwise nothing happens. */
#include "harness.h"
#include <linux/fs.h>

static long move(const char *from, const char *to)
{
	return sys(renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
static long move2(const char *from, const char *to, int flags)
{
	return sys(renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}
static void make(const char *name, const char *text)
{
	long fd = must(open_file(name, O_CREAT | O_WRONLY | O_TRUNC));
	must(sys(write, fd, text, length(text)));
	sys(close, fd);
}
static void show(const char *name)
{
	char text[32] = "";
	struct stat st;
	long fd = open_file(name, O_RDONLY);
	if (fd < 0) {
		say("  %s: %e", name, fd);
		return;
	}
	text[sys(read, fd, text, 31)] = 0;
	must(sys(fstat, fd, &st));
	say("  %s: %s, links %d", name, text, N(st.st_nlink));
	sys(close, fd);
}
static long make_directory(const char *name)
{
	return sys(mkdirat, AT_FDCWD, name, 0700);
}

int main(int argc, char **argv, char **envp)
{
	char text[32] = "";
	enter_scratch();
	make("a", "first");
	make("b", "second");
	long fd = must(open_file("b", O_RDONLY));
	say("over a file: %e", move("a", "b"));
	show("a");
	show("b");
	must(sys(read, fd, text, 31));
	say("the replaced file, still open: %s", text);
	say("what is not there: %e", move("a", "b"));
	must(sys(linkat, AT_FDCWD, "b", AT_FDCWD, "c", 0));
	say("two names of one file: %e", move("b", "c"));
	show("b");
	show("c");
	must(make_directory("d"));
	must(make_directory("e"));
	must(make_directory("d/inner"));
	say("a file over a directory: %e", move("b", "d"));
	say("a directory over a file: %e", move("d", "b"));
	say("over one that is not empty: %e", move("e", "d"));
	say("into itself: %e", move("d", "d/inner/x"));
	say("over its own parent: %e", move("d/inner", "d"));
	say("over an empty one: %e", move("d", "e"));
	say("its inside came along: %e", sys(faccessat, AT_FDCWD, "e/inner", 0));
	say("dot: %e, dot dot: %e", move("e/.", "f"), move("e/..", "f"));
	say("a file with a slash behind: %e", move("b/", "f"));
	say("to a name with a slash behind: %e", move("b", "f/"));
	say("a directory to such a name: %e", move("e", "f/"));
	say("through a file: %e", move("b/x", "y"));
	say("NOREPLACE: %e", move2("b", "c", RENAME_NOREPLACE));
	say("NOREPLACE to a free name: %e", move2("b", "g", RENAME_NOREPLACE));
	make("h", "third");
	say("EXCHANGE: %e", move2("g", "h", RENAME_EXCHANGE));
	show("g");
	show("h");
	say("EXCHANGE of a file and a directory: %e", move2("g", "f", RENAME_EXCHANGE));
	say("now the file: %e", sys(faccessat, AT_FDCWD, "g/inner", 0));
	say("EXCHANGE with nothing: %e", move2("g", "nothing", RENAME_EXCHANGE));
	say("both: %e", move2("g", "h", RENAME_EXCHANGE | RENAME_NOREPLACE));
	say("a flag that is none: %e", move2("g", "h", 64));
	return 0;
}
