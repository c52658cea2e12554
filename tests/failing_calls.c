/* Makes one call of the system fail, or sends a signal at it: LD_PRELOAD of a process whose every end is tried.

   FAIL_AT is "kind number code sticky folder": of the calls below that folder, counted from 1, the one of that number
   fails with errno "code" (kind "error", and with sticky 1 all after it too), or the signal "code" is raised at it (kind
   "signal"; with sticky 1 right after the call was made). With kind "count" none fails. Which calls count: those that
   write, with kind "read" those that read. calls_counted() tells how many there were. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char kind, folder[4096];
static long number, code, sticky, count;

void fail_at(const char *told) {
  char word[16] = "";
  count = 0;
  kind = 0;
  if (told && sscanf(told, "%15s %ld %ld %ld %4095[^\n]", word, &number, &code, &sticky, folder) == 5) kind = word[0];
}

long calls_counted(void) { return count; }

__attribute__((constructor)) static void begin(void) { fail_at(getenv("FAIL_AT")); }

static int below(const char *path) {
  size_t length = strlen(folder);
  return kind && path && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static int below_at(int at, const char *path) {
  char whole[8192], start[4096];
  if (!kind || !path) return 0;
  if (path[0] == '/') return below(path);
  if (at == AT_FDCWD) {
    if (!getcwd(start, sizeof start)) return 0;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, start, sizeof start - 1);
    if (length < 0) return 0;
    start[length] = 0;
  }
  snprintf(whole, sizeof whole, "%s/%s", start, path);
  return below(whole);
}

static int below_file(int file) {
  char link[64], path[4096];
  if (!kind) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

/* One of the calls that count: does it fail? */
static int fails(int concerns, int reads) {
  if (!concerns || reads != (kind == 'r')) return 0;
  count++;
  if (kind == 's' && count == number && !sticky) raise(code);
  if ((kind == 'e' || kind == 'r') && (count == number || (sticky && count > number))) {
    errno = code;
    return 1;
  }
  return 0;
}

static long after(long result, int concerns) {
  int kept = errno;
  if (concerns && kind == 's' && sticky && count == number) {
    number = -1;
    raise(code);
  }
  errno = kept;
  return result;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define CALL(result, name, arguments, values, concerned, reads) \
  result name arguments { \
    REAL(name); \
    int own = errno, concerns = concerned; \
    errno = own; \
    if (fails(concerns, reads)) return -1; \
    return after(real values, concerns); \
  }

CALL(ssize_t, write, (int f, const void *d, size_t n), (f, d, n), below_file(f), 0)
CALL(ssize_t, pwrite, (int f, const void *d, size_t n, off_t o), (f, d, n, o), below_file(f), 0)
CALL(ssize_t, pwrite64, (int f, const void *d, size_t n, off64_t o), (f, d, n, o), below_file(f), 0)
CALL(int, fsync, (int f), (f), below_file(f), 0)
CALL(int, fdatasync, (int f), (f), below_file(f), 0)
CALL(int, syncfs, (int f), (f), below_file(f), 0)
CALL(int, ftruncate, (int f, off_t n), (f, n), below_file(f), 0)
CALL(int, ftruncate64, (int f, off64_t n), (f, n), below_file(f), 0)
CALL(int, rename, (const char *a, const char *b), (a, b), below_at(AT_FDCWD, b), 0)
CALL(int, unlink, (const char *a), (a), kind != 'e' && below_at(AT_FDCWD, a), 0)
CALL(int, mkdir, (const char *a, mode_t m), (a, m), below_at(AT_FDCWD, a), 0)
CALL(int, chmod, (const char *a, mode_t m), (a, m), below_at(AT_FDCWD, a), 0)
CALL(ssize_t, read, (int f, void *d, size_t n), (f, d, n), below_file(f), 1)
CALL(ssize_t, pread, (int f, void *d, size_t n, off_t o), (f, d, n, o), below_file(f), 1)
CALL(ssize_t, pread64, (int f, void *d, size_t n, off64_t o), (f, d, n, o), below_file(f), 1)

#define WRITES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & O_CREAT))

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    int own = errno, concerns = below_at(AT_FDCWD, path); \
    errno = own; \
    if (fails(concerns, !WRITES(flags))) return -1; \
    return after(real(path, flags, mode), concerns); \
  }

OPEN(open)
OPEN(open64)
