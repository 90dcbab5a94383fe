/*
 * Options: what a person gives, and what the program takes from it.
 */
#include <time.h>

#include "options_reading.h"

TestSuite(options, .init = setup, .fini = teardown);

/* How long ago a moment was, in whole minutes; "never" when none was given. */
static const char *age_of(const struct option_moment *moment, char text[32])
{
    int64_t age_s = (int64_t)time(NULL) - moment->first_ms / 1000;
    snprintf(text, 32, moment->given ? "%lldm" : "never", (long long)(age_s / 60));
    return text;
}

/* The settings as one line, so that a row can name the part that it is about. */
static void describe(const struct options *options, char *text, size_t size)
{
    static const char *const names[] = {
        [COMMAND_TOP] = "top",   [COMMAND_DEMO] = "demo", [COMMAND_SEND] = "send",
        [COMMAND_TAIL] = "tail", [COMMAND_WAIT] = "wait", [COMMAND_WATCH] = "watch"};
    char since[32], until[32];
    size_t used = (size_t)snprintf(
        text, size,
        "%s listen=%s path=%s memory=%llu view=%s theme=%s color=%d ascii=%d "
        "insecure=%d url=%s rate=%g count=%llu simulate=%d tls=%s,%s waits=%lld,%lld "
        "history=%s,%d keep=%lld part=%s,%s,%d secrets=",
        names[options->command], options->listen, options->path ? options->path : "any",
        (unsigned long long)options->memory, options->view, options->theme, !options->no_color,
        options->ascii, options->insecure, options->url, options->rate,
        (unsigned long long)options->count, options->simulate,
        options->tls_cert ? options->tls_cert : "", options->tls_key ? options->tls_key : "",
        (long long)options->warn_after_ms, (long long)options->alarm_after_ms,
        options->history ? options->history : "default", !options->no_history,
        (long long)options->keep, age_of(&options->since, since), age_of(&options->until, until),
        options->no_follow);
    for (size_t i = 0; i < options->secret_files.count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s,", options->secret_files.values[i]);
    used += (size_t)snprintf(text + used, size - used, " filter=%s format=%s timeout=%lld",
                             options->filter ? options->filter : "none", options->format,
                             (long long)options->timeout_ms);
    used += (size_t)snprintf(text + used, size - used, " operands=");
    for (size_t i = 0; i < options->operand_count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s,", options->operands[i]);
    used += (size_t)snprintf(text + used, size - used, " alerts=");
    for (size_t i = 0; i < options->alerts.count; i++) {
        const struct alert_rule *rule = &options->alerts.rules[i];
        used += (size_t)snprintf(text + used, size - used, "%s(%s, %d),", rule->name,
                                 rule->expression, (int)rule->every_ms);
    }
    used += (size_t)snprintf(text + used, size - used, " filters=");
    for (size_t i = 0; i < options->filters.count; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s(%s),", options->filters.filters[i].name,
                             filter_text(options->filters.filters[i].filter));
}

static const struct {
    const char *name;
    const char *words[MAX_ARGS];
    const char *config;
    const char *no_color;
    const char *expected; /* part of the description */
} accepted[] = {
    {"defaults",
     {NULL},
     NULL,
     NULL,
     "top listen=127.0.0.1:8484 path=any memory=268435456 "
     "view=events theme=(null) color=1 ascii=0 insecure=0"},
    {"value in the next word", {"--listen", "9000"}, NULL, NULL, "listen=9000"},
    {"value after =", {"--listen=[::1]:9000"}, NULL, NULL, "listen=[::1]:9000"},
    {"value with = in it", {"--path=/a=b"}, NULL, NULL, "path=/a=b"},
    {"the last of two wins", {"--listen=1", "--listen=2"}, NULL, NULL, "listen=2"},
    {"size with a unit", {"--memory", "64M"}, NULL, NULL, "memory=67108864"},
    {"ages", {"--warn-after=90s", "--alarm-after", "1h30m"}, NULL, NULL, "waits=90000,5400000"},
    {"ages by default", {NULL}, NULL, NULL, "waits=60000,300000"},
    {"ages in the file", {NULL}, "warn-after = 2m\n", NULL, "waits=120000,300000"},
    {"certificate and key", {"--tls-cert=c", "--tls-key=k"}, NULL, NULL, "tls=c,k"},
    {"journal", {NULL}, NULL, NULL, "history=default,1 keep=604800000"},
    {"journal elsewhere",
     {"--history=/a", "--keep=36h"},
     NULL,
     NULL,
     "history=/a,1 keep=129600000"},
    {"no journal", {"--no-history"}, NULL, NULL, "history=default,0"},
    {"no journal but for once", {"--history=/a"}, "no-history = yes\n", NULL, "history=/a,1"},
    {"a journal but for once", {"--no-history"}, "history = /a\n", NULL, "history=/a,0"},
    {"deliveries first", {"--view", "deliveries"}, NULL, NULL, "view=deliveries"},
    {"demo picks a free port", {"--demo"}, NULL, NULL, "demo listen=127.0.0.1:0 "},
    {"demo where it is told", {"--demo", "--listen=1234"}, NULL, NULL, "demo listen=1234"},
    {"secret files pile up", {"--secret-file=a", "--secret-file", "b"}, NULL, NULL, "secrets=a,b,"},
    {"send", {"send", "task.failed"}, NULL, NULL, "send "},
    {"send's default", {"send", "x"}, NULL, NULL, "url=http://127.0.0.1:8484/ rate=0 count=0"},
    {"options around the command",
     {"--rate=2.5", "send", "--count", "3", "a", "b"},
     NULL,
     NULL,
     "rate=2.5 count=3 simulate=0"},
    {"operands in order", {"send", "a", "--simulate", "b"}, NULL, NULL, "operands=a,b,"},
    {"standard input", {"send", "-"}, NULL, NULL, "operands=-,"},
    {"after -- all are operands", {"send", "--", "--rate"}, NULL, NULL, "operands=--rate,"},
    {"file",
     {NULL},
     "# comment\nlisten = 9001\nmemory=2M\nascii = yes\n",
     NULL,
     "listen=9001 path=any memory=2097152"},
    {"flag in the file", {NULL}, "ascii = on\n", NULL, "ascii=1"},
    {"flag switched off in the file", {NULL}, "ascii = no\n", NULL, "ascii=0"},
    {"list in the file", {NULL}, "secret-file = a\nsecret-file = b\n", NULL, "secrets=a,b,"},
    {"command line wins over the file", {"--listen=1"}, "listen = 2\n", NULL, "listen=1 "},
    {"command line replaces the file's list",
     {"--secret-file=a"},
     "secret-file = b\n",
     NULL,
     "secrets=a, "},
    {"the file is for every command", {"send", "x"}, "listen = 2\nrate = 5\n", NULL, "rate=5"},
    {"the demo takes no secret from the file",
     {"--demo"},
     "secret-file = b\ninsecure = yes\n",
     NULL,
     "insecure=0"},
    {"alerts below the rest",
     {NULL},
     "listen = 9001\n[alert a]\nfilter = has:type\nbell = yes\n\n# more\n[alert b c]\n"
     "filter = is:failed\nflash = yes\nevery = 1m\n",
     NULL,
     "alerts=a(has:type, 10000),b c(is:failed, 60000),"},
    {"tail", {"tail"}, NULL, NULL, "tail listen=127.0.0.1:8484 "},
    {"tail of everything", {"tail"}, NULL, NULL, "filter= format=text timeout=0 operands="},
    {"tail as JSON",
     {"tail", "--format", "json", "is:failed"},
     NULL,
     NULL,
     "filter=is:failed format=json"},
    {"tail from yesterday on", {"tail", "--since", "1d"}, NULL, NULL, "part=1440m,never,0 "},
    {"tail of a part", {"tail", "--since=2h", "--until", "1h"}, NULL, NULL, "part=120m,60m,1 "},
    {"tail of a day", {"tail", "--since=2026-05-24", "--until", "2026-05-24"}, NULL, NULL, ",1 "},
    {"time in the file", {"tail"}, "since = yesterday 22:00\n", NULL, "m,never,0 "},
    {"tail of what there is", {"tail", "--no-follow"}, NULL, NULL, "part=never,never,1 "},
    {"tail of what there is, wherever it would listen else",
     {"tail", "--no-follow"},
     "listen = 9001\n",
     NULL,
     "part=never,never,1 "},
    {"an endpoint but for once, where the past is usual",
     {"tail", "--listen=1"},
     "no-follow = yes\nsince = 1d\n",
     NULL,
     "part=1440m,never,0 "},
    {"no journal for once, where the past is usual",
     {"tail", "--no-history"},
     "since = 1d\n",
     NULL,
     "history=default,0 keep=604800000 part=never,never,0 "},
    {"no part at all",
     {"tail"},
     "no-follow = no\nno-history = yes\n",
     NULL,
     "history=default,0 keep=604800000 part=never,never,0 "},
    {"the past for once, where no journal is usual",
     {"tail", "--no-follow"},
     "no-history = yes\n",
     NULL,
     "history=default,1 keep=604800000 part=never,never,1 "},
    {"watch of what there is", {"watch", "--no-follow"}, NULL, NULL, "part=never,never,1 "},
    {"words of a filter",
     {"tail", "is:failed", "cost>0.01"},
     NULL,
     NULL,
     "filter=is:failed cost>0.01 "},
    {"a term that begins like an option", {"tail", "--", "-is:ok"}, NULL, NULL, "filter=-is:ok "},
    {"wait",
     {"wait", "type:task.failed cost>0.01", "--timeout", "30s"},
     NULL,
     NULL,
     "filter=type:task.failed cost>0.01 format=text timeout=30000"},
    {"wait for several", {"wait", "is:ok", "--count=3"}, NULL, NULL, "count=3"},
    {"wait for anything", {"wait", ""}, NULL, NULL, "filter= "},
    {"watch a file",
     {"watch", "a.jsonl", "--filter=is:ok"},
     NULL,
     NULL,
     "filter=is:ok format=text timeout=0 operands=a.jsonl,"},
    {"watch the journal",
     {"watch", "--since=1d", "--history=a"},
     NULL,
     NULL,
     "history=a,1 keep=604800000 part=1440m,never,0 "},
    {"watch a file though the journal is usual",
     {"watch", "a.jsonl"},
     "since = 1d\n",
     NULL,
     "operands=a.jsonl,"},
    {"watch standard input", {"watch", "-"}, NULL, NULL, "operands=-,"},
    {"filter of the screen",
     {"--filter", "is:failed or is:waiting"},
     NULL,
     NULL,
     "filter=is:failed or is:waiting "},
    {"the screen's filter in the file is not tail's",
     {"tail", "is:ok"},
     "filter = is:failed\n",
     NULL,
     "filter=is:ok "},
    {"filters",
     {NULL},
     "[filters]\n# those\ncaptcha pages = captcha -is:ok\nlate=created<2026-05-24T12:30\n",
     NULL,
     "filters=captcha pages(captcha -is:ok),late(created<2026-05-24T12:30),"},
    {"no filters", {NULL}, "[filters]\n", NULL, "filters="},
    {"NO_COLOR", {NULL}, NULL, "1", "color=0"},
    {"NO_COLOR when empty", {NULL}, NULL, "", "color=1"},
    {"NO_COLOR wins over the file", {NULL}, "no-color = no\n", "1", "color=0"},
};

Test(options, what_is_given_is_taken)
{
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct options options;
        char text[2048];
        write_config(accepted[i].config);
        unsetenv("NO_COLOR");
        if (accepted[i].no_color)
            setenv("NO_COLOR", accepted[i].no_color, 1);
        int status = read_words(&options, accepted[i].words);
        cr_expect_eq(status, -1, "%s: status %d, %s", accepted[i].name, status, err_text);
        if (status == -1) {
            describe(&options, text, sizeof text);
            cr_expect(strstr(text, accepted[i].expected), "%s: %s", accepted[i].name, text);
        }
        options_free(&options);
    }
}

static const struct {
    const char *name;
    const char *words[MAX_ARGS];
    const char *config;
    const char *expected[3]; /* parts of the message */
} refused[] = {
    {"unknown", {"--frobnicate"}, NULL, {"--frobnicate", "--help"}},
    {"typing mistake", {"--lisen", "1"}, NULL, {"--lisen ", "did you mean --listen?"}},
    {"beginning only", {"--secret-f", "x"}, NULL, {"did you mean --secret-file?"}},
    {"short one", {"-x"}, NULL, {"-x is not an option", "--help"}},
    {"short ones together", {"-hV"}, NULL, {"-h", "--help"}},
    {"no value", {"--listen"}, NULL, {"--listen ADDR:PORT"}},
    {"option as value", {"--listen", "--ascii"}, NULL, {"--listen ADDR:PORT"}},
    {"empty value of a filter", {"--filter="}, NULL, {"--filter", "it should be FILTER\n"}},
    {"empty value", {"--theme="}, NULL, {"--theme", "empty; it should be NAME\n"}},
    {"value of a flag", {"--ascii=yes"}, NULL, {"--ascii", "takes no value"}},
    {"size without sense", {"--memory", "lots"}, NULL, {"--memory", "\"lots\"", "256M"}},
    {"size of nothing", {"--memory", "3K"}, NULL, {"--memory", "1M"}},
    {"path without /", {"--path", "hook"}, NULL, {"--path", "/anchor/webhooks"}},
    {"view that is not there",
     {"--view", "jobs"},
     NULL,
     {"--view", "\"jobs\"", "events tasks sessions interventions batches identities deliveries"}},
    {"age without unit", {"--warn-after", "60"}, NULL, {"--warn-after", "\"60\"", "30s"}},
    {"age without sense", {"--alarm-after", "soon"}, NULL, {"--alarm-after", "\"soon\"", "5m"}},
    {"warning later than the alarm",
     {"--warn-after=10m"},
     NULL,
     {"--warn-after", "later than --alarm-after"}},
    {"rate 0", {"send", "--rate", "0"}, NULL, {"--rate", "\"0\""}},
    {"rate infinite", {"send", "--rate", "inf"}, NULL, {"--rate"}},
    {"rate not a number", {"send", "--rate", "nan"}, NULL, {"--rate"}},
    {"count negative", {"send", "--count", "-1"}, NULL, {"--count", "\"-1\""}},
    {"count too large", {"send", "--count", "99999999999999999999"}, NULL, {"--count"}},
    {"certificate without key", {"--tls-cert", "a"}, NULL, {"--tls-key is missing"}},
    {"key without certificate", {"--tls-key", "a"}, NULL, {"--tls-cert is missing"}},
    {"journal and none", {"--history=a", "--no-history"}, NULL, {"--history and --no-history"}},
    {"past without a journal",
     {"tail", "--since=1d", "--no-history"},
     NULL,
     {"--since", "--no-history"}},
    {"end of the past without a journal",
     {"tail", "--until=1d", "--no-history"},
     NULL,
     {"--until", "--no-history"}},
    {"only the past without a journal",
     {"tail", "--no-follow", "--no-history"},
     NULL,
     {"--no-follow", "--no-history"}},
    {"past that ends before it begins",
     {"tail", "--since=1h", "--until=2h"},
     NULL,
     {"--since is later than --until"}},
    {"time without sense",
     {"tail", "--since=soon"},
     NULL,
     {"--since", "\"soon\"", "\"yesterday 22:00\""}},
    {"past that is still to come",
     {"tail", "--since=2126-05-24"},
     NULL,
     {"--since is still to come", "yesterday 22:00"}},
    {"the past from an endpoint",
     {"tail", "--no-follow", "--listen=1"},
     NULL,
     {"--no-follow", "leave out --listen"}},
    {"the past from a path",
     {"tail", "--until=1h", "--path=/x"},
     NULL,
     {"--until", "leave out --path"}},
    {"wait for the past",
     {"wait", "x", "--no-follow"},
     NULL,
     {"--no-follow", "that is for tail and watch"}},
    {"part of a file", {"watch", "a", "--until=1h"}, NULL, {"watch takes one FILE"}},
    {"past for the screen",
     {"--since=1d"},
     NULL,
     {"anchortop without a command does not take --since; that is for tail and watch\n"}},
    {"age without a unit", {"--keep", "7"}, NULL, {"--keep", "\"7\"", "7d"}},
    {"age of nothing", {"--keep", "0s"}, NULL, {"--keep", "--no-history"}},
    {"demo with a journal", {"--demo", "--history=a"}, NULL, {"--history", "--demo"}},
    {"unknown command", {"frobnicate"}, NULL, {"\"frobnicate\"", "tail, wait, watch and send"}},
    {"mistyped command", {"tial"}, NULL, {"there is no command \"tial\"; did you mean tail?"}},
    {"mistyped command with operands",
     {"sned", "task.failed"},
     NULL,
     {"there is no command \"sned\"; did you mean send?"}},
    {"option without its dashes", {"listen", "8484"}, NULL, {"\"listen\"", "mean --listen?"}},
    {"demo as a command", {"demo"}, NULL, {"\"demo\"", "did you mean --demo?"}},
    {"filter without command", {"is:failed"}, NULL, {"\"is:failed\"", "--filter"}},
    {"type without command", {"task.failed"}, NULL, {"\"task.failed\"", "send"}},
    {"empty command", {""}, NULL, {"\"\"", "tail, wait, watch and send"}},
    {"operand without command", {"--ascii", "8484"}, NULL, {"\"8484\""}},
    {"receiver's option to send",
     {"send", "x", "--listen=1"},
     NULL,
     {"send does not take --listen; that is for anchortop without a command, tail and wait\n"}},
    {"one command's option to another",
     {"tail", "--count=1"},
     NULL,
     {"anchortop tail does not take --count; that is for wait and send\n"}},
    {"the screen's filter to tail",
     {"tail", "--filter", "is:failed"},
     NULL,
     {"anchortop tail", "--filter", "write the filter alone"}},
    {"the screen's filter to send",
     {"send", "x", "--filter", "is:failed"},
     NULL,
     {"--filter", "that is for anchortop without a command and watch\n"}},
    {"help for what is not there", {"help", "tial"}, NULL, {"did you mean tail?"}},
    {"help for what is not there, the other way", {"tial", "-h"}, NULL, {"did you mean tail?"}},
    {"sender's option to the receiver", {"--rate=1"}, NULL, {"--rate"}},
    {"demo with a secret", {"--demo", "--secret-file=a"}, NULL, {"--secret-file", "--demo"}},
    {"demo to the world", {"--demo", "--insecure"}, NULL, {"--insecure", "--demo"}},
    {"demo of the sender", {"--demo", "send"}, NULL, {"--demo", "send"}},
    {"config that is not there",
     {"--config", "/nowhere/config"},
     NULL,
     {"/nowhere/config", "--config"}},
    {"config that is a directory", {"--config", "/"}, NULL, {"configuration file /"}},
    {"unknown key", {NULL}, "# one\nlissten = 1\n", {"config:2:", "did you mean listen?"}},
    {"bad value in the file", {NULL}, "\nmemory = much\n", {"config:2:", "memory", "\"much\""}},
    {"bad flag in the file", {NULL}, "ascii = maybe\n", {"config:1:", "ascii", "yes nor no"}},
    {"line without =", {NULL}, "ascii = yes\nlisten 1\n", {"config:2:", "option = value"}},
    {"the first mistake is told", {NULL}, "listen 1\nmemory = x\n", {"config:1:"}},
    {"the first mistake is told, other way", {NULL}, "memory = x\nlisten 1\n", {"config:1:"}},
    {"section", {NULL}, "[filter]\n", {"config:1:", "[filter]", "[alert NAME] and [filters]"}},
    {"filter that is wrong",
     {NULL},
     "[filters]\ncheap = cost<0.01\nwaits = is:late\n",
     {"config:3: filter waits:", "no state \"late\"", "at character 4"}},
    {"filter that looks for a type in the text",
     {NULL},
     "[filters]\nfailures = task.failed\n",
     {"config:2: filter failures:", "did you mean type:task.failed?", "at character 1"}},
    {"filter that is empty", {NULL}, "[filters]\na =\n", {"config:2: filter a:", "empty"}},
    {"filter without a name", {NULL}, "[filters]\n= is:ok\n", {"config:2:", "name"}},
    {"filter with an odd name",
     {NULL},
     "[filters]\na\033[31mb = is:ok\n",
     {"config:2:", "control characters"}},
    {"filter with a long name",
     {NULL},
     "[filters]\na name of more than forty bytes is too long = is:ok\n",
     {"config:2:", "1 to 40 bytes"}},
    {"two filters of a name",
     {NULL},
     "[filters]\na = is:ok\n[alert x]\nfilter = is:failed\nbell = yes\n[filters]\na = is:failed\n",
     {"config:7:", "two filters a", "rename"}},
    {"option below the filters",
     {NULL},
     "[filters]\nlisten = a:b\n",
     {"config:2: filter listen:", "no field \"a\""}},
    {"section without its end", {NULL}, "[alert a\nbell = yes\n", {"config:1:", "[alert NAME]"}},
    {"section with blanks before", {NULL}, "ascii = no\n [alert a]\n", {"config:2:", "blanks"}},
    {"alert without name", {NULL}, "[alert ]\nbell = yes\n", {"config:1:", "name"}},
    {"alert that is empty", {NULL}, "# one\n[alert a]\n", {"config:2:", "alert a:", "filter"}},
    {"alert that does nothing",
     {NULL},
     "[alert a]\nfilter = is:ok\n\n[alert b]\nfilter = has:type\nbell = yes\n",
     {"config:1:", "alert a:", "bell = yes"}},
    {"key of no alert",
     {NULL},
     "[alert a]\nfilter = has:type\nlisten = 1\n",
     {"config:3:", "alert a:", "\"listen\""}},
    {"value of no alert",
     {NULL},
     "[alert a]\nfilter = has:type\nevery = often\n",
     {"config:3:", "alert a: every:", "\"often\""}},
    {"filter of no alert",
     {NULL},
     "[alert a]\nbell = yes\nfilter = is:ok task.failed\n",
     {"config:3:", "alert a: filter:", "did you mean type:task.failed?"}},
    {"two alerts of a name",
     {NULL},
     "[alert a]\nfilter = has:type\nbell = yes\n[alert a]\nfilter = has:type\nflash = yes\n",
     {"config:4:", "alert a:", "rename"}},
    {"not for the file", {NULL}, "demo = yes\n", {"config:1:", "demo", "command line only"}},
    {"wrong though not taken", {"send", "x"}, "memory = x\n", {"config:1:", "memory"}},
    {"wrong though overruled", {"--memory=1M"}, "memory = x\n", {"config:1:", "memory"}},
    {"wait for what", {"wait"}, NULL, {"wait needs a FILTER"}},
    {"watch what", {"watch"}, NULL, {"watch takes one FILE", "standard input"}},
    {"watch a file and the journal",
     {"watch", "a", "--since=1d"},
     NULL,
     {"watch takes one FILE", "--since TIME"}},
    {"watch two", {"watch", "a", "b"}, NULL, {"watch takes one FILE"}},
    {"watch with an endpoint", {"watch", "a", "--listen=1"}, NULL, {"--listen", "anchortop watch"}},
    {"tail for a time", {"tail", "--timeout", "1s"}, NULL, {"--timeout", "anchortop tail"}},
    {"time without a unit", {"wait", "x", "--timeout", "30"}, NULL, {"--timeout", "\"30\"", "30s"}},
    {"format that is not there", {"tail", "--format=xml"}, NULL, {"--format", "text json"}},
    {"wrong filter of tail",
     {"tail", "is:ok", "typ:x"},
     NULL,
     {"\"typ\"", "  is:ok typ:x\n        ^~~\n"}},
    {"wrong filter of the screen", {"--filter", "(is:ok"}, NULL, {"anchortop: the filter: ", "^"}},
    {"wrong filter in the file", {"watch", "a"}, "filter = is:\n", {"the filter: "}},
    {"mark under wide characters", {"tail", "世界 typ:x"}, NULL, {"  世界 typ:x\n       ^~~\n"}},
    {"mark behind what is hidden", {"tail", "\033 typ:x"}, NULL, {"  ␛ typ:x\n    ^~~\n"}},
    {"certificate from the file alone", {NULL}, "tls-cert = a\n", {"--tls-key is missing"}},
};

/* At any time of the day that a test may run. */
Test(options, a_moment_stands_for_all_of_its_length)
{
    static const struct {
        const char *text;
        int64_t first_ms, last_ms; /* since the day began in UTC that is named */
    } rows[] = {
        {"2026-05-24", 0, 86400000 - 1},
        {"2026-05-24T03", 3 * 3600000, 4 * 3600000 - 1},
        {"2026-05-24 03:10", 11400000, 11460000 - 1},
        {"2026-05-24T03:10:05Z", 11405000, 11406000 - 1},
    };
    const int64_t day_ms = 1779580800000;
    setenv("TZ", "UTC", 1);
    tzset();
    write_config(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct options options;
        const char *words[] = {"tail", "--since", rows[i].text, "--until", rows[i].text, NULL};
        cr_expect_eq(read_words(&options, words), -1, "%s", err_text);
        cr_expect_eq(options.since.first_ms - day_ms, rows[i].first_ms, "%s", rows[i].text);
        cr_expect_eq(options.until.last_ms - day_ms, rows[i].last_ms, "%s", rows[i].text);
        cr_expect(options.no_follow);
        options_free(&options);
    }
}

Test(options, wrong_use_is_explained)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct options options;
        write_config(refused[i].config);
        int status = read_words(&options, refused[i].words);
        cr_expect_eq(status, EXIT_USAGE, "%s: status %d", refused[i].name, status);
        cr_expect_eq(strncmp(err_text, "anchortop: ", 11), 0, "%s: %s", refused[i].name, err_text);
        for (size_t e = 0; e < 3 && refused[i].expected[e]; e++)
            cr_expect(strstr(err_text, refused[i].expected[e]), "%s: \"%s\" is missing in: %s",
                      refused[i].name, refused[i].expected[e], err_text);
        options_free(&options);
    }
}

static const struct {
    const char *words[MAX_ARGS], *said; /* "": nothing */
} doubted[] = {
    {{"wait", "type:task.fial"},
     "anchortop: the filter: anchortop knows no type \"task.fial\"; did you mean task.failed?\n"},
    {{"tail", "type:task.failed,sesion"},
     "anchortop: the filter: anchortop knows no type \"sesion\"; did you mean session?\n"},
    {{"tail", "type:task.failed"}, ""},
    {{"tail", "type:export.ready"}, ""},
    {{"tail", "task.fial"}, ""},
    {{"--filter=type:task.fial"}, ""},
};

Test(options, a_type_that_is_near_another_is_doubted_and_taken)
{
    write_config(NULL);
    for (size_t i = 0; i < sizeof doubted / sizeof *doubted; i++) {
        struct options options;
        cr_expect_eq(read_words(&options, doubted[i].words), -1, "%s", err_text);
        cr_expect_str_eq(err_text, doubted[i].said, "%s: %s", doubted[i].words[1], err_text);
        options_free(&options);
    }
}

Test(options, a_secret_is_never_taken_nor_repeated)
{
    static const char *const words[][MAX_ARGS] = {
        {"--secret", "c0ffee"},  {"--secret=c0ffee"},         {"--secrets=c0ffee"},
        {"--secret-fil=c0ffee"}, {"--signing-secret=c0ffee"}, {"--webhook-secret", "c0ffee"}};
    struct options options;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        cr_expect_eq(read_words(&options, words[i]), EXIT_USAGE);
        cr_expect(strstr(err_text, "secret-file"), "%s: %s", words[i][0], err_text);
        cr_expect_not(strstr(err_text, "c0ffee"), "%s: %s", words[i][0], err_text);
        options_free(&options);
    }
    write_config("secret = c0ffee\n");
    cr_expect_eq(read_words(&options, (const char *[]){NULL}), EXIT_USAGE);
    cr_expect(strstr(err_text, "ANCHOR_WEBHOOK_SECRET"), "%s", err_text);
    cr_expect_not(strstr(err_text, "c0ffee"), "%s", err_text);
    options_free(&options);
}

Test(options, a_long_line_of_the_file_is_not_read_as_two)
{
    char text[400] = "listen = ";
    struct options options;
    memset(text + 9, '1', 300);
    write_config(text);
    cr_expect_eq(read_words(&options, (const char *[]){NULL}), EXIT_USAGE);
    cr_expect(strstr(err_text, "config:1: the line is too long"), "%s", err_text);
    options_free(&options);
}

Test(options, there_can_be_64_filters)
{
    char text[4096] = "[filters]\n";
    struct options options;
    for (int i = 0; i < NAMED_FILTERS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "f%d = cost>%d\n", i, i);
    write_config(text);
    cr_expect_eq(read_words(&options, (const char *[]){NULL}), -1, "%s", err_text);
    cr_expect_eq(options.filters.count, NAMED_FILTERS_MAX);
    options_free(&options);
    snprintf(text + strlen(text), sizeof text - strlen(text), "more = is:ok\n");
    write_config(text);
    cr_expect_eq(read_words(&options, (const char *[]){NULL}), EXIT_USAGE);
    cr_expect(strstr(err_text, "config:66: there can be 64 named filters"), "%s", err_text);
    options_free(&options);
}
