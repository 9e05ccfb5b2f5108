#pragma once

/// A new file in memory: its descriptor, or -1. memfd_create stands behind a macro that Swift does
/// not see.
int openMemoryFile(void);
