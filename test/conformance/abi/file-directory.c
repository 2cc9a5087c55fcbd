/* mkdir(2), open(2), getdents(2), chdir(2): what a directory is, and what is left of a removed one. */
#include "harness.h"
#include <linux/fs.h>

static void show(const char *name)
{
	struct stat st;
	must(sys(newfstatat, AT_FDCWD, name, &st, 0));
	say("  %s: mode %x links %d gid %d", name, N(st.st_mode), N(st.st_nlink), N(st.st_gid));
}
/* How many names getdents64 finds, and whether dot and dot dot are among them. */
static void list(long fd)
{
	char buffer[1024];
	long names = 0, dots = 0, size;
	while ((size = sys(getdents64, fd, buffer, sizeof(buffer))) > 0)
		for (long at = 0; at < size; at += *(unsigned short *)(buffer + at + 16), names++)
			dots += buffer[at + 19] == '.';
	say("  names %d, of them dots %d, end %e", names, dots, size);
}

int main(int argc, char **argv, char **envp)
{
	char text[256];
	enter_scratch();
	sys(umask, 022);
	must(sys(mkdirat, AT_FDCWD, "a", 0777));
	show("a");
	must(sys(mkdirat, AT_FDCWD, "a/b", 0777));
	show("a");
	say("again: %e", sys(mkdirat, AT_FDCWD, "a", 0777));
	say("with a slash: %e", sys(mkdirat, AT_FDCWD, "slash/", 0700));
	say("below what is not there: %e", sys(mkdirat, AT_FDCWD, "x/y", 0700));
	say("dot: %e", sys(mkdirat, AT_FDCWD, "a/.", 0700));
	must(sys(fchownat, AT_FDCWD, "a", -1, 50, 0));
	must(sys(fchmodat, AT_FDCWD, "a", 02755));
	must(sys(mkdirat, AT_FDCWD, "a/c", 0700));
	show("a/c");
	sys(close, must(open_file("a/f", O_CREAT | O_WRONLY)));
	show("a/f");
	long fd = must(open_file("a", O_RDONLY | O_DIRECTORY));
	list(fd);
	say("rewound: %d", sys(lseek, fd, 0, SEEK_SET));
	list(fd);
	sys(lseek, fd, 0, SEEK_SET);
	say("a buffer too small: %e", sys(getdents64, fd, text, 8));
	say("read: %e", sys(read, fd, text, 8));
	say("of a file: %e", sys(getdents64, open_file("a/f", O_RDONLY), text, 256));
	say("for writing: %e", open_file("a", O_RDWR));
	say("CREAT: %e", open_file("a", O_CREAT | O_RDONLY));
	say("DIRECTORY of a file: %e", open_file("a/f", O_RDONLY | O_DIRECTORY));
	say("below it: %e", sys(openat, fd, "f", O_RDONLY, 0));
	say("below a file: %e", sys(openat, open_file("a/f", O_RDONLY), "f", O_RDONLY, 0));
	say("below no descriptor: %e", sys(openat, 99, "f", O_RDONLY, 0));
	say("an absolute path below no descriptor: %e", sys(openat, 99, "/", O_RDONLY, 0));
	must(sys(fchdir, fd));
	say("fchdir, then a relative path: %e", sys(faccessat, AT_FDCWD, "f", 0));
	say("chdir into a file: %e", sys(chdir, "f"));
	must(sys(chdir, "c"));
	must(sys(unlinkat, AT_FDCWD, "../c", AT_REMOVEDIR));
	say("removed under us: getcwd %e, open %e", sys(getcwd, text, 256), open_file(".", O_RDONLY) >= 0 ? 0 : -1);
	say("a file in it: %e", open_file("new", O_CREAT | O_WRONLY));
	say("a directory in it: %e", sys(mkdirat, AT_FDCWD, "new", 0700));
	say("the way out: %e", sys(chdir, ".."));
	say("getcwd with no room: %e", sys(getcwd, text, 2));
	return 0;
}
