/*
 * The members of an entity's struct: see member.h.
 */
#include "member.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "heap.h"
#include "stats.h"

static void write_count(FILE *file, const char *name, const void *at)
{
    const uint64_t *count = at;
    if (*count)
        fprintf(file, "  %s %" PRIu64 "\n", name, *count);
}

static void write_number(FILE *file, const char *name, const void *at)
{
    const int64_t *number = at;
    if (*number >= 0)
        fprintf(file, "  %s %" PRId64 "\n", name, *number);
}

static void write_flag(FILE *file, const char *name, const void *at)
{
    const bool *flag = at;
    if (*flag)
        fprintf(file, "  %s\n", name);
}

static void write_told(FILE *file, const char *name, const void *at)
{
    const enum told *told = at;
    if (*told != TOLD_NOTHING)
        fprintf(file, "  %s %s\n", name, *told == TOLD_YES ? "yes" : "no");
}

static void write_ratio(FILE *file, const char *name, const void *at)
{
    const double *ratio = at;
    if (*ratio >= 0)
        fprintf(file, "  %s %.17g\n", name, *ratio);
}

static void write_outcome(FILE *file, const char *name, const void *at)
{
    const enum outcome *outcome = at;
    if (*outcome != OUTCOME_NEUTRAL)
        fprintf(file, "  %s %s\n", name, outcome_infos[*outcome].name);
}

static void put_stamp(FILE *file, const struct stamp *stamp)
{
    fprintf(file, " at %" PRId64 " %s", stamp->created_ms, stamp->id);
}

static void write_stamp(FILE *file, const char *name, const void *at)
{
    const struct stamp *stamp = at;
    if (!stamp_known(stamp))
        return;
    fprintf(file, "  %s", name);
    put_stamp(file, stamp);
    putc('\n', file);
}

static void write_text(FILE *file, const char *name, const void *at)
{
    char *const *text = at;
    if (*text)
        fprintf(file, "  %s %s\n", name, *text);
}

static void write_latest_text(FILE *file, const char *name, const void *at)
{
    const struct latest_text *latest = at;
    if (!stamp_known(&latest->at))
        return;
    fprintf(file, "  %s %s", name, latest->text ? latest->text : "");
    put_stamp(file, &latest->at);
    putc('\n', file);
}

static void write_latest_number(FILE *file, const char *name, const void *at)
{
    const struct latest_number *latest = at;
    if (!stamp_known(&latest->at))
        return;
    fprintf(file, "  %s %" PRId64, name, latest->value);
    put_stamp(file, &latest->at);
    putc('\n', file);
}

static void write_list(FILE *file, const char *name, const void *at)
{
    const struct text_list *list = at;
    if (!list->total)
        return;
    fprintf(file, "  %s %" PRIu32 ":", name, list->total);
    for (uint32_t i = 0; i < list->count; i++)
        fprintf(file, " %s", list->texts[i]);
    putc('\n', file);
}

static void write_refs(FILE *file, const char *name, const void *at)
{
    const struct refs *refs = at;
    for (uint32_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        fprintf(file, "  %s %s %s %s", name, ref->id, ref->other ? ref->other : "-",
                outcome_infos[ref->outcome].name);
        put_stamp(file, &ref->at);
        putc('\n', file);
    }
}

static void write_streak(FILE *file, const char *name, const void *at)
{
    const struct streak *streak = at;
    if (!stamp_known(&streak->success) && !streak->count)
        return;
    fprintf(file, "  %s", name);
    put_stamp(file, &streak->success);
    for (uint32_t i = 0; i < streak->count; i++)
        put_stamp(file, &streak->failures[streak->first + i]);
    putc('\n', file);
}

static void write_costs(FILE *file, const char *name, const void *at)
{
    const struct costs *costs = at;
    for (uint32_t i = 0; i < costs->count; i++)
        fprintf(file, "  %s %" PRId64 " %s\n", name, costs->sums[i].micros,
                costs->sums[i].currency);
    if (costs->other)
        fprintf(file, "  %s %" PRId64 " of others\n", name, costs->other);
}

static void write_histogram(FILE *file, const char *name, const void *at)
{
    struct histogram *const *histogram = at;
    if (!*histogram)
        return;
    fprintf(file, "  %s", name);
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        if ((*histogram)->counts[i])
            fprintf(file, " %zu:%" PRIu32, i, (*histogram)->counts[i]);
    putc('\n', file);
}

static void release_text(void *at)
{
    char **text = at;
    heap_free_text(*text);
    *text = NULL;
}

static void release_histogram(void *at)
{
    struct histogram **histogram = at;
    heap_free(*histogram, sizeof **histogram);
    *histogram = NULL;
}

static void release_latest_text(void *at)
{
    struct latest_text *latest = at;
    release_text(&latest->text);
}

static void release_list(void *at)
{
    text_list_free(at);
}

static void release_refs(void *at)
{
    refs_free(at);
}

static void release_streak(void *at)
{
    streak_free(at);
}

static bool own_text(void *to, const void *from)
{
    char *const *text = from, **copy = to;
    *copy = *text ? heap_text(*text, strlen(*text)) : NULL;
    return *copy || !*text;
}

static bool own_latest_text(void *to, const void *from)
{
    const struct latest_text *latest = from;
    struct latest_text *copy = to;
    return own_text(&copy->text, &latest->text);
}

static bool own_list(void *to, const void *from)
{
    return text_list_copy(to, from);
}

static bool own_refs(void *to, const void *from)
{
    return refs_copy(to, from);
}

static bool own_streak(void *to, const void *from)
{
    return streak_copy(to, from);
}

static bool own_histogram(void *to, const void *from)
{
    struct histogram *const *histogram = from, **copy = to;
    *copy = *histogram ? heap_take(sizeof **copy) : NULL;
    if (*copy)
        **copy = **histogram;
    return *copy || !*histogram;
}

/* What owns nothing has neither of the first two. */
static const struct {
    void (*release)(void *at);
    bool (*own)(void *to, const void *from);
    void (*write)(FILE *file, const char *name, const void *at);
} types[MEMBER_TYPES] = {
    [MEMBER_COUNT] = {.write = write_count},
    [MEMBER_NUMBER] = {.write = write_number},
    [MEMBER_FLAG] = {.write = write_flag},
    [MEMBER_TOLD] = {.write = write_told},
    [MEMBER_RATIO] = {.write = write_ratio},
    [MEMBER_OUTCOME] = {.write = write_outcome},
    [MEMBER_STAMP] = {.write = write_stamp},
    [MEMBER_TEXT] = {release_text, own_text, write_text},
    [MEMBER_LATEST_TEXT] = {release_latest_text, own_latest_text, write_latest_text},
    [MEMBER_LATEST_NUMBER] = {.write = write_latest_number},
    [MEMBER_LIST] = {release_list, own_list, write_list},
    [MEMBER_REFS] = {release_refs, own_refs, write_refs},
    [MEMBER_STREAK] = {release_streak, own_streak, write_streak},
    [MEMBER_COSTS] = {.write = write_costs},
    [MEMBER_HISTOGRAM] = {release_histogram, own_histogram, write_histogram},
};

void members_release(const struct member *members, size_t count, void *object)
{
    for (size_t i = 0; i < count; i++)
        if (types[members[i].type].release)
            types[members[i].type].release((char *)object + members[i].offset);
}

bool members_own(const struct member *members, size_t count, void *to, const void *from)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        size_t offset = members[i].offset;
        if (types[members[i].type].own &&
            !types[members[i].type].own((char *)to + offset, (const char *)from + offset))
            good = false;
    }
    return good;
}

void members_write(const struct member *members, size_t count, const void *object, FILE *file)
{
    for (size_t i = 0; i < count; i++)
        types[members[i].type].write(file, members[i].name,
                                     (const char *)object + members[i].offset);
}
