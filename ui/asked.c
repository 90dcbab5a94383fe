/*
 * Whether events that only the journal has pass a filter: see asked.h.
 */
#include "asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "../src/clock.h"

enum {
    RETRY_MS = 1000,
    CHEAP_MS = 50, /* a round that takes no longer never comes more rarely */
};

void asked_free(struct asked *asked)
{
    free(asked->answers);
    free(asked->wanted);
    *asked = (struct asked){.past = asked->past, .journal = asked->journal};
}

void asked_reset(struct asked *asked, unsigned change)
{
    asked_free(asked);
    again_reset(&asked->when, change);
}

size_t asked_left(const struct asked *asked)
{
    return asked->wanted_count - asked->next;
}

int asked_wait_ms(const struct asked *asked, uint64_t generation, int64_t now_ms)
{
    if (asked_left(asked) > 0)
        return asked->trouble[0] && asked->retry_ms > now_ms ? (int)(asked->retry_ms - now_ms) : 0;
    return asked->answers ? again_wait_ms(&asked->when, generation, now_ms) : -1;
}

bool asked_is_busy(const struct asked *asked)
{
    return asked_left(asked) > 0 && !asked->trouble[0];
}

void asked_begin(struct asked *asked, uint64_t generation, unsigned journal, int64_t now_ms)
{
    if (journal != asked->journal)
        asked_reset(asked, asked->when.change);
    asked->journal = journal;
    if (asked_left(asked) > 0)
        return;
    if (asked->when.begun && !again_is_due(&asked->when, generation, now_ms))
        return;
    asked->round++;
    asked->in_round = true;
    again_begin(&asked->when, generation, now_ms);
}

static bool reserve_answers(struct asked *asked, size_t wanted)
{
    if (wanted <= asked->answer_count)
        return true;
    size_t count = wanted + wanted / 2 + 64;
    struct answer *answers = realloc(asked->answers, count * sizeof *answers);
    if (!answers)
        return false;
    memset(answers + asked->answer_count, 0, (count - asked->answer_count) * sizeof *answers);
    asked->answers = answers;
    asked->answer_count = count;
    return true;
}

void asked_reserve(struct asked *asked, uint32_t slots)
{
    if (asked->past)
        reserve_answers(asked, slots);
}

static bool want(struct asked *asked, uint32_t slot)
{
    if (asked->wanted_count == asked->wanted_capacity) {
        size_t capacity = asked->wanted_capacity ? asked->wanted_capacity * 2 : 64;
        uint32_t *wanted = realloc(asked->wanted, capacity * sizeof *wanted);
        if (!wanted)
            return false;
        asked->wanted = wanted;
        asked->wanted_capacity = capacity;
    }
    asked->wanted[asked->wanted_count++] = slot;
    return true;
}

void asked_tell(struct asked *asked, uint32_t slot, int64_t row, bool passes)
{
    if (asked->past && row > 0 && reserve_answers(asked, (size_t)slot + 1))
        asked->answers[slot] = (struct answer){row, asked->round, passes};
}

bool asked_look_up(struct asked *asked, uint32_t slot, int64_t row)
{
    if (!asked->past || row == 0 || !reserve_answers(asked, (size_t)slot + 1))
        return false;
    struct answer *answer = &asked->answers[slot];
    bool known = answer->row == row;
    if ((!known || answer->round != asked->round) && want(asked, slot))
        *answer = (struct answer){row, asked->round, known && answer->passes};
    return answer->row == row && answer->passes;
}

bool asked_update(struct asked *asked, recalled_visit *match, void *context, int64_t now_ms,
                  bool *gather)
{
    int64_t until_us = clock_steady_us() + ASKED_SLICE_US;
    *gather = false;
    if (asked_left(asked) == 0 || (asked->trouble[0] && now_ms < asked->retry_ms))
        return true;
    asked->trouble[0] = '\0';
    /* A round lasts from its first question on: asking may begin long after it was due. */
    if (asked->in_round && asked->next == 0)
        again_begin(&asked->when, asked->when.generation, now_ms);
    while (asked_left(asked) > 0) {
        struct answer *answer = &asked->answers[asked->wanted[asked->next]];
        bool passes;
        if (!past_ask(asked->past, answer->row, match, context, &passes)) {
            snprintf(asked->trouble, sizeof asked->trouble, "%s", past_trouble(asked->past));
            asked->retry_ms = now_ms + RETRY_MS;
            return true;
        }
        asked->changed |= answer->passes != passes;
        answer->passes = passes;
        asked->next++;
        if (clock_steady_us() >= until_us)
            break;
    }
    if (asked_left(asked) > 0)
        return false;
    asked->next = asked->wanted_count = 0;
    bool cheap = now_ms - asked->when.began_ms < CHEAP_MS;
    if (asked->in_round)
        again_end(&asked->when, now_ms, !asked->changed && !cheap);
    *gather = asked->changed;
    asked->in_round = asked->changed = false;
    return true;
}

bool asked_has_note(const struct asked *asked)
{
    return asked_left(asked) > 0;
}

void asked_note(const struct asked *asked, char *text, size_t size)
{
    char count[32];
    size_t left = asked_left(asked);
    text[0] = '\0';
    if (left == 0)
        return;
    text_count(count, sizeof count, (double)left);
    if (asked->trouble[0])
        snprintf(text, size, "%s may be missing: %s.", count, asked->trouble);
    else
        snprintf(text, size, "Asking the journal about %s more.", count);
}
