#include "model_page.h"

#include <string.h>

#define CUT_MARK "\xE2\x80\xA6"

enum { TEXT_BYTES = 16384, REFS = 32, STREAK = 1000 };

/* Events, newest first. */

int newest_first(const void *left, const void *right)
{
    const struct model_event *a = *(const struct model_event *const *)left;
    const struct model_event *b = *(const struct model_event *const *)right;

    if (a->at_ms != b->at_ms)
        return a->at_ms > b->at_ms ? -1 : 1;
    return strcmp(b->id, a->id);
}

const struct model_event *newest(struct events events, chosen *which)
{
    for (size_t i = 0; i < events.count; i++)
        if (which(events.of[i]))
            return events.of[i];
    return NULL;
}

uint64_t how_many(struct events events, const char *type)
{
    uint64_t count = 0;

    for (size_t i = 0; i < events.count; i++)
        count += is_type(events.of[i], type);
    return count;
}

/* What is written. */

void begin(const struct page *page, const char *name)
{
    fprintf(page->file, "%s %s%s%s / %s ", page->kind, page->id,
            page->session == NULL ? "" : " of ", page->session == NULL ? "" : page->session, name);
}

void write_words(const struct page *page, const char *name, const char *words)
{
    begin(page, name);
    fprintf(page->file, "%s\n", words == NULL ? "?" : words);
}

void write_count(const struct page *page, const char *name, uint64_t count)
{
    begin(page, name);
    fprintf(page->file, "%llu\n", (unsigned long long)count);
}

void write_time(const struct page *page, const char *name, const struct model_event *event)
{
    begin(page, name);
    fprintf(page->file, event == NULL ? "?\n" : "%lld\n",
            event == NULL ? 0 : (long long)event->at_ms);
}

/* The bytes of a text that are kept: whole characters, and all that fit before the mark. */
static int kept_bytes(const char *words)
{
    size_t length = strlen(words);

    if (length <= TEXT_BYTES)
        return (int)length;
    for (length = TEXT_BYTES - strlen(CUT_MARK); ((unsigned char)words[length] & 0xc0) == 0x80;)
        length--;
    return (int)length;
}

void write_quoted(const struct page *page, const char *words)
{
    int kept = kept_bytes(words);

    fprintf(page->file, "\"%.*s%s\"", kept, words, words[kept] == '\0' ? "" : CUT_MARK);
}

void write_text(const struct page *page, const char *name, const char *words)
{
    begin(page, name);
    if (words == NULL) {
        fputs("?\n", page->file);
    } else {
        write_quoted(page, words);
        putc('\n', page->file);
    }
}

void write_amount_of(const struct page *page, const char *name, const struct model_event *event,
                     const char *places)
{
    double found;

    begin(page, name);
    if (event != NULL && amount(event, places, &found))
        fprintf(page->file, "%.17g\n", found);
    else
        fputs("?\n", page->file);
}

void write_text_of(const struct page *page, const char *name, const struct model_event *event,
                   const char *places)
{
    write_text(page, name, event == NULL ? NULL : text(event, places));
}

/* Those that the newest of some events that tells tells. */

void write_newest_text(const struct page *page, const char *name, struct events events,
                       chosen *which, const char *places)
{
    const char *found = NULL;

    for (size_t i = 0; i < events.count && found == NULL; i++)
        found = which(events.of[i]) ? text(events.of[i], places) : NULL;
    write_text(page, name, found);
}

void write_newest_id(const struct page *page, const char *name, struct events events, chosen *which,
                     named *id)
{
    const char *found = NULL;

    for (size_t i = 0; i < events.count && found == NULL; i++)
        found = which(events.of[i]) ? id(events.of[i]) : NULL;
    write_text(page, name, found);
}

void write_newest_amount(const struct page *page, const char *name, struct events events,
                         chosen *which, const char *places)
{
    double found;

    for (size_t i = 0; i < events.count; i++) {
        if (which(events.of[i]) && amount(events.of[i], places, &found)) {
            write_amount_of(page, name, events.of[i], places);
            return;
        }
    }
    write_amount_of(page, name, NULL, places);
}

/* The ids that the newest events name, the newest first, with what else they tell. */
void write_refs(const struct page *page, const char *name, struct events events, chosen *which,
                named *id, named *other)
{
    const char *ids[REFS];
    size_t count = 0;

    begin(page, name);
    for (size_t i = 0; i < events.count && count < REFS; i++) {
        const char *found = which(events.of[i]) ? id(events.of[i]) : NULL;
        bool is_new = found != NULL;

        for (size_t j = 0; j < count && is_new; j++)
            is_new = strcmp(ids[j], found) != 0;
        if (!is_new)
            continue;
        ids[count++] = found;
        fprintf(page->file, "%s", found);
        if (other != NULL) {
            const char *beside = other(events.of[i]);

            fprintf(page->file, ":%s:%s", went_names[how_it_went(events.of[i])],
                    beside == NULL ? "" : beside);
        }
        putc(' ', page->file);
    }
    putc('\n', page->file);
}

/* What all have. */
void write_common(const struct page *page, struct events events)
{
    const struct model_event *last = events.of[0];
    enum went went;

    write_count(page, "events", events.count);
    write_time(page, "first", events.of[events.count - 1]);
    write_time(page, "newest", last);
    begin(page, "newest id");
    fprintf(page->file, "%.31s\n", last->id);
    write_words(page, "newest type", is_known(last, &went) ? last->type : "unknown");
    write_words(page, "newest verified", last->verified ? "yes" : "no");
}

/* How many of a type are newer than the newest of the other. */
void write_streak(const struct page *page, struct events events, const char *failed,
                  const char *completed)
{
    uint64_t count = 0;

    for (size_t i = 0; i < events.count && !is_type(events.of[i], completed); i++)
        count += is_type(events.of[i], failed);
    begin(page, "streak");
    fprintf(page->file, count > STREAK ? "%d+\n" : "%d\n", count > STREAK ? STREAK : (int)count);
}
