#define _GNU_SOURCE
#include "CMemoryFile.h"

#include <sys/mman.h>

int openMemoryFile(void) { return memfd_create("input", MFD_CLOEXEC); }
