/*
 * The lines above the list: header, who waits, tabs.
 */
#include <stdio.h>
#include <string.h>

#include "../src/spent.h"
#include "../src/text.h"
#include "screen.h"
#include "state.h"

enum {
    SPARK_COLUMNS = 20,
    SPARK_LEVELS = 8,
    MAX_PARTS = 20,
    COUNTED_TABS = 110,
    WIDE_HEADER = 120 /* from here on it has room for more than one currency */
};

/* A piece of a line. When there is no room, the piece with the highest `drop` becomes brief, if it
 * can, or is left out. */
struct part {
    enum role role;
    int drop;
    char text[128];
    char brief[64];
    int drop_brief;
};

/* What goes first has the highest number. */
enum {
    DROP_NEVER,
    DROP_CLOCK,
    DROP_SUCCESS,
    DROP_COST,
    DROP_REFUSED,
    DROP_DEMO,
    DROP_RATE,
    DROP_VERIFIED,
    DROP_NO_REFUSED,
    DROP_ADDRESS,
    DROP_LIVE,
    DROP_SPARK,
    DROP_P95,
    DROP_LET_GO,
    DROP_FAMILIES,
    DROP_SPANS
};

struct parts {
    struct part part[MAX_PARTS];
    size_t count;
};

static void add(struct parts *parts, enum role role, int drop, const char *text)
{
    if (parts->count == MAX_PARTS || text[0] == '\0')
        return;
    struct part *part = &parts->part[parts->count++];
    part->role = role;
    part->drop = drop;
    part->brief[0] = '\0';
    text_cut(part->text, sizeof part->text, text);
}

/* Gives the piece that was added last a shorter text, and what that is worth. */
static void add_brief(struct parts *parts, int drop, const char *text)
{
    struct part *part = &parts->part[parts->count - 1];
    part->drop_brief = drop;
    text_cut(part->brief, sizeof part->brief, text);
}

static int total_width(const struct parts *parts)
{
    int width = 0;
    for (size_t i = 0; i < parts->count; i++)
        width += text_width(parts->part[i].text);
    return width;
}

/* Leaves out what matters least until the rest fits. */
static void fit(struct parts *left, struct parts *right, int width)
{
    while (total_width(left) + total_width(right) > width) {
        struct part *victim = NULL;
        struct parts *sides[] = {left, right};
        for (size_t side = 0; side < 2; side++)
            for (size_t i = 0; i < sides[side]->count; i++) {
                struct part *part = &sides[side]->part[i];
                if (part->text[0] && part->drop > (victim ? victim->drop : 0))
                    victim = part;
            }
        if (!victim)
            return;
        memcpy(victim->text, victim->brief, sizeof victim->brief);
        victim->brief[0] = '\0';
        victim->drop = victim->drop_brief;
    }
}

static void draw(const struct parts *parts, int row, int column)
{
    for (size_t i = 0; i < parts->count; i++)
        column += screen_put(row, column, screen_columns() - column,
                             (struct style){.role = parts->part[i].role}, parts->part[i].text);
}

/* A bar for each three seconds of the last minute, the newest at the right. */
static void sparkline(const struct figures *figures, char *text, size_t size)
{
    static const char *const levels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char ascii[] = " .:-=+*%#";
    uint32_t sums[SPARK_COLUMNS] = {0}, most = 1;
    for (size_t i = 0; i < SPARK_SECONDS; i++) {
        uint32_t *sum = &sums[i * SPARK_COLUMNS / SPARK_SECONDS];
        *sum += figures->series[i];
        most = *sum > most ? *sum : most;
    }
    size_t used = 0;
    for (size_t i = 0; i < SPARK_COLUMNS && used + 4 < size; i++) {
        /* Anything at all is at least the lowest bar. */
        size_t level = ((uint64_t)sums[i] * SPARK_LEVELS + most - 1) / most;
        used += screen_ascii() ? (size_t)snprintf(text + used, size - used, "%c", ascii[level])
                               : (size_t)snprintf(text + used, size - used, "%s", levels[level]);
    }
}

/* The clock ticks in seconds while something happens. Otherwise it shows minutes, so that an idle
 * screen does not wake the processor every second. */
static void clock_text(const struct ui *ui, char *text, size_t size)
{
    char time[32];
    text_time(time, sizeof time, ui->now_ms, ui->now_ms);
    if (!ui->figures.active)
        time[5] = '\0';
    snprintf(text, size, "  %s ", time);
}

/* The money of the last hour: "$41.20/h +2", where two currencies more have smaller sums. */
static void spent_text(const struct costs *spent, char *text, size_t size)
{
    char sums[128];
    costs_text(spent, screen_columns() < WIDE_HEADER ? 1 : 2, sums, sizeof sums);
    char *rest = strrchr(sums, '+');
    bool counted = rest && rest > sums && rest[1] != ' ';
    if (counted)
        rest[-1] = '\0';
    char all[160];
    snprintf(all, sizeof all, " %s/h %s%s", sums, counted ? rest : "", counted ? " " : "");
    text_clean(text, size, all, strlen(all), screen_ascii() ? TEXT_ASCII : 0);
}

/* How the runs of the last hour went, and what they cost. */
static void add_runs(struct parts *parts, const struct figures *figures)
{
    char text[160], number[32];
    uint64_t runs = figures->runs_ok + figures->runs_failed;
    if (runs > 0) {
        double rate = (double)figures->runs_ok / (double)runs;
        text_percent(number, sizeof number, rate);
        snprintf(text, sizeof text, " %s ok/h ", number);
        add(parts, rate < 0.9 ? ROLE_REFUSED : ROLE_LIVE, DROP_SUCCESS, text);
    }
    if (figures->p95_ms > 0) {
        text_duration(number, sizeof number, figures->p95_ms);
        snprintf(text, sizeof text, " p95/h %s ", number);
        add(parts, ROLE_HEADER, DROP_P95, text);
    }
    if (figures->spent.count || figures->spent.other) {
        spent_text(&figures->spent, text, sizeof text);
        add(parts, ROLE_HEADER, DROP_COST, text);
    }
}

/* Events by family, each behind the key that switches it. */
static void add_families(struct parts *parts, const struct store_counts *counts)
{
    static const char keys[ENTITY_KINDS] = {
        [ENTITY_TASK] = 't',  [ENTITY_SESSION] = 's',  [ENTITY_INTERVENTION] = 'n',
        [ENTITY_BATCH] = 'b', [ENTITY_IDENTITY] = 'i', [ENTITY_OTHER] = '?',
    };
    char text[128] = " ", number[32];
    size_t used = 1;
    for (int kind = 0; kind < ENTITY_KINDS; kind++) {
        if (counts->entities[kind] == 0)
            continue;
        text_short_count(number, sizeof number, (double)counts->entities[kind]);
        used += (size_t)snprintf(text + used, sizeof text - used, "%c %s  ", keys[kind], number);
    }
    if (used > 1)
        add(parts, ROLE_HEADER, DROP_FAMILIES, text);
}

/* Where the events come from, and whether they can be believed. */
static void add_origin(struct parts *left, const struct ui_config *config)
{
    enum { BRIEF_SOURCE = 40 };
    enum role role = config->verified ? ROLE_LIVE : ROLE_INSECURE;
    char text[128];
    size_t used =
        text_cut(text, sizeof text - 1, config->source ? config->source : config->address);
    snprintf(text + used, sizeof text - used, " ");
    if (config->source) {
        const char *slash = strrchr(config->source, '/');
        add(left, ROLE_HEADER, DROP_ADDRESS, text);
        used = text_cut(text, BRIEF_SOURCE, slash && slash[1] ? slash + 1 : config->source);
        snprintf(text + used, sizeof text - used, " ");
        add_brief(left, DROP_VERIFIED, text);
        return;
    }
    add(left, role, config->verified ? DROP_NEVER : DROP_LIVE, screen_ascii() ? "* " : "● ");
    add(left, ROLE_HEADER, DROP_ADDRESS, text);
    add(left, role, config->verified ? DROP_VERIFIED : DROP_NEVER,
        config->verified ? "verified " : "UNVERIFIED ");
    if (config->demo)
        add(left, ROLE_INSECURE, DROP_DEMO, "demo ");
}

/* How many events there are, and how fast more come. */
static void add_events(struct parts *right, const struct ui *ui)
{
    const struct figures *figures = &ui->figures;
    char text[256], number[32];
    text_count(number, sizeof number, (double)figures->events);
    snprintf(text, sizeof text, " %s event%s ", number, figures->events == 1 ? "" : "s");
    add(right, ROLE_HEADER, DROP_NEVER, text);
    if (figures->counts.forgotten && !ui->config->past) {
        text_short_count(number, sizeof number, (double)figures->counts.forgotten);
        snprintf(text, sizeof text, "(%s let go) ", number);
        add(right, ROLE_HEADER, DROP_LET_GO, text);
    }
    add_families(right, &figures->counts);
    snprintf(text, sizeof text, " %.1f/s in 10s ", figures->rate);
    add(right, ROLE_HEADER, DROP_SPANS, text);
    snprintf(text, sizeof text, " %.1f/s ", figures->rate);
    add_brief(right, DROP_RATE, text);
    if (!figures->active)
        return;
    sparkline(figures, text, sizeof text);
    snprintf(text + strlen(text), sizeof text - strlen(text), " 1m ");
    add(right, ROLE_SPARK, DROP_SPARK, text);
}

/* How many deliveries brought nothing, since the start. */
static void add_refused(struct parts *right, const struct ui *ui)
{
    const uint64_t *results = ui->figures.counts.results;
    uint64_t bad =
        results[DELIVERY_REFUSED] + results[DELIVERY_SKIPPED] + results[DELIVERY_ABORTED];
    const char *word = ui->config->source ? "skipped" : "refused";
    char text[96], number[32], start[32];
    text_count(number, sizeof number, (double)bad);
    text_time(start, sizeof start, ui->opened_ms, ui->now_ms);
    start[strlen(start) > 5 && start[2] == ':' ? 5 : strlen(start)] = '\0';
    snprintf(text, sizeof text, " %s %s since %s ", number, word, start);
    add(right, bad ? ROLE_REFUSED : ROLE_HEADER, DROP_SPANS, text);
    snprintf(text, sizeof text, " %s %s ", number, word);
    add_brief(right, bad ? DROP_REFUSED : DROP_NO_REFUSED, text);
}

void header_draw(struct ui *ui)
{
    struct parts left = {.count = 0}, right = {.count = 0};
    char text[64];
    add(&left, ROLE_BRAND, DROP_NEVER, " anchortop ");
    add_origin(&left, ui->config);
    add_events(&right, ui);
    add_runs(&right, &ui->figures);
    add_refused(&right, ui);
    clock_text(ui, text, sizeof text);
    add(&right, ROLE_HEADER, DROP_CLOCK, text);

    int width = screen_columns();
    fit(&left, &right, width);
    screen_fill(0, 0, width, STYLE(HEADER));
    draw(&left, 0, 0);
    int start = width - total_width(&right);
    draw(&right, 0, start > total_width(&left) ? start : total_width(&left));
}

void trouble_draw(struct ui *ui, int row)
{
    char text[UI_SENTENCE + 64], clean[UI_SENTENCE + 64];
    struct style style = STYLE(ALARM_LATE);
    snprintf(text, sizeof text, "%s deliveries are refused with 503: %s",
             screen_ascii() ? "!" : "✗", ui->journal.reason);
    text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    screen_fill(row, 0, screen_columns(), style);
    screen_put(row, 1, screen_columns() - 2, style, clean);
}

enum role waiting_role(const struct ui *ui, int64_t waited_ms)
{
    const struct options *options = ui->config->options;
    return waited_ms >= options->alarm_after_ms  ? ROLE_ALARM_LATE
           : waited_ms >= options->warn_after_ms ? ROLE_ALARM
                                                 : ROLE_ALARM_NEW;
}

void waiting_draw(struct ui *ui, int row)
{
    enum { SHORT_ID = 13 };
    static const char hint[] = "w to go there";
    const struct waiting *waiting = &ui->figures.waiting;
    char text[512], clean[512], session[sizeof waiting->session], age[32];
    int64_t waited = ui->now_ms - waiting->since_ms;
    int width = screen_columns(), room = width - (int)sizeof hint - 3;
    room = room > 20 ? room : width - 1;
    text_elapsed(age, sizeof age, waited);
    text_cut(session, sizeof session, waiting->session);
    for (int try = 0; try < 2; try++) {
        snprintf(text, sizeof text, "%s %zu waiting, oldest %s: %s \"%s\"",
                 screen_ascii() ? "!" : "⚠", waiting->count, age, session, waiting->message);
        text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
        if (text_width(clean) <= room)
            break;
        /* The beginning of the id tells enough; what is asked does not. */
        text_cut(session, SHORT_ID + sizeof "…" - 1, waiting->session);
    }
    struct style style = {.role = waiting_role(ui, waited)};
    screen_fill(row, 0, width, style);
    screen_put(row, 1, room, style, clean);
    if (room < width - 1)
        screen_put_right(row, width - (int)sizeof hint, (int)sizeof hint - 1, style, hint);
}

/* What the view's rows are held back by: its filter, and the pause. */
static void state_text(struct ui *ui, char *text, size_t size)
{
    const struct view *view = ui_view(ui);
    char paused[64] = "", number[32], filter[sizeof ui->figures.filter * 2];
    if (view->paused) {
        text_count(number, sizeof number, (double)ui->figures.held_back);
        snprintf(paused, sizeof paused, view->class->log ? "%s PAUSED, %s new " : "%s PAUSED ",
                 screen_ascii() ? "||" : "‖", number);
    } else if (view->class->log && view->index > 0) {
        text_count(number, sizeof number, (double)view->index);
        snprintf(paused, sizeof paused, "%s newer above ", number);
    }
    text_clean(filter, sizeof filter, ui->figures.filter, strlen(ui->figures.filter),
               screen_ascii() ? TEXT_ASCII : 0);
    char loading[64] = "";
    if (ui->journal.loading && ui->journal.to_load > 0)
        snprintf(loading, sizeof loading, "%s %d%% of the journal ", ui->journal.loading,
                 (int)(ui->journal.loaded * 100 / ui->journal.to_load));
    snprintf(text, size, "%s%s%s%s%s%s", loading, ui->muted ? "muted " : "", paused,
             filter[0] ? " filter: " : "", filter, filter[0] ? " " : "");
}

/* How much the tabs say. */
enum tabs { TABS_COUNTED, TABS_WHOLE, TABS_SHORT, TABS_LETTERS, TABS_KEYS };

/* A view's key and title, with how many entities it has where there is room for that. How many
 * wait for a human is worth it everywhere. */
static void tab_text(const struct ui *ui, enum view_id id, enum tabs tabs, char *text, size_t size)
{
    const struct view_class *class = view_class(id);
    bool waits = !class->log && class->kind == ENTITY_INTERVENTION;
    char count[32] = "";
    size_t number = class->log ? 0
                    : waits    ? ui->figures.waiting.count
                               : ui->figures.entities[class->kind];
    if (number > 0 && (tabs == TABS_COUNTED || (waits && tabs < TABS_LETTERS)))
        text_short_count(count, sizeof count, (double)number);
    const char *title = tabs >= TABS_SHORT ? class->short_title : class->title;
    int letters = id == ui->current || tabs < TABS_LETTERS ? 32 : tabs == TABS_LETTERS ? 2 : 0;
    snprintf(text, size, " %c%s%.*s%s%s ", class->key, letters ? " " : "", letters, title,
             *count ? " " : "", count);
}

static int tabs_width(const struct ui *ui, enum tabs tabs)
{
    char text[64];
    int width = 0;
    for (int id = 0; id < VIEWS; id++) {
        tab_text(ui, (enum view_id)id, tabs, text, sizeof text);
        width += text_width(text);
    }
    return width;
}

void tabs_draw(struct ui *ui, int row)
{
    enum { STATE_LEAST = 30 }; /* columns of the state for which tabs give way */
    char state[1280], text[64];
    state_text(ui, state, sizeof state);
    int width = screen_columns(), column = 0;
    int wanted = text_width(state), least = wanted < STATE_LEAST ? wanted : STATE_LEAST;
    enum tabs tabs = width >= COUNTED_TABS ? TABS_COUNTED : TABS_WHOLE;
    while (tabs < TABS_KEYS && tabs_width(ui, tabs) + least + (least > 0) > width)
        tabs++;
    for (int id = 0; id < VIEWS; id++) {
        bool here = id == (int)ui->current;
        tab_text(ui, (enum view_id)id, tabs, text, sizeof text);
        column += screen_put(row, column, width - column,
                             (struct style){.role = here ? ROLE_TAB_ACTIVE : ROLE_TAB}, text);
    }
    int start = width - wanted > column ? width - wanted : column + 1;
    screen_put(row, start, width - start, STYLE(STATE), state);
}
