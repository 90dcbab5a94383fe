/*
 * Alerts: what a rule may say, which events it is about, and what becomes of its command.
 */
#include "alert.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "samples.h"

static char directory[] = "/tmp/anchortop-alert-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void write_script(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    cr_assert(file);
    fprintf(file, "#!/bin/sh\ncd %s || exit 9\n%s", directory, text);
    fchmod(fileno(file), 0700);
    cr_assert_eq(fclose(file), 0);
}

/* What a script has written into a file of the directory; "" when it is not there. */
static const char *read_text(const char *name)
{
    static char text[65536];
    FILE *file = fopen(path_of(name), "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
    return text;
}

static void setup(void)
{
    cr_assert(mkdtemp(directory));
}

static struct store *store;

static void teardown(void)
{
    store_free(store);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", directory);
    cr_assert_eq(system(command), 0);
}

TestSuite(alert, .init = setup, .fini = teardown);

/* Adds a rule of lines "key = value". %s in it is the directory. */
static bool add_rule(struct alert_rules *rules, const char *name, const char *lines, char *reason,
                     size_t size)
{
    char text[512], *rest = NULL;
    snprintf(text, sizeof text, "%s", lines);
    if (!alert_rules_begin(rules, name, reason, size))
        return false;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *value = strstr(line, " = "), whole[512];
        cr_assert(value, "%s", line);
        *value = '\0';
        char *mark = strstr(value + 3, "%s");
        snprintf(whole, sizeof whole, "%.*s%s%s", mark ? (int)(mark - value - 3) : 500, value + 3,
                 mark ? directory : "", mark ? mark + 2 : "");
        if (!alert_rules_take(rules, line, whole, reason, size))
            return false;
    }
    return alert_rules_end(rules, reason, size);
}

static struct alert_rules one_rule(const char *lines)
{
    struct alert_rules rules = {0};
    char reason[512];
    cr_assert(add_rule(&rules, "test", lines, reason, sizeof reason), "%s", reason);
    return rules;
}

static const struct {
    const char *name, *lines;
    const char *expected[3]; /* parts of the sentence; none: it is accepted */
} readings[] = {
    {"a bell", "filter = is:failed\nbell = yes", {NULL}},
    {"everything",
     "filter = is:waiting\nbell = on\nflash = yes\ndesktop = yes\nevery = 1m30s\n"
     "command = %s/notify a b",
     {NULL}},
    {"program of the PATH", "filter = is:failed\ncommand = true", {NULL}},
    {"several types", "filter = type:task.failed,session or is:healed\nbell = yes", {NULL}},
    {"every event", "filter = has:type\nbell = yes", {NULL}},
    {"a type that is new", "filter = type:export.exploded\nbell = yes", {NULL}},
    {"text", "filter = captcha -\"task.failed\"\nbell = yes", {NULL}},
    {"no limit", "filter = has:type\nevery = 0s\nbell = yes", {NULL}},
    {"no filter", "bell = yes", {"alert test: ", "which events", "filter = "}},
    {"empty filter", "filter = \nbell = yes", {"alert test: filter: ", "empty"}},
    {"nothing to do", "filter = has:type", {"alert test: ", "does nothing", "bell = yes"}},
    {"all switched off", "filter = has:type\nbell = no", {"alert test: ", "does nothing"}},
    {"unknown key", "filtre = *", {"alert test: ", "\"filtre\"", "did you mean filter?"}},
    {"unknown key, nothing like it", "colour = red", {"\"colour\"", "bell, flash, desktop"}},
    {"bell that is no flag", "bell = loud", {"alert test: bell: ", "\"loud\"", "yes nor no"}},
    {"every without unit", "every = 10", {"alert test: every: ", "\"10\"", "30s"}},
    {"key twice", "filter = has:type\nfilter = is:ok", {"alert test: ", "filter is given twice"}},
    {"a type that is no term",
     "filter = task.failed\nbell = yes",
     {"alert test: filter: \"task.failed\"", "did you mean type:task.failed?", "at character 1"}},
    {"the list of types that it once was",
     "filter = is:ok task.* intervention.requested\nbell = yes",
     {"alert test: filter: ", "no wildcards: write type:task.", "at character 7"}},
    {"a star", "filter = *\nbell = yes", {"filter: ", "write has:type"}},
    {"unknown state", "filter = is:late\nbell = yes", {"filter: ", "\"late\"", "waiting"}},
    {"unknown field", "filter = sesion:s\nbell = yes", {"filter: ", "did you mean \"session\"?"}},
    {"an open parenthesis", "filter = captcha (is:ok\nbell = yes", {"write )", "character 9"}},
    {"program that is not there",
     "filter = has:type\ncommand = %s/nowhere x",
     {"alert test: command: ", "/nowhere\"", "chmod +x"}},
    {"program that is a directory", "filter = has:type\ncommand = %s", {"there is no program"}},
    {"file that is no program", "filter = has:type\ncommand = %s/plain", {"chmod +x"}},
    {"home by ~", "filter = has:type\ncommand = ~/notify", {"\"~/notify\"", "no shell"}},
    {"endless command",
     "filter = has:type\ncommand = true 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 "
     "23 24 25 "
     "26 27 28 29 30 31 32",
     {"more than 32 words"}},
};

Test(alert, what_a_rule_may_say)
{
    write_script("notify", "");
    write_script("plain", "");
    chmod(path_of("plain"), 0600);
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        struct alert_rules rules = {0};
        char reason[512] = "";
        bool good = add_rule(&rules, "test", readings[i].lines, reason, sizeof reason);
        cr_expect_eq(good, !readings[i].expected[0], "%s: %s", readings[i].name, reason);
        for (size_t e = 0; e < 3 && readings[i].expected[e]; e++)
            cr_expect(strstr(reason, readings[i].expected[e]), "%s: \"%s\" is missing in: %s",
                      readings[i].name, readings[i].expected[e], reason);
        alert_rules_free(&rules);
    }
}

Test(alert, names_are_plain_and_differ)
{
    static const char *const bad[] = {"", "a;b", "\033[31m", "caf\xc3\xa9",
                                      "a name of more than forty bytes is too long"};
    struct alert_rules rules = one_rule("filter = has:type\nbell = yes");
    char reason[512];

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(alert_rules_begin(&rules, bad[i], reason, sizeof reason), "%zu", i);
        cr_expect(strstr(reason, "[alert captcha]"), "%s", reason);
    }
    cr_expect_not(alert_rules_begin(&rules, "test", reason, sizeof reason));
    cr_expect_str_eq(reason, "alert test: there are two of that name; rename one");
    for (int i = 1; i < ALERT_MAX_RULES; i++) {
        char name[16];
        snprintf(name, sizeof name, "rule %d", i);
        cr_expect(alert_rules_begin(&rules, name, reason, sizeof reason), "%s", reason);
    }
    cr_expect_not(alert_rules_begin(&rules, "one more", reason, sizeof reason));
    cr_expect(strstr(reason, "64 alerts"), "%s", reason);
    alert_rules_free(&rules);
}

static uint64_t last; /* event that came */

enum { CREATED = 1000000 }; /* when all of them are, in milliseconds */

static void come(const char *type, const char *data)
{
    static int number;
    char raw[512], reason[160];
    struct event event;
    int length = snprintf(raw, sizeof raw, "{\"id\":\"evt_%d\",\"type\":\"%s\",\"data\":{%s}}",
                          number++, type, data);
    if (!store)
        store = store_new(RING_MIN_BYTES);
    cr_assert(store);
    cr_assert(event_decode(&event, raw, (size_t)length, reason, sizeof reason), "%s", reason);
    store_add(store,
              &(struct store_arrival){
                  .event = &event, .raw = raw, .length = (size_t)length, .received_ms = CREATED},
              &last);
    event_free(&event);
}

/* The rules that an event sets off, newly created. */
static uint64_t consider_at(struct alerts *alerts, uint64_t seq, int64_t real_ms, int64_t now_ms)
{
    struct store_copy copy = {0};
    store_lock(store);
    bool may = alerts_glance(alerts, seq, real_ms);
    store_unlock(store);
    cr_assert(store_fetch(store, seq, &copy));
    uint64_t set = alerts_consider(alerts, &copy, real_ms, now_ms);
    cr_expect(may || set == 0, "a glance ruled it out");
    store_copy_free(&copy);
    return set;
}

static uint64_t consider(struct alerts *alerts, uint64_t seq, int64_t now_ms)
{
    return consider_at(alerts, seq, CREATED, now_ms);
}

static const struct {
    const char *filter, *type, *data;
    bool matches;
} matches[] = {
    {"type=task.failed", "task.failed", "", true},
    {"type=task.failed", "task.failed.again", "", false},
    {"type:task", "task.cancelled", "", true},
    {"type:task", "batch.completed", "", false},
    {"has:type", "anything.at.all", "", true},
    {"type:session.failed,task.failed", "task.failed", "", true},
    {"is:waiting", "intervention.requested", "\"request_id\":\"req_1\"", true},
    {"is:waiting", "intervention.resolved", "\"request_id\":\"req_2\"", false},
    {"is:failed", "identity.authentication_failed", "", true},
    {"is:failed", "export.failed", "", true},
    {"is:failed", "task.completed", "", false},
    {"is:failed or is:healed", "task.healed", "", true},
    {"is:failed cost>0.01", "task.failed", "\"cost\":{\"amount\":0.02,\"currency\":\"USD\"}", true},
    {"is:failed cost>0.01", "task.failed", "\"cost\":{\"amount\":0.01,\"currency\":\"USD\"}",
     false},
    {"data.output.left<3", "task.completed", "\"output\":{\"left\":2}", true},
    {"captcha", "task.failed", "\"error\":{\"message\":\"A Captcha\"}", true},
    {"captcha", "task.failed", "\"error\":{\"message\":\"A button\"}", false},
};

Test(alert, which_events_a_rule_is_about)
{
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        char lines[128];
        snprintf(lines, sizeof lines, "filter = %s\nbell = yes", matches[i].filter);
        struct alert_rules rules = one_rule(lines);
        come(matches[i].type, matches[i].data);
        struct alerts *alerts = alerts_new(&rules, store);
        cr_expect_eq(consider(alerts, last, 0), matches[i].matches, "%s: %s %s", matches[i].filter,
                     matches[i].type, matches[i].data);
        alerts_free(alerts);
        alert_rules_free(&rules);
    }
}

Test(alert, nobody_waits_for_what_is_settled)
{
    struct alert_rules rules = one_rule("filter = is:waiting\nbell = yes\nevery = 0s");
    char reason[256];
    cr_assert(add_rule(&rules, "by type", "filter = type:intervention\nbell = yes\nevery = 0s",
                       reason, sizeof reason));
    come("intervention.resolved", "\"request_id\":\"req_1\"");
    come("intervention.requested", "\"request_id\":\"req_1\"");
    struct alerts *alerts = alerts_new(&rules, store);
    cr_expect_eq(consider(alerts, last, 0), 2);
    come("intervention.requested", "\"request_id\":\"req_2\"");
    cr_expect_eq(consider(alerts, last, 0), 3);
    alerts_free(alerts);
    alert_rules_free(&rules);
}

Test(alert, a_rule_fires_once_in_its_time)
{
    struct alert_rules rules = one_rule("filter = type:task\nbell = yes\nevery = 10s");
    char reason[256];
    cr_assert(add_rule(&rules, "all", "filter = has:type\nflash = yes\nevery = 0s", reason,
                       sizeof reason));
    come("task.failed", "");
    struct alerts *alerts = alerts_new(&rules, store);
    static const struct {
        int64_t now_ms;
        uint64_t set;
    } steps[] = {{5, 3}, {6, 2}, {10004, 2}, {10005, 3}, {10006, 2}, {30000, 3}};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        uint64_t set = consider(alerts, last, steps[i].now_ms);
        cr_expect_eq(set, steps[i].set, "at %d: %d", (int)steps[i].now_ms, (int)set);
    }
    alerts_free(alerts);
    alert_rules_free(&rules);
}

Test(alert, what_is_old_sets_off_nothing)
{
    struct alert_rules rules = one_rule("filter = has:type\nbell = yes\nevery = 0s");
    static const struct {
        int64_t age_ms;
        uint64_t set;
    } ages[] = {{ALERT_MAX_AGE_MS + 1, 0}, {ALERT_MAX_AGE_MS, 1}, {-5000, 1}}; /* a fast clock */
    come("task.failed", "");
    struct alerts *alerts = alerts_new(&rules, store);

    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
        cr_expect_eq(consider_at(alerts, last, CREATED + ages[i].age_ms, 1), ages[i].set, "%zu", i);
    alerts_free(alerts);
    alert_rules_free(&rules);
}

/* Fires every rule for an event. */
static struct alert_notice fire(struct alerts *alerts, const char *body)
{
    struct alert_notice notice;
    struct event event;
    char reason[160];
    cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s", reason);
    const struct field_source source = {.event = &event};
    alerts_fire(alerts, UINT64_MAX, &source, body, strlen(body), 0, &notice);
    event_free(&event);
    return notice;
}

/* Waits for all commands, and returns how many sentences there were; the last is kept. */
static int wait_for_commands(struct alerts *alerts, int64_t now_ms, char *sentence, size_t size)
{
    int count = 0;
    *sentence = '\0';
    for (;;) {
        while (alerts_reap(alerts, now_ms, sentence, size))
            count++;
        if (!alerts_running(alerts))
            return count;
        poll(NULL, 0, 5);
    }
}

Test(alert, the_screen_is_told_what_to_do)
{
    struct alert_rules rules = one_rule("filter = has:type\nbell = yes\ndesktop = yes");
    char reason[256];
    cr_assert(add_rule(&rules, "second", "filter = has:type\nflash = yes", reason, sizeof reason));
    cr_assert(add_rule(&rules, "third", "filter = has:type\ndesktop = yes", reason, sizeof reason));
    come("task.failed", "");
    struct alerts *alerts = alerts_new(&rules, store);

    for (int64_t now = 0; now < 3; now++)
        consider(alerts, last, now);
    struct alert_notice notice =
        fire(alerts, SAMPLE("task.failed", "{\"error\":{\"message\":\"no\\u001b]9;button\"}}"));
    cr_expect_eq(notice.actions, ALERT_BELL | ALERT_FLASH | ALERT_DESKTOP);
    cr_expect_str_eq(notice.title, "test, third");
    cr_expect(strstr(notice.body, "task.failed · "), "%s", notice.body);
    cr_expect(strstr(notice.body, "no␛]9;button"), "%s", notice.body);
    cr_expect(strstr(notice.body, "(and 4 more before)"), "%s", notice.body);

    notice = fire(alerts, SAMPLE("task.failed", "{}"));
    cr_expect_not(strstr(notice.body, "more before"), "%s", notice.body);
    alerts_free(alerts);
    alert_rules_free(&rules);
}

Test(alert, a_command_gets_the_event_and_no_secret)
{
    static const char body[] =
        SAMPLE("intervention.requested",
               "{\"request_id\":\"req_1\",\"session_id\":\"ses_1\",\"message\":\"`rm -rf`; "
               "$(x)\\n\\u001b[31mred\",\"live_view_url\":\"https://live/1\"}");
    static const char *const lines[] = {
        "ANCHORTOP_ALERT=test\n",
        "ANCHORTOP_EVENT_ID=" SAMPLE_ID "\n",
        "ANCHORTOP_TYPE=intervention.requested\n",
        "ANCHORTOP_OUTCOME=waiting\n",
        "ANCHORTOP_SUBJECT=req_1\n",
        "ANCHORTOP_REQUEST=req_1\n",
        "ANCHORTOP_SESSION=ses_1\n",
        "ANCHORTOP_TASK=\n",
        "ANCHORTOP_MESSAGE=`rm -rf`; $(x)␊␛[31mred\n",
        "ANCHORTOP_LINK=https://live/1\n",
        "ANCHORTOP_SUPPRESSED=2\n",
        "OWN=kept\n",
    };
    char sentence[ALERT_FAILURE_SIZE];

    write_script("notify", "cat > stdin\nenv > variables\necho \"$# $1 $2\" > arguments\n"
                           "exec 2> /dev/null\n(: > /dev/tty) && echo terminal >> arguments\n"
                           "exit 0\n");
    setenv("ANCHOR_WEBHOOK_SECRET", "whsec_c0ffee", 1);
    setenv("ANCHORTOP_TASK", "of somebody else", 1);
    setenv("OWN", "kept", 1);
    struct alert_rules rules = one_rule("filter = has:type\ncommand = %s/notify $HOME 'a");
    come("task.failed", "");
    struct alerts *alerts = alerts_new(&rules, store);
    for (int64_t now = 0; now < 3; now++)
        consider(alerts, last, now);
    fire(alerts, body);
    cr_expect_eq(alerts_running(alerts), 1);
    cr_expect_eq(wait_for_commands(alerts, 0, sentence, sizeof sentence), 0, "%s", sentence);

    cr_expect_str_eq(read_text("stdin"), body);
    cr_expect_str_eq(read_text("arguments"), "2 $HOME 'a\n");
    const char *variables = read_text("variables");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(variables, lines[i]), "%s is missing in:\n%s", lines[i], variables);
    cr_expect_not(strstr(variables, "c0ffee"));
    alerts_free(alerts);
    alert_rules_free(&rules);
}

Test(alert, a_slow_reader_of_a_large_event_keeps_nobody_waiting)
{
    static char body[1 << 20];
    char sentence[ALERT_FAILURE_SIZE], expected[32];
    int used = snprintf(body, sizeof body, "{\"id\":\"evt_1\",\"type\":\"a.b\",\"data\":{\"x\":\"");
    memset(body + used, 'x', sizeof body - (size_t)used - 4);
    memcpy(body + sizeof body - 4, "\"}}", 4);

    write_script("notify", "read line < go\nwc -c > size\n");
    cr_assert_eq(mkfifo(path_of("go"), 0600), 0);
    struct alert_rules rules = one_rule("filter = has:type\ncommand = %s/notify");
    struct alerts *alerts = alerts_new(&rules, store);
    fire(alerts, body); /* would hang here */
    FILE *go = fopen(path_of("go"), "w");
    fputs("go\n", go);
    fclose(go);
    cr_expect_eq(wait_for_commands(alerts, 0, sentence, sizeof sentence), 0, "%s", sentence);
    snprintf(expected, sizeof expected, "%zu\n", strlen(body));
    cr_expect_str_eq(read_text("size"), expected);
    alerts_free(alerts);
    alert_rules_free(&rules);
}

static const struct {
    const char *name, *script, *failure; /* after "alert test: <path>: "; "" when all is well */
} endings[] = {
    {"good", "echo fine\necho noise >&2\n", ""},
    {"status", "exit 3\n", "exit status 3"},
    {"its last words", "echo first >&2\necho '  no route to host ' >&2\necho >&2\nexit 1\n",
     "exit status 1:   no route to host"},
    {"more than a pipe holds",
     "i=0\nwhile [ $i -lt 3000 ]; do echo 'a line of words that repeats itself' >&2\n"
     "i=$((i+1)); done\necho the end >&2\nexit 1\n",
     "exit status 1: the end"},
    {"signal", "kill -TERM $$\n", "Terminated"},
    {"stdin left unread", "exit 0\n", ""},
};

Test(alert, failures_are_told)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char sentence[ALERT_FAILURE_SIZE], expected[ALERT_FAILURE_SIZE] = "";
        write_script("notify", endings[i].script);
        struct alert_rules rules = one_rule("filter = has:type\ncommand = %s/notify");
        struct alerts *alerts = alerts_new(&rules, store);
        fire(alerts, SAMPLE("task.failed", "{}"));
        wait_for_commands(alerts, 0, sentence, sizeof sentence);
        if (endings[i].failure[0])
            snprintf(expected, sizeof expected, "alert test: %s: %s", path_of("notify"),
                     endings[i].failure);
        cr_expect_str_eq(sentence, expected, "%s: %s", endings[i].name, sentence);
        alerts_free(alerts);
        alert_rules_free(&rules);
    }
}

Test(alert, a_program_that_has_gone_is_told)
{
    char sentence[ALERT_FAILURE_SIZE];
    write_script("notify", "");
    struct alert_rules rules = one_rule("filter = has:type\ncommand = %s/notify");
    struct alerts *alerts = alerts_new(&rules, store);
    unlink(path_of("notify"));
    fire(alerts, SAMPLE("task.failed", "{}"));
    cr_expect_eq(wait_for_commands(alerts, 0, sentence, sizeof sentence), 1);
    cr_expect(strstr(sentence, "cannot be started: No such file"), "%s", sentence);
    alerts_free(alerts);
    alert_rules_free(&rules);
}

Test(alert, a_command_that_hangs_is_ended_with_what_it_started)
{
    char sentence[ALERT_FAILURE_SIZE];
    write_script("notify", "mkfifo hang child\necho I wait >&2\n"
                           "(exec 3<> hang; echo on > child; read x <&3) &\nread x < hang\n");
    struct alert_rules rules = one_rule("filter = has:type\ncommand = %s/notify");
    struct alerts *alerts = alerts_new(&rules, store);
    fire(alerts, SAMPLE("task.failed", "{}"));
    while (access(path_of("child"), F_OK) != 0)
        poll(NULL, 0, 5);
    cr_expect_str_eq(read_text("child"), "on\n"); /* it runs, and has the fifo open */

    cr_expect_not(alerts_reap(alerts, ALERT_KILL_MS - 1, sentence, sizeof sentence));
    cr_expect_eq(alerts_running(alerts), 1);
    cr_expect_eq(wait_for_commands(alerts, ALERT_KILL_MS, sentence, sizeof sentence), 1);
    cr_expect(strstr(sentence, "ended after 30 seconds: I wait"), "%s", sentence);
    for (int hang = 0; (hang = open(path_of("hang"), O_WRONLY | O_NONBLOCK)) >= 0; close(hang))
        poll(NULL, 0, 5); /* until nobody has it open any more */
    alerts_free(alerts);
    alert_rules_free(&rules);
}

Test(alert, only_so_many_commands_run_at_a_time)
{
    char sentence[ALERT_FAILURE_SIZE];
    write_script("notify", "read x < go\n");
    cr_assert_eq(mkfifo(path_of("go"), 0600), 0);
    struct alert_rules rules = one_rule("filter = has:type\ncommand = %s/notify");
    struct alerts *alerts = alerts_new(&rules, store);
    for (int i = 0; i < ALERT_MAX_RUNNING; i++)
        fire(alerts, SAMPLE("task.failed", "{}"));
    cr_expect_not(alerts_reap(alerts, 0, sentence, sizeof sentence), "%s", sentence);
    fire(alerts, SAMPLE("task.failed", "{}"));
    cr_expect_eq(alerts_running(alerts), ALERT_MAX_RUNNING);
    cr_expect(alerts_reap(alerts, 0, sentence, sizeof sentence));
    cr_expect(strstr(sentence, "8 commands run already"), "%s", sentence);
    wait_for_commands(alerts, ALERT_KILL_MS, sentence, sizeof sentence);

    write_script("notify", "echo once more > done\n");
    fire(alerts, SAMPLE("task.failed", "{}"));
    cr_expect_eq(wait_for_commands(alerts, 0, sentence, sizeof sentence), 0, "%s", sentence);
    cr_expect_str_eq(read_text("done"), "once more\n");
    alerts_free(alerts);
    alert_rules_free(&rules);
}
