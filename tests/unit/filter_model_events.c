/*
 * Random events.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "filter_model_random.h"
#include "filter_model_words.h"

static void put_space(struct out *out)
{
    static const char *const spaces[] = {" ", "\n", "\t", "  ", "\r\n"};
    if (once_in(6))
        put(out, PICK(spaces));
}

static void put_text_value(struct out *out)
{
    char text[256] = "";
    struct out inner = {text, 0, sizeof text};
    put_text(&inner);
    if (once_in(5)) {
        put(&inner, " ");
        put_text(&inner);
    }
    put_quoted(out, text, false);
}

static void put_value(struct out *out, unsigned depth);

static void put_members(struct out *out, unsigned depth, bool object)
{
    unsigned count = random_below(4);
    put(out, object ? "{" : "[");
    for (unsigned i = 0; i < count; i++) {
        put(out, i > 0 ? "," : "");
        put_space(out);
        if (object) {
            put_quoted(out, PICK(keys), false);
            put_space(out);
            put(out, ":");
            put_space(out);
        }
        put_value(out, depth + 1);
        put_space(out);
    }
    put(out, object ? "}" : "]");
}

static void put_value(struct out *out, unsigned depth)
{
    static const char *const names[] = {"null", "true", "false"};
    unsigned kind = random_below(depth < 4 ? 10 : 5);
    if (kind < 2)
        put(out, PICK(numbers));
    else if (kind < 4)
        put_text_value(out);
    else if (kind == 4)
        put(out, PICK(names));
    else
        put_members(out, depth, kind < 8);
}

/* What usually stands at a key of the catalogue. */
static void put_usual(struct out *out, const char *key)
{
    static const char *const costs[][2] = {
        {"{\"amount\":", ",\"currency\":\"USD\"}"},
        {"{\"currency\": \"eur\", \"amount\": ", "}"},
        {"{\"amount\":", "}"},
        {"", ""},
        {"{\"amount\":", ",\"currency\":null}"},
        {"{\"currency\":\"\",\"amount\":", "}"},
    };
    static const char *const errors[] = {"type", "message", "root_cause"};
    char text[128];
    if (strcmp(key, "cost") == 0) {
        const char *const *cost = PICK(costs);
        put(out, cost[0]);
        put(out, PICK(numbers));
        put(out, cost[1]);
    } else if (strcmp(key, "error") == 0 && once_in(2)) {
        put(out, "{");
        for (size_t i = 0; i < 3; i++) {
            snprintf(text, sizeof text, "%s\"%s\":", i > 0 ? "," : "", errors[i]);
            put(out, text);
            once_in(6) ? put_value(out, 3) : put_text_value(out);
        }
        put(out, "}");
    } else if (strcmp(key, "output") == 0 && once_in(2)) {
        put(out, "{\"value\":");
        put_value(out, 2);
        put(out, "}");
    } else if (strcmp(key, "artifacts") == 0 || strcmp(key, "domains") == 0) {
        unsigned count = random_below(3);
        put(out, "[");
        for (unsigned i = 0; i < count; i++) {
            put(out, i > 0 ? "," : "");
            put(out, *key == 'a' ? "{\"name\":" : "");
            once_in(8) ? put_value(out, 3) : put_text_value(out);
            put(out, *key == 'a' ? ",\"size\":5}" : "");
        }
        put(out, "]");
    } else if (strcmp(key, "published_as_draft") == 0) {
        put(out, once_in(2) ? "true" : "false");
    } else if (strstr(key, "_ms") || strstr(key, "bytes") || strstr(key, "steps") ||
               strstr(key, "count") || strstr(key, "requests") || strstr(key, "score") ||
               strstr(key, "shots")) {
        put(out, PICK(numbers));
    } else {
        put_text_value(out);
    }
}

static bool is_json_number(const char *text)
{
    size_t length = model_number_length(text, true, true), sign = *text == '-';
    bool zeros = text[sign] == '0' && isdigit((unsigned char)text[sign + 1]);
    return length > 0 && text[length] == '\0' && !zeros;
}

/* The text, or one that is not far from it. */
static void put_near_text(struct out *out, const char *value)
{
    char text[160];
    snprintf(text, sizeof text, "%s%s%s", once_in(12) ? "x" : "", value, once_in(5) ? "-more" : "");
    for (char *at = text; *at != '\0'; at++)
        if (isalpha((unsigned char)*at) && once_in(6))
            *at ^= 0x20; /* the other case */
    put_quoted(out, text, false);
}

/* A moment within some hours of a time. */
static int64_t moment_near(const char *value)
{
    struct when when;
    if (!model_when(value, &when) || when.relative)
        return random_moment();
    return model_span(&when, 0).first + ((int64_t)random_below(37) - 18) * 600000;
}

/* A time near another one, as some clock reads it; or any. */
static void put_some_time(struct out *out, const char *value)
{
    char text[64];
    struct tm tm;
    time_t moment = (time_t)(moment_near(value) / 1000);
    bool local = once_in(2);
    if (once_in(3)) {
        put_time(out);
        return;
    }
    local ? localtime_r(&moment, &tm) : gmtime_r(&moment, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M", &tm);
    put(out, text);
    put(out, local ? "" : "Z");
}

/* What satisfies the wish, or nearly so. */
static void put_wished(struct out *out, const struct wish *wish)
{
    static const char *const ms[] = {"30000", "4218",  "90000",   "300000",  "60000",   "1000",
                                     "0",     "-1000", "1.5",     "-5",      "3600000", "777600000",
                                     "5000",  "1e3",   "30000.0", "1800000", "1005"};
    static const char *const bytes[] = {"10000000", "2621440", "2097152", "1024", "5",
                                        "1000",     "512",     "1025",    "0",    "1099511627776"};
    static const char *const parts[] = {"0.9", "0.90", "9e-1", "0.5", "1", "0", "1.0", "0.89", "2"};
    static const char *const amounts[] = {"0.01", "0.012", "5", "-1", "1e-2", "0.0100", "4.99"};
    const char *number = wish->kind == KIND_DURATION ? PICK(ms)
                         : wish->kind == KIND_SIZE   ? PICK(bytes)
                         : wish->kind == KIND_SHARE  ? PICK(parts)
                         : wish->kind == KIND_MONEY  ? PICK(amounts)
                                                     : PICK(numbers);
    struct when when;
    bool text = wish->kind == KIND_TEXT || wish->kind == KIND_VALUE || wish->kind == KIND_TIME;
    bool list = wish->kind == KIND_LIST || wish->kind == KIND_FILES;
    if (list) {
        put(out, !once_in(3) ? "[" : wish->kind == KIND_FILES ? "[{}," : "[\"a\",");
        put(out, wish->kind == KIND_FILES ? "{\"name\":" : "");
        put_near_text(out, wish->value);
        put(out, wish->kind == KIND_FILES ? "}]" : "]");
    } else if (wish->kind == KIND_FLAG) {
        put(out, once_in(2) ? "true" : "false");
    } else if (is_json_number(wish->value) && !once_in(3)) {
        put(out, wish->value);
    } else if (wish->kind == KIND_VALUE && model_when(wish->value, &when) && once_in(2)) {
        char text_of_time[96] = "";
        put_some_time(&(struct out){text_of_time, 0, sizeof text_of_time}, wish->value);
        put_quoted(out, text_of_time, false);
    } else if (wish->kind == KIND_VALUE && once_in(6)) {
        put(out, once_in(2) ? PICK(ms) : PICK(bytes));
    } else if (text) {
        put_near_text(out, wish->value);
    } else {
        put(out, number);
    }
}

/* A member that leads to what is wished for, through arrays now and then. */
static void put_leading(struct out *out, const struct wish *wish, size_t next)
{
    if (next == wish->count) {
        put_wished(out, wish);
        return;
    }
    char key[256];
    bool index = isdigit((unsigned char)*wish->keys[next]) && once_in(2);
    if (index || once_in(8)) {
        put(out, index && *wish->keys[next] == '1' ? "[null," : "[");
        put_leading(out, wish, next + index);
        put(out, once_in(3) ? ",5]" : "]");
        return;
    }
    bool joined = next + 1 < wish->count && once_in(6);
    snprintf(key, sizeof key, "%s%s%s", wish->keys[next], joined ? "." : "",
             joined ? wish->keys[next + 1] : "");
    put(out, "{");
    put_quoted(out, key, false);
    put(out, ":");
    put_leading(out, wish, next + 1 + joined);
    put(out, "}");
}

static void put_wish(struct out *out, const struct wish *wish)
{
    char text[1024] = "";
    struct out inner = {text, 0, sizeof text};
    if (wish->count < 2 || strcmp(wish->keys[0], "data") != 0 || once_in(4))
        return;
    do {
        inner.length = 0;
        put_leading(&inner, wish, 1);
    } while (*text != '{'); /* the data is an object */
    text[inner.length - 1] = ',';
    put(out, text + 1);
}

static void put_data(struct out *out)
{
    unsigned count = random_below(9);
    put(out, "{");
    for (size_t i = 0; i < wish_count; i++)
        put_wish(out, &wishes[i]);
    count += out->text[out->length - 1] == ','; /* which another one must follow */
    for (unsigned i = 0; i < count; i++) {
        bool usual = once_in(2);
        const char *key = usual ? PICK(data_keys) : PICK(keys);
        put(out, i > 0 ? "," : "");
        put_space(out);
        put_quoted(out, key, false);
        put(out, ":");
        usual && !once_in(7) ? put_usual(out, key) : put_value(out, 1);
    }
    put(out, "}");
}

static void put_optional(struct out *out, const char *key, bool time)
{
    char text[96] = "";
    struct out inner = {text, 0, sizeof text};
    if (once_in(5))
        return;
    put(out, ",");
    put_space(out);
    put_quoted(out, key, false);
    put(out, ":");
    const struct wish *wish = wish_count > 0 ? &wishes[random_below((unsigned)wish_count)] : NULL;
    if (once_in(12)) {
        put_value(out, 2);
    } else if (wish != NULL && wish->count == 1 && strcmp(wish->keys[0], key) == 0 &&
               (!time || once_in(4))) {
        put_near_text(out, wish->value);
    } else if (time && !once_in(6)) {
        bool near = wish != NULL && wish->kind == KIND_TIME && !once_in(4);
        time_t moment = (time_t)((near ? moment_near(wish->value) : random_moment()) / 1000);
        struct tm tm;
        gmtime_r(&moment, &tm);
        static const char *const ends[] = {"Z", ".123Z", "+02:00", ".5-0330", ".123456789Z"};
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
        strcat(text, PICK(ends));
        put_quoted(out, text, false);
    } else if (time) {
        put_time(&inner);
        put_quoted(out, text, false);
    } else {
        put_text_value(out);
    }
}

void random_event(char *text, size_t size)
{
    struct out out = {text, 0, size};
    static const char *const ids[] = {"evt_1", "EVT_é", "ses_8d2c1fda", "a", "8421"};
    put(&out, "{\"id\":");
    put_quoted(&out, PICK(ids), false);
    put(&out, ",\"type\":");
    const struct wish *wish = wish_count > 0 && once_in(2) ? &wishes[0] : NULL;
    bool typed = wish != NULL && wish->count == 1 && strcmp(wish->keys[0], "type") == 0;
    put_quoted(&out, typed && *wish->value != '\0' ? wish->value : PICK(types), false);
    put_optional(&out, "created", true);
    put_optional(&out, "project_id", false);
    put_optional(&out, "text", false);
    if (!once_in(12)) {
        put(&out, ",\"data\":");
        once_in(15) ? put_value(&out, 0) : put_data(&out);
    }
    put_optional(&out, PICK(keys), false);
    put_space(&out);
    for (unsigned i = once_in(100) ? 2500 : 0; i > 0; i--)
        put(&out, "       \n"); /* longer than what is decided at a glance */
    put(&out, "}");
}
