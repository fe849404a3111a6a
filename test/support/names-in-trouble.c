/* Preloaded into a program, makes names hang or fail as DNS in trouble does: real lookups, on real threads, take no answer.
 * NAMES_IN_TROUBLE names a file with lines such as "hang .dead.example" or "fail localhost": what names end with. It is read at
 * each lookup, and a lookup hangs for as long as its line stands there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum trouble { NONE, HANG, FAIL };

static int ends_with(const char *name, const char *suffix) {
  size_t rest = strlen(name) - strlen(suffix);
  return strlen(name) >= strlen(suffix) && strcmp(name + rest, suffix) == 0;
}

static enum trouble trouble_of(const char *name) {
  const char *path = getenv("NAMES_IN_TROUBLE");
  FILE *file = path == NULL || name == NULL ? NULL : fopen(path, "r");
  if (file == NULL) return NONE;
  char kind[16], suffix[256];
  enum trouble found = NONE;
  while (found == NONE && fscanf(file, "%15s %255s", kind, suffix) == 2)
    if (ends_with(name, suffix)) found = strcmp(kind, "hang") == 0 ? HANG : FAIL;
  fclose(file);
  return found;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
  enum trouble trouble;
  while ((trouble = trouble_of(name)) == HANG) usleep(20000);
  return trouble == FAIL ? EAI_AGAIN : real(name, service, hints, result);
}
