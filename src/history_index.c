/*
 * FILE-shm checked against FILE-wal: see history_index.h.
 */
#include "history_index.h"

#include <stdlib.h>
#include <string.h>

enum {
    REGION_SIZE = 32768, /* bytes of FILE-shm that are mapped at a time */
    HEADER_SIZE =
        136, /* at the beginning of the first one: the header twice, and marks of readers */
    HEADERS_SIZE = 96, /* of those, the header twice */
    PAGES = 4096,      /* numbers of pages in a region, which the header takes the place of some */
    SLOTS = 8192,      /* of the hash table that follows them */
    LOG_HEADER = 32,
    FRAME_HEADER = 24,
    LONG_LOG = 2000, /* frames after which the log is moved into the file */
};

/* The header of FILE-shm, in the machine's order of bytes. */
struct header {
    uint32_t version, unused, change;
    uint8_t known, big_endian;
    uint16_t page_size;
    uint32_t frames, pages;
    uint32_t checksum[2];
    unsigned char salt[8];
    uint32_t own_checksum[2];
};

void log_index_forget(struct log_index *index)
{
    for (size_t i = 0; i < index->region_count; i++)
        free(index->regions[i]);
    free(index->regions);
    *index = (struct log_index){.rejections = index->rejections};
}

static uint32_t *map_region(sqlite3 *db, size_t number)
{
    sqlite3_file *file = NULL;
    void volatile *region = NULL;
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, (int)number, REGION_SIZE, 0, &region) != SQLITE_OK)
        return NULL;
    return (uint32_t *)region;
}

/* The first of a region's numbers of pages, and how many there can be. */
static size_t region_begin(size_t number)
{
    return number == 0 ? HEADER_SIZE / sizeof(uint32_t) : 0;
}

static uint32_t region_room(size_t number)
{
    return (uint32_t)(PAGES - region_begin(number));
}

/* In which region a frame stands, counted from 1, and as which of its pages, counted from 1. */
static size_t region_of(uint32_t frame, uint32_t *place)
{
    uint32_t first = region_room(0);
    if (frame <= first) {
        *place = frame;
        return 0;
    }
    *place = (frame - first - 1) % PAGES + 1;
    return (frame - first - 1) / PAGES + 1;
}

static uint16_t *slots_of(uint32_t *region)
{
    return (uint16_t *)(region + PAGES);
}

/* A transaction under way may have put pages into the log already, behind the others. */
static bool same_slots(const uint16_t *ours, const uint16_t *theirs, uint32_t count, bool under_way)
{
    if (memcmp(ours, theirs, SLOTS * sizeof *ours) == 0)
        return true;
    for (size_t i = 0; i < SLOTS; i++)
        if (ours[i] != theirs[i] && (!under_way || ours[i] != 0 || theirs[i] <= count))
            return false;
    return true;
}

static bool same_region(const struct log_index *index, size_t number, sqlite3 *db, bool under_way)
{
    uint32_t last = 0, *ours = index->regions[number], *theirs = map_region(db, number);
    bool is_last = number == region_of(index->frames, &last);
    uint32_t count = is_last ? last : region_room(number);
    size_t begin = region_begin(number);
    return theirs && memcmp(ours + begin, theirs + begin, count * sizeof *ours) == 0 &&
           same_slots(slots_of(ours), slots_of(theirs), count, under_way);
}

static bool read_header(sqlite3 *db, struct header *header)
{
    const uint32_t *region = map_region(db, 0);
    if (region)
        memcpy(header, region, sizeof *header);
    return region;
}

/* Whether FILE-shm says what it has to; also while a transaction is under way. */
static bool says_that(const struct log_index *index, sqlite3 *db, bool under_way)
{
    struct header header;
    uint32_t last;
    if (!index->known || !read_header(db, &header) || header.frames != index->frames ||
        (header.frames > 0 && memcmp(header.salt, index->salt, sizeof index->salt) != 0))
        return false;
    if (index->frames == 0)
        return true;
    size_t number = region_of(index->frames, &last);
    for (size_t i = 0; i <= number; i++)
        if (!same_region(index, i, db, under_way))
            return false;
    return true;
}

static bool holds(const struct log_index *index, sqlite3 *db)
{
    return says_that(index, db, false);
}

/* SQLite builds FILE-shm from FILE-wal when it looks at it next. */
static void reject(struct log_index *index, sqlite3 *db)
{
    uint32_t *region = map_region(db, 0);
    if (region)
        memset(region, 0, HEADERS_SIZE);
    index->rejections += index->known;
    index->known = false;
}

static bool make_region(struct log_index *index, size_t number)
{
    if (number < index->region_count)
        return true;
    uint32_t **grown = realloc(index->regions, (number + 1) * sizeof *grown);
    if (!grown)
        return false;
    index->regions = grown;
    grown[number] = calloc(1, REGION_SIZE);
    if (grown[number])
        index->region_count = number + 1;
    return grown[number];
}

/* Adds a page in the way that SQLite does. */
static bool add_frame(struct log_index *index, uint32_t page)
{
    uint32_t place;
    size_t number = region_of(index->frames + 1, &place);
    if (!make_region(index, number))
        return false;
    uint32_t *region = index->regions[number];
    if (place == 1)
        memset(region, 0, REGION_SIZE);
    region[region_begin(number) + place - 1] = page;
    uint16_t *slots = slots_of(region);
    uint32_t slot = page * 383 & (SLOTS - 1);
    while (slots[slot])
        slot = (slot + 1) & (SLOTS - 1);
    slots[slot] = (uint16_t)place;
    index->frames++;
    return true;
}

/* Reads a page's number from the log. */
static bool read_frame(sqlite3_file *log, const struct header *header, uint32_t frame,
                       uint32_t *page)
{
    unsigned char bytes[FRAME_HEADER];
    /* 1 stands for 65,536, which does not fit. */
    int64_t size = (header->page_size & 0xfe00) + ((header->page_size & 1) << 16);
    int64_t at = LOG_HEADER + (int64_t)(frame - 1) * (size + FRAME_HEADER);
    if (log->pMethods->xRead(log, bytes, sizeof bytes, at) != SQLITE_OK ||
        memcmp(bytes + 8, header->salt, sizeof header->salt) != 0)
        return false;
    *page =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return true;
}

/* Learns from FILE-wal what the index has to say, as far as its header says that the log goes. */
static bool learn(struct log_index *index, sqlite3 *db)
{
    struct header header;
    sqlite3_file *log = NULL;
    uint32_t page;
    if (!read_header(db, &header) ||
        sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || !log ||
        (header.frames > 0 && !log->pMethods))
        return index->known = false;
    if (!index->known || header.frames < index->frames ||
        memcmp(header.salt, index->salt, sizeof index->salt) != 0)
        index->frames = 0;
    memcpy(index->salt, header.salt, sizeof index->salt);
    while (index->frames < header.frames)
        if (!read_frame(log, &header, index->frames + 1, &page) || !add_frame(index, page))
            return index->known = false;
    return index->known = true;
}

int log_index_open(struct log_index *index, sqlite3 *db)
{
    sqlite3_stmt *statement;
    log_index_forget(index);
    int code = sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(statement, 0);
        index->off = !mode || strcmp(mode, "wal") != 0;
    }
    return sqlite3_finalize(statement);
}

static int execute(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int log_index_begin(struct log_index *index, sqlite3 *db)
{
    enum { ATTEMPTS = 4 };
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int code = execute(db, "BEGIN IMMEDIATE");
        if (code != SQLITE_OK || index->off || holds(index, db))
            return code;
        /* SQLite has just built it. */
        if (attempt > 0 && learn(index, db) && holds(index, db))
            return SQLITE_OK;
        execute(db, "ROLLBACK");
        reject(index, db);
    }
    return SQLITE_PROTOCOL;
}

/* Moves the log into the file: nobody may have scribbled on its index before or meanwhile. */
static void shorten(struct log_index *index, sqlite3 *db)
{
    if (holds(index, db))
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (!holds(index, db))
        reject(index, db);
}

int log_index_commit(struct log_index *index, sqlite3 *db)
{
    if (index->off)
        return execute(db, "COMMIT");
    if (!says_that(index, db, true)) {
        execute(db, "ROLLBACK");
        reject(index, db);
        return SQLITE_PROTOCOL;
    }
    int code = execute(db, "COMMIT");
    if (code == SQLITE_OK && learn(index, db) && index->frames >= LONG_LOG)
        shorten(index, db);
    return code;
}

void log_index_settle(struct log_index *index, sqlite3 *db)
{
    if (log_index_begin(index, db) == SQLITE_OK)
        execute(db, "ROLLBACK");
}
