/*
 * A journal in a directory of its own that outlives the programs of a test.
 */
#ifndef ANCHORTOP_SCREEN_JOURNAL_H
#define ANCHORTOP_SCREEN_JOURNAL_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../harness.h"

static char directory[] = "/tmp/anchortop-journal-XXXXXX";
static char path[64]; /* of the journal */

static inline void make_directory(void)
{
    cr_assert(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/history.db", directory);
}

static inline void clean_up(void)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    programs_stop();
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char file[80];
        snprintf(file, sizeof file, "%s%s", path, endings[i]);
        unlink(file);
    }
    rmdir(directory);
}

#endif
