/*
 * Views: room for columns. It goes where it is needed: first to what is short, then to the text of
 * the rows, then to ids, which are shown whole or by their beginning.
 */
#include "view.h"

enum {
    SHRINK_MS = 20000, /* how long less must be enough before a column becomes narrower */
    MOST_DROP = 16,
};

int held_width(struct held_width *held, int needed, int64_t now_ms)
{
    int64_t passed_ms = now_ms - held->since_ms;
    if (needed > held->since)
        held->since = needed;
    if (needed >= held->width || passed_ms >= SHRINK_MS || passed_ms < 0) {
        held->width = needed > held->width ? needed : held->since;
        held->since = 0;
        held->since_ms = now_ms;
    }
    return held->width;
}

/* What fitting works with. */
struct fit {
    const struct column *columns;
    const struct column_need *needs;
    size_t count;
    int width;
    int *widths;
    int total; /* of the columns that are there, with the blanks between */
};

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* What a column takes at most. */
static int wanted(const struct fit *fit, size_t i)
{
    int full = fit->needs[i].full, most = fit->columns[i].most;
    return most && full > most ? most : full;
}

/* What most of its rows need. */
static int usual(const struct fit *fit, size_t i)
{
    const struct column *column = &fit->columns[i];
    return column->grow ? smaller(fit->needs[i].usual, wanted(fit, i)) : wanted(fit, i);
}

/* What a column takes at least, and at least for being good. */
static int least(const struct fit *fit, size_t i)
{
    int want = wanted(fit, i);
    return fit->columns[i].whole ? want : smaller(fit->columns[i].min, want);
}

static int good(const struct fit *fit, size_t i)
{
    const struct column *column = &fit->columns[i];
    int base = least(fit, i);
    if (!column->grow && !column->id)
        return wanted(fit, i); /* what is short gets that first */
    return column->good > base ? column->good : base;
}

/* What is more than good, where most of its rows need it. */
static int ample(const struct fit *fit, size_t i)
{
    int base = good(fit, i), enough = smaller(fit->needs[i].usual, fit->columns[i].ample);
    return enough > base ? enough : base;
}

static int sum(const struct fit *fit, int (*width_of)(const struct fit *fit, size_t i))
{
    int total = -1;
    for (size_t i = 0; i < fit->count; i++)
        total += fit->widths[i] ? width_of(fit, i) + 1 : 0;
    return total;
}

/* Leaves out columns, those with the highest `drop` first and none below `from`, until the rest
 * fits. */
static void leave_out(struct fit *fit, int (*width_of)(const struct fit *fit, size_t i), int from)
{
    while (sum(fit, width_of) > fit->width) {
        size_t victim = fit->count;
        for (size_t i = 0; i < fit->count; i++)
            if (fit->widths[i] && fit->columns[i].drop >= from &&
                (victim == fit->count || fit->columns[i].drop > fit->columns[victim].drop))
                victim = i;
        if (victim == fit->count)
            return;
        fit->widths[victim] = 0;
    }
}

/* Takes columns back that there is room for after all, those first that matter most. */
static void take_back(struct fit *fit, const bool *useful)
{
    for (int drop = 1; drop <= MOST_DROP; drop++) {
        for (size_t i = 0; i < fit->count; i++) {
            if (fit->widths[i] || !useful[i] || fit->columns[i].drop != drop)
                continue;
            fit->widths[i] = 1;
            if (sum(fit, ample) > fit->width)
                fit->widths[i] = 0;
        }
    }
}

/* Which columns are given room in a round, and up to where. */
enum round { ROUND_SHORT, ROUND_USUAL, ROUND_FULL };

static int goal(const struct fit *fit, size_t i, enum round round)
{
    const struct column *column = &fit->columns[i];
    if (column->id || !fit->widths[i] || (column->grow > 0) == (round == ROUND_SHORT))
        return 0;
    return round == ROUND_USUAL ? usual(fit, i) : wanted(fit, i);
}

/* Gives room to all alike until each has what it is to have. */
static void give(struct fit *fit, enum round round)
{
    for (bool grown = true; grown && fit->total < fit->width;) {
        grown = false;
        for (size_t i = 0; i < fit->count && fit->total < fit->width; i++) {
            if (fit->widths[i] >= goal(fit, i, round))
                continue;
            fit->widths[i]++;
            fit->total++;
            grown = true;
        }
    }
}

/* Shows ids whole where that is possible: those that rows are known by, or others. */
static void give_ids(struct fit *fit, bool others)
{
    for (size_t i = 0; i < fit->count; i++) {
        int more = wanted(fit, i) - fit->widths[i];
        if (!fit->columns[i].id || (fit->columns[i].drop >= COLUMN_GIVES_WAY) != others ||
            !fit->widths[i] || fit->total + more > fit->width)
            continue;
        fit->widths[i] += more;
        fit->total += more;
    }
}

/* Spreads what is left over. */
static void spread(struct fit *fit)
{
    int shares = 0;
    for (size_t i = 0; i < fit->count; i++)
        shares += fit->widths[i] && !fit->columns[i].most ? fit->columns[i].grow : 0;
    for (size_t i = 0; i < fit->count && shares > 0 && fit->total < fit->width; i++) {
        if (!fit->widths[i] || !fit->columns[i].grow || fit->columns[i].most)
            continue;
        int more = (fit->width - fit->total) * fit->columns[i].grow / shares;
        fit->widths[i] += more;
        fit->total += more;
        shares -= fit->columns[i].grow;
    }
}

bool view_fit(const struct column *columns, const struct column_need *needs, size_t count,
              int width, int *widths)
{
    struct fit fit = {columns, needs, count, width, widths, 0};
    bool enough = true;
    bool useful[VIEW_MAX_COLUMNS];
    for (size_t i = 0; i < count; i++)
        widths[i] = useful[i] = needs[i].full || !columns[i].drop;
    leave_out(&fit, ample, COLUMN_GIVES_WAY);
    leave_out(&fit, good, COLUMN_YIELDS);
    leave_out(&fit, least, 1);
    take_back(&fit, useful);
    for (size_t i = 0; i < count; i++)
        widths[i] = widths[i] ? least(&fit, i) : 0;
    fit.total = sum(&fit, least);
    give(&fit, ROUND_SHORT);
    give(&fit, ROUND_USUAL);
    give_ids(&fit, false);
    give(&fit, ROUND_FULL);
    give_ids(&fit, true);
    for (size_t i = 0; i < count; i++)
        enough &= !widths[i] || widths[i] >= usual(&fit, i);
    spread(&fit);
    return enough;
}
