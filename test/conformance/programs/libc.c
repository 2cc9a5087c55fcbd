/* What a static C library makes of the machine: start-up, stdio, malloc, threads, fork, signals, files, mmap. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t taken;
static void handler(int signo) { taken = signo; }

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;
static void *count(void *times) {
  for (long i = 0; i < *(long *)times; i++) {
    pthread_mutex_lock(&mutex);
    counter++;
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

static void floats(void) {
  double sum = 0;
  for (int i = 1; i < 1000; i++) sum += sin(i) / i;
  printf("%.15g %e %.3f %a %g\n", sum, 1e100 / 3, 2.0 / 3, 0.1, sqrt(2));
}

static void memory(void) {
  unsigned total = 0;
  for (int i = 1; i < 200; i++) {
    char *block = malloc(i * 1000);
    memset(block, i, i * 1000);
    total += (unsigned char)block[i];
    if (i % 3) free(block);
  }
  char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  page[4096] = 7;
  printf("memory %u %d %d\n", total, page[0], page[4096]);
  munmap(page, 8192);
}

static void threads(void) {
  pthread_t all[4];
  long times = 500;
  for (int i = 0; i < 4; i++) pthread_create(&all[i], NULL, count, &times);
  for (int i = 0; i < 4; i++) pthread_join(all[i], NULL);
  printf("counted %ld\n", counter);
}

static void processes(void) {
  int ends[2], status;
  char text[32] = "";
  if (pipe(ends) != 0) exit(9);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    write(ends[1], "from the child", 14);
    _exit(41);
  }
  read(ends[0], text, sizeof text);
  waitpid(child, &status, 0);
  printf("%s, status %d\n", text, WEXITSTATUS(status));
  fflush(stdout);
  if (fork() == 0) *(volatile int *)16 = 1;
  wait(&status);
  printf("killed by %d\n", WTERMSIG(status));
}

static void files(void) {
  char name[] = "/tmp/quicksand-XXXXXX", line[64];
  FILE *file = fdopen(mkstemp(name), "w+");
  fprintf(file, "one %d\ntwo\n", 1);
  rewind(file);
  while (fgets(line, sizeof line, file)) printf("line %s", line);
  fclose(file);
  printf("removed %d\n", unlink(name));
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOFBF, 4096);
  floats();
  memory();
  threads();
  processes();
  files();
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  printf("signal %d, %d arguments, last %s\n", taken == SIGUSR1, argc, argv[argc - 1]);
  return 3;
}
