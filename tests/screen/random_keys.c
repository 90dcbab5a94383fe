/*
 * Random keys, pastes, escape sequences and sizes: whatever comes, the program lives, receives, and
 * ends only when it is told to.
 *
 * RANDOM_KEYS_ROUNDS in the environment makes it longer, RANDOM_KEYS_SEED begins elsewhere. A
 * failure names its seed.
 */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(random_keys, .fini = programs_stop, .timeout = 3600);

enum { ROUNDS = 3, ACTIONS = 400, EVERY = 40, ROWS = 24, COLUMNS = 100 };

static unsigned long long seed; /* of the round, for messages */

struct dice {
    unsigned long long state;
};

static unsigned roll(struct dice *dice, size_t sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (unsigned)(dice->state % sides);
}

static void type(struct watch *watch, const char *bytes, size_t length)
{
    program_type(watch->program, bytes, length);
    program_pump(watch->program); /* or it could not write, and then not read */
    cr_assert(program_running(watch->program), "seed %llu: it ended: %s", seed,
              program_stderr(watch->program));
}

/* A key of the table of actions, and others. q is answered with another key than y, and Ctrl-C and
 * Ctrl-Z are left out: these end it, or stop it. */
static void press_key(struct watch *watch, struct dice *dice)
{
    static const char *const named[] = {
        "\r",     "\t",     " ",      "\177",    "\033[A",  "\033OB",  "\033[C",
        "\033[D", "\033[H", "\033[F", "\033[5~", "\033[6~", "\033[3~", "\033[Z",
        "\033",   "\014",   "\025",   "\027",    "\001",    "qn",
    };
    if (roll(dice, 2)) {
        const char *keys = named[roll(dice, sizeof named / sizeof *named)];
        type(watch, keys, strlen(keys));
        return;
    }
    char key = (char)(' ' + (int)roll(dice, 95));
    if (key != 'q')
        type(watch, &key, 1);
}

static const char *const sequences[] = {
    "\033[<0;10;5m",
    "\033[<65;1;1M",
    "\033[M !!",
    "\033[I",
    "\033[O",
    "\033[24;80R",
    "\033[?62;1;2c",
    "\033]11;rgb:1e1e/1e1e/1e1e\033\\",
    "\033]52;c;cXk=\a",
    "\033P>|XTerm(370)\033\\",
    "\033_Gi=31;OK\033\\",
    "\033[1;5A",
    "\033[27;5;99~",
    "\033[99;5u",
    "\033OP",
    "\033[[A",
    "\033\033[A",
    "\033m",
    "\033[200~q\ry\rq\ny\003\032\033[201~",
    "\033[200~is:failed or (type:task\nq\ny\033[201~",
    "\033[200~\033[201~",
};

/* Whole, cut in two reads, or never finished. */
static void send_sequence(struct watch *watch, struct dice *dice)
{
    const char *sequence = sequences[roll(dice, sizeof sequences / sizeof *sequences)];
    size_t length = strlen(sequence), cut = 1 + roll(dice, length - 1);
    bool paste = strstr(sequence, "200~") != NULL;
    switch (roll(dice, 3)) {
    case 0: type(watch, sequence, length); break;
    case 1:
        type(watch, sequence, cut);
        program_wait_taken(watch->program);
        type(watch, sequence + cut, length - cut);
        break;
    default:
        /* One that breaks off within a paste would swallow seconds of what follows. */
        type(watch, sequence, paste ? length : cut);
        break;
    }
}

static void send_bytes(struct watch *watch, struct dice *dice)
{
    char bytes[8];
    size_t length = 1 + roll(dice, sizeof bytes);
    for (size_t i = 0; i < length; i++) {
        unsigned byte = 0x20 + roll(dice, 0xE0);
        bytes[i] = byte == 'q' || byte == 'y' ? 'z' : (char)byte;
    }
    type(watch, bytes, length);
}

static void type_filter(struct watch *watch, struct dice *dice)
{
    static const char *const filters[] = {"/\025is:failed\r", "/\025type:task or (\r\033",
                                          "/\025cost>0.01 -captcha\r", "/\025\t\t\t\r", "/\025\r"};
    const char *keys = filters[roll(dice, sizeof filters / sizeof *filters)];
    type(watch, keys, strlen(keys));
}

static void resize(struct watch *watch, struct dice *dice)
{
    static const int sizes[][2] = {{24, 80}, {10, 40}, {5, 20}, {1, 1}, {60, 200}, {2, 3}, {4, 60}};
    size_t i = roll(dice, sizeof sizes / sizeof *sizes);
    program_resize(watch->program, sizes[i][0], sizes[i][1]);
}

static void (*const actions[])(struct watch *, struct dice *) = {
    press_key,     press_key,  press_key,   press_key, send_sequence,
    send_sequence, send_bytes, type_filter, resize,
};

/* Every key that closes something, until the list has the keys. */
static bool is_at_rest(struct program *program, void *context)
{
    (void)context;
    const char *last = program_row(program, ROWS - 1);
    if (strstr(last, "q quit") && strstr(last, "filter"))
        return true;
    program_type(program, "\033", 1);
    return false;
}

/* An Esc that is still on its way would make the next key one with Alt. */
static bool takes_keys(struct program *program, void *context)
{
    (void)context;
    const char *last = program_row(program, ROWS - 1);
    if (strstr(last, "muted: the bell") || strstr(last, "the bell is on"))
        return true;
    program_type(program, "m", 1);
    return false;
}

static bool takes_pastes(struct program *program)
{
    bool on = false;
    const char *at = program_output(program, NULL);
    for (at = strstr(at, "\033[?2004"); at; at = strstr(at + 7, "\033[?2004"))
        on = at[7] == 'h';
    return on;
}

static void send_some(const struct watch *watch, int *sent)
{
    static const char *const types[] = {"task.failed", "session.completed", "batch.completed",
                                        "intervention.requested", "task.completed"};
    char id[32], data[160];
    cr_assert(program_running(watch->program), "seed %llu: it ended: %s", seed,
              program_stderr(watch->program));
    snprintf(id, sizeof id, "evt_%d", *sent);
    snprintf(data, sizeof data,
             "\"task_id\":\"tsk_%d\",\"session_id\":\"ses_%d\",\"request_id\":\"req_%d\","
             "\"batch_id\":\"bat_1\",\"session_dashboard_url\":\"https://good.example/%d\"",
             *sent % 7, *sent % 5, *sent, *sent);
    watch_send(watch, id, types[*sent % 5], data);
    ++*sent;
}

static void play(void)
{
    static const char *const environment[] = {"BROWSER=true", NULL};
    struct dice dice = {seed * 0x9E3779B97F4A7C15ULL + 1};
    struct watch watch = watch_start(&(struct program_setup){
        .environment = environment, .columns = COLUMNS, .keep_stderr = true});
    int sent = 0;
    for (int action = 0; action < ACTIONS; action++) {
        if (action % EVERY == 0)
            send_some(&watch, &sent);
        actions[roll(&dice, sizeof actions / sizeof *actions)](&watch, &dice);
    }
    program_resize(watch.program, ROWS, COLUMNS);
    send_some(&watch, &sent);
    char shown[32];
    snprintf(shown, sizeof shown, " %d events", sent);
    program_wait(watch.program, "the list to have the keys", is_at_rest, NULL);
    program_wait(watch.program, "a key to be taken", takes_keys, NULL);
    program_wait_row(watch.program, 0, shown);
    cr_assert(takes_pastes(watch.program), "seed %llu", seed);
    program_keys(watch.program, "q");
    program_wait_row(watch.program, ROWS - 1, "Quit?");
    program_keys(watch.program, "y");
    cr_expect_eq(program_wait_exit(watch.program), 0, "seed %llu", seed);
    cr_expect_not(program_full_screen(watch.program), "seed %llu", seed);
    cr_expect(program_cursor_visible(watch.program), "seed %llu", seed);
    cr_expect_not(takes_pastes(watch.program), "seed %llu", seed);
    program_stop(watch.program);
}

static unsigned long long number_of(const char *name, unsigned long long otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

Test(random_keys, whatever_is_typed_it_lives_and_receives_and_ends_when_told_to)
{
    unsigned long long first = number_of("RANDOM_KEYS_SEED", 1);
    unsigned long long rounds = number_of("RANDOM_KEYS_ROUNDS", ROUNDS);
    for (seed = first; seed < first + rounds; seed++)
        play();
}
